use khaacho_fault::Fault;
use khaacho_proto::order::v1 as pb;
use khaacho_rpc::Ctx;

use super::{Replied, moved};
use crate::domain::accept_order::AcceptOrder;
use crate::service::Service;

/// Parses, runs and renders `AcceptOrder`.
pub async fn run(
    service: &Service,
    ctx: Ctx,
    body: pb::AcceptOrderRequest,
) -> Result<Replied<pb::AcceptOrderResponse>, Fault> {
    let ctx = ctx.requested(&body.request_id)?;
    let vendor_id = answering(&ctx, body.vendor_id)?;
    let command = AcceptOrder { order: body.order, vendor_id };
    let order = moved(service, &ctx, command).await?;
    Ok(Replied { body: pb::AcceptOrderResponse { order: Some(order.body) }, replayed: order.replayed })
}

/// Who answers: a vendor speaks for himself only, an operator for the named one or whoever is asked.
pub fn answering(ctx: &Ctx, vendor_id: String) -> Result<Option<String>, Fault> {
    let named = Some(vendor_id).filter(|v| !v.is_empty());
    match ctx.principal().own_vendor() {
        None => Ok(named),
        Some(own) if named.as_deref().is_none_or(|v| v == own) => Ok(Some(own.to_owned())),
        Some(_) => Err(Fault::forbidden()),
    }
}
