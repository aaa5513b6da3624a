use khaacho_fault::Fault;
use khaacho_proto::order::v1 as pb;
use khaacho_rpc::Ctx;

use super::moved;
use crate::domain::complete_order::CompleteOrder;
use crate::service::Service;

/// Parses, runs and renders `CompleteOrder`.
pub async fn run(
    service: &Service,
    ctx: Ctx,
    body: pb::CompleteOrderRequest,
) -> Result<pb::CompleteOrderResponse, Fault> {
    let ctx = ctx.requested(&body.request_id)?;
    let command = CompleteOrder {
        order: body.order,
        own_account: ctx.principal().own_account().map(str::to_owned),
        own_vendor: ctx.principal().own_vendor().map(str::to_owned),
        expected_version: body.expected_version,
    };
    let order = moved(service, &ctx, command).await?;
    Ok(pb::CompleteOrderResponse { order: Some(order) })
}
