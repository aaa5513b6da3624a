use khaacho_fault::Fault;
use khaacho_proto::order::v1 as pb;
use khaacho_rpc::Ctx;

use super::accept_order::answering;
use super::moved;
use super::receive_message::clean;
use crate::domain::decline_order::DeclineOrder;
use crate::service::Service;

/// Parses, runs and renders `DeclineOrder`.
pub async fn run(
    service: &Service,
    ctx: Ctx,
    body: pb::DeclineOrderRequest,
) -> Result<pb::DeclineOrderResponse, Fault> {
    let ctx = ctx.requested(&body.request_id)?;
    let vendor_id = answering(service, &ctx, &body.order, body.vendor_id).await?;
    let command = DeclineOrder {
        order: body.order,
        vendor_id,
        reason: limited(body.reason)?,
    };
    let order = moved(service, &ctx, command).await?;
    Ok(pb::DeclineOrderResponse { order: Some(order) })
}

/// Longest reason that is kept.
const REASON_CHARS_MAX: usize = 500;

/// A reason without surrounding blanks. Errors when it is longer than 500 characters.
pub fn limited(reason: String) -> Result<String, Fault> {
    if reason.chars().count() > REASON_CHARS_MAX {
        return Err(Fault::invalid("reason", "must have at most 500 characters"));
    }
    Ok(clean(reason).trim().to_owned())
}
