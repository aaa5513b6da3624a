use khaacho_fault::Fault;
use khaacho_proto::order::v1 as pb;
use khaacho_rpc::Ctx;

use super::moved;
use crate::domain::pack_order::PackOrder;
use crate::service::Service;

/// Parses, runs and renders `PackOrder`.
pub async fn run(
    service: &Service,
    ctx: Ctx,
    body: pb::PackOrderRequest,
) -> Result<pb::PackOrderResponse, Fault> {
    let ctx = ctx.requested(&body.request_id)?;
    let own_vendor = ctx.principal().own_vendor().map(str::to_owned);
    let command = PackOrder {
        order: body.order,
        own_vendor,
        expected_version: body.expected_version,
    };
    let order = moved(service, &ctx, command).await?;
    Ok(pb::PackOrderResponse { order: Some(order) })
}
