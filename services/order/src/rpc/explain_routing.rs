use khaacho_fault::Fault;
use khaacho_proto::order::v1 as pb;
use khaacho_rpc::Ctx;

use super::{render, timestamp};
use crate::service::Service;
use crate::store::explain_routing::decisions;

/// Every choice of a vendor for an order, with all candidates and scores.
pub async fn run(
    service: &Service,
    ctx: Ctx,
    body: pb::ExplainRoutingRequest,
) -> Result<pb::ExplainRoutingResponse, Fault> {
    let order = service.visible_order(&ctx, &body.order).await?;
    let rows = decisions(service.door.db().pool(), &order.order_id).await?;
    let decisions = rows
        .iter()
        .map(|row| pb::RoutingDecision {
            attempt: row.attempt.unsigned_abs(),
            vendor_id: row.vendor_id.clone(),
            method: row.method.clone(),
            weights_version: row.weights_version.clone(),
            candidates: row.candidates.iter().map(render::candidate).collect(),
            decided_at: Some(timestamp(row.decided_at)),
            answer: row.answer.clone(),
            answer_reason: row.answer_reason.clone(),
        })
        .collect();
    Ok(pb::ExplainRoutingResponse { decisions })
}
