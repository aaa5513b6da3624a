//! Writing a change of an order: the row, its events, its notices.

use khaacho_durable::Tx;
use khaacho_fault::Fault;
use sqlx::types::Json;

use super::enqueue_notices;
use super::order_row::uuid;
use crate::domain::answer::Answer;
use crate::domain::{Change, Order, Status};

/// Writes a change of an order that is locked, and its moves behind whatever stands last in its history. The version
/// of the row must be the one before.
pub async fn write(tx: &mut Tx, change: &Change) -> Result<(), Fault> {
    let order = &change.order;
    let id = uuid(&order.order_id)?;
    let (actor, cause, trace) = (
        tx.ctx().principal().subject.clone(),
        tx.ctx().cause().to_owned(),
        tx.ctx().trace().trace_id(),
    );
    let now = tx.now();
    let moves: Vec<&str> = change.moves.iter().map(|s| s.name()).collect();
    let written = sqlx::query(
        "with written as (
         update orders.purchase_order set status = $2, version = $3, vendor_id = $4, vendor = $5,
             reservation_attempt = $6, offers = $7, vendor_paisa = $8, updated_at = $9, delivered_at = $10,
             invoice_number = $11, due_at = $12, vendor_deadline_at = $13, reason = $14, reason_text = $15,
             needs_operator = $16
         where id = $1 and version = $3 - 1 returning id),
         told as (
             insert into orders.order_event (order_id, n, from_status, to_status, actor, note, cause, trace_id, at)
             select w.id, last.n + m.i, coalesce((($17::text[])[m.i - 1]), last.to_status), m.to_status,
                 $18, $19, $20, $21, $22
             from written w
             cross join lateral (
                 select e.n, e.to_status from orders.order_event e
                 where e.order_id = w.id order by e.n desc limit 1) last
             cross join unnest($17::text[]) with ordinality as m (to_status, i)
             order by m.i)
         select from written",
    )
    .bind(id)
    .bind(order.status.name())
    .bind(order.version)
    .bind(order.vendor.as_ref().map(|v| v.vendor_id.clone()))
    .bind(order.vendor.clone().map(Json))
    .bind(order.reservation_attempt)
    .bind(order.offers)
    .bind(order.vendor_paisa)
    .bind(order.updated_at)
    .bind(order.delivered_at)
    .bind(&order.invoice_number)
    .bind(order.due_at)
    .bind(order.vendor_deadline_at)
    .bind(&order.reason)
    .bind(&order.reason_text)
    .bind(order.needs_operator)
    .bind(moves)
    .bind(actor)
    .bind(&change.note)
    .bind(cause)
    .bind(trace)
    .bind(now)
    .fetch_optional(tx.conn())
    .await?;
    if written.is_none() {
        return Err(Fault::conflict(khaacho_fault::reason::CONCURRENT_UPDATE));
    }
    count(&change.moves);
    enqueue_notices(tx, &order.order_id, &change.notices)
}

/// Counts moves, so that a dashboard shows how orders flow.
pub fn count(moves: &[Status]) {
    for status in moves {
        metrics::counter!("orders_moved_total", "to" => status.name()).increment(1);
    }
}

/// Writes down the answer to an order's present offer. A closed answer stays what it was.
pub async fn answer(
    tx: &mut Tx,
    order: &Order,
    offer: i32,
    answer: Answer,
    reason: &str,
) -> Result<(), Fault> {
    let now = tx.now();
    sqlx::query(
        "update orders.assignment set answer = $3, answer_reason = $4, answered_at = $5
         where order_id = $1 and attempt = $2 and answer in ('MOVING', 'OFFERED')",
    )
    .bind(uuid(&order.order_id)?)
    .bind(offer)
    .bind(answer.name())
    .bind(reason)
    .bind(now)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The id of a changed order, as replies carry it.
pub fn id_of(change: &Change) -> String {
    change.order.order_id.clone()
}
