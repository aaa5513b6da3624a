use khaacho_fault::Fault;
use khaacho_proto::order::v1 as pb;
use khaacho_rpc::Ctx;

use super::decline_order::limited;
use super::moved;
use crate::domain::cancel_order::{By, CancelOrder};
use crate::service::Service;

/// Parses, runs and renders `CancelOrder`.
pub async fn run(
    service: &Service,
    ctx: Ctx,
    body: pb::CancelOrderRequest,
) -> Result<pb::CancelOrderResponse, Fault> {
    let ctx = ctx.requested(&body.request_id)?;
    let own_account = ctx.principal().own_account().map(str::to_owned);
    let command = CancelOrder {
        order: body.order,
        by: if own_account.is_some() {
            By::Buyer
        } else {
            By::Operator
        },
        own_account,
        reason: limited(body.reason)?,
        expected_version: body.expected_version,
    };
    let order = moved(service, &ctx, command).await?;
    Ok(pb::CancelOrderResponse { order: Some(order) })
}
