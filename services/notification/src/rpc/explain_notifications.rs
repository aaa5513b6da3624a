use khaacho_fault::Fault;
use khaacho_proto::notification::v1 as pb;
use khaacho_rpc::{Answer, open};
use tonic::{Request, Response};

use super::{Rpc, timestamp};
use crate::domain::view::View;
use crate::store;

/// Most causes of one request.
const CAUSES_MAX: usize = 200;
/// Longest cause in bytes; ids have 36.
const CAUSE_MAX: usize = 255;

pub(super) async fn explain_notifications(
    rpc: &Rpc,
    request: Request<pb::ExplainNotificationsRequest>,
) -> Answer<pb::ExplainNotificationsResponse> {
    let (_ctx, body) = open(request)?;
    let order_id = body.order_id.parse();
    let order_id = order_id.map_err(|_| Fault::invalid("order_id", "must be an order id, ord_…"))?;
    let bad = |cause: &String| cause.is_empty() || cause.len() > CAUSE_MAX;
    if body.cause_ids.len() > CAUSES_MAX || body.cause_ids.iter().any(bad) {
        let limits = format!("must be at most {CAUSES_MAX}, each of 1 to {CAUSE_MAX} bytes");
        return Err(Fault::invalid("cause_ids", limits).into());
    }
    let pool = rpc.door.db().pool();
    let rows = store::list_notifications::of_story(pool, order_id, &body.cause_ids).await?;
    Ok(Response::new(pb::ExplainNotificationsResponse {
        events: rows.into_iter().map(event).collect(),
    }))
}

fn event(row: View) -> pb::NotificationEvent {
    pb::NotificationEvent {
        at: Some(timestamp(row.created_at)),
        kind: "message_out".to_owned(),
        summary: summary(&row),
        id: row.id.to_string(),
        cause_id: row.cause,
        trace_id: row.trace_id,
    }
}

/// `order_placed to +97798****567 by meta: FAILED (131026 undeliverable)`.
fn summary(row: &View) -> String {
    let View {
        template,
        to_masked,
        provider,
        ..
    } = row;
    let mut line = format!("{template} to {to_masked} by {provider}: {}", row.state.as_str());
    let why = [&row.error_code, &row.error_text]
        .into_iter()
        .flatten()
        .map(String::as_str);
    let why = why.collect::<Vec<_>>().join(" ");
    if !why.is_empty() {
        line.push_str(&format!(" ({why})"));
    }
    line
}
