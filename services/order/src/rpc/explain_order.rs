use khaacho_fault::Fault;
use khaacho_proto::order::v1 as pb;
use khaacho_rpc::Ctx;

use super::{Replied, render, timestamp};
use crate::service::Service;
use crate::store::explain_order::story;

/// The whole story of an order: this service's rows and those of its peers, oldest first.
pub async fn run(
    service: &Service,
    ctx: Ctx,
    body: pb::ExplainOrderRequest,
) -> Result<Replied<pb::ExplainOrderResponse>, Fault> {
    let order = service.visible_order(&ctx, &body.order).await?;
    let own = story(service.door.db().pool(), &order.order_id).await?;
    let (theirs, missing) = service.peers.stories(&ctx, &order.order_id).await;
    let mut entries: Vec<pb::TimelineEntry> = own
        .into_iter()
        .map(|row| pb::TimelineEntry {
            at: Some(timestamp(row.at)),
            service: "order".to_owned(),
            kind: row.kind,
            summary: row.summary,
            id: row.id,
            cause_id: row.cause,
            trace_id: row.trace_id,
        })
        .collect();
    entries.extend(theirs.into_iter().map(|row| pb::TimelineEntry {
        at: row.at,
        service: row.service.to_owned(),
        kind: row.kind,
        summary: row.summary,
        id: row.id,
        cause_id: row.cause,
        trace_id: row.trace_id,
    }));
    entries.sort_by_key(|e| e.at.map_or((0, 0), |at| (at.seconds, at.nanos)));
    Ok(Replied::first(pb::ExplainOrderResponse {
        order: Some(render::order(&order)),
        entries,
        missing,
    }))
}
