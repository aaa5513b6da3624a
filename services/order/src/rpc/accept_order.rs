use khaacho_fault::Fault;
use khaacho_proto::order::v1 as pb;
use khaacho_rpc::Ctx;

use super::moved;
use crate::domain::Refusal;
use crate::domain::accept_order::AcceptOrder;
use crate::service::Service;
use crate::store::get_order;

/// Parses, runs and renders `AcceptOrder`.
pub async fn run(
    service: &Service,
    ctx: Ctx,
    body: pb::AcceptOrderRequest,
) -> Result<pb::AcceptOrderResponse, Fault> {
    let ctx = ctx.requested(&body.request_id)?;
    let vendor_id = answering(service, &ctx, &body.order, body.vendor_id).await?;
    let command = AcceptOrder {
        order: body.order,
        vendor_id,
    };
    let order = moved(service, &ctx, command).await?;
    Ok(pb::AcceptOrderResponse { order: Some(order) })
}

/// Who answers: a vendor speaks for himself only, an operator for the named one or whoever is asked. An order that a
/// vendor was never asked for does not exist for him.
pub async fn answering(
    service: &Service,
    ctx: &Ctx,
    order: &str,
    vendor_id: String,
) -> Result<Option<String>, Fault> {
    let named = Some(vendor_id).filter(|v| !v.is_empty());
    let Some(own) = ctx.principal().own_vendor() else {
        return Ok(named);
    };
    if named.is_some_and(|v| v != own) {
        return Err(Fault::forbidden());
    }
    let pool = service.door.db().pool();
    let order = get_order::find(pool, order).await?.ok_or(Refusal::OrderUnknown)?;
    if !get_order::asked_vendors(pool, &order.order_id)
        .await?
        .iter()
        .any(|v| v == own)
    {
        return Err(Refusal::OrderUnknown.into());
    }
    Ok(Some(own.to_owned()))
}
