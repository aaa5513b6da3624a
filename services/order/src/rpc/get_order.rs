use khaacho_fault::Fault;
use khaacho_proto::order::v1 as pb;
use khaacho_rpc::Ctx;

use super::render;
use crate::service::Service;

/// Reads one order.
pub async fn run(
    service: &Service,
    ctx: Ctx,
    body: pb::GetOrderRequest,
) -> Result<pb::GetOrderResponse, Fault> {
    let order = service.visible_order(&ctx, &body.order).await?;
    Ok(pb::GetOrderResponse {
        order: Some(render::order(&order)),
    })
}
