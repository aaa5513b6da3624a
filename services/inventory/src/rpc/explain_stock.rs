use khaacho_ids::{OrderId, ReservationId, VendorId};
use khaacho_money::Quantity;
use khaacho_proto::inventory::v1 as pb;
use khaacho_rpc::{Answer, open};
use tonic::{Request, Response};

use super::render::timestamp;
use super::{Rpc, parse};
use crate::store::explain_stock::{StoryRow, story};
use crate::store::list_moves::MoveRow;

pub(super) async fn explain_stock(
    rpc: &Rpc,
    request: Request<pb::ExplainStockRequest>,
) -> Answer<pb::ExplainStockResponse> {
    let (_, body) = open(request)?;
    let order: OrderId = parse::field("order_id", &body.order_id)?;
    let (reservations, moves) = story(rpc.db(), order).await?;
    let made = reservations.iter().map(made);
    let ended = reservations.iter().filter_map(ended);
    let mut events: Vec<pb::StockEvent> = made.chain(moves.iter().map(moved)).chain(ended).collect();
    // stable: what happened in one transaction stays in the order made, moved, ended
    events.sort_by_key(|event| event.at.map(|at| (at.seconds, at.nanos)));
    Ok(Response::new(pb::ExplainStockResponse { events }))
}

fn made(row: &StoryRow) -> pb::StockEvent {
    let summary = match &row.vendor_code {
        Some(vendor) => format!(
            "attempt {}: {} products reserved at {vendor}",
            row.attempt, row.lines
        ),
        None => format!("attempt {}: released before it was made", row.attempt),
    };
    pb::StockEvent {
        at: Some(timestamp(row.created_at)),
        kind: "reservation".to_owned(),
        summary,
        id: ReservationId::from(row.reservation_id).to_string(),
        cause_id: row.cause.clone(),
        trace_id: row.trace_id.clone(),
    }
}

fn ended(row: &StoryRow) -> Option<pb::StockEvent> {
    let because = match row.closed_reason.as_str() {
        "" => String::new(),
        reason => format!(" ({reason})"),
    };
    Some(pb::StockEvent {
        at: Some(timestamp(row.closed_at?)),
        kind: "reservation".to_owned(),
        summary: format!("attempt {}: {}{because}", row.attempt, row.state.to_lowercase()),
        id: ReservationId::from(row.reservation_id).to_string(),
        cause_id: row.closed_cause.clone(),
        trace_id: row.closed_trace_id.clone(),
    })
}

fn moved(row: &MoveRow) -> pb::StockEvent {
    let change = |name: &str, milli: i64| {
        let sign = if milli > 0 { "+" } else { "" };
        (milli != 0).then(|| format!("{name} {sign}{}", Quantity::from_milli(milli)))
    };
    let changes: Vec<String> = [
        change("on hand", row.on_hand_delta_milli),
        change("promised", row.reserved_delta_milli),
    ]
    .into_iter()
    .flatten()
    .collect();
    pb::StockEvent {
        at: Some(timestamp(row.at)),
        kind: "stock_move".to_owned(),
        summary: format!("{} {}: {}", row.kind, row.sku, changes.join(", ")),
        id: format!("{}/{}/{}", VendorId::from(row.vendor_id), row.sku, row.seq),
        cause_id: row.cause.clone(),
        trace_id: row.trace_id.clone(),
    }
}
