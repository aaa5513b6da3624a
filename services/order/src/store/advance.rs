//! Writing a change of an order: the row, its events, its notices.

use khaacho_durable::Tx;
use khaacho_fault::Fault;
use sqlx::types::Json;
use uuid::Uuid;

use super::enqueue_notices;
use super::order_row::uuid;
use crate::domain::answer::Answer;
use crate::domain::{Change, Order, Status};

/// Writes a change of an order that is locked. The version of the row must be the one before.
pub async fn write(tx: &mut Tx, change: &Change) -> Result<(), Fault> {
    let order = &change.order;
    let id = uuid(&order.order_id)?;
    let written = sqlx::query(
        "update orders.purchase_order set status = $2, version = $3, vendor_id = $4, vendor = $5,
             reservation_attempt = $6, offers = $7, vendor_paisa = $8, updated_at = $9, delivered_at = $10,
             invoice_number = $11, due_at = $12, vendor_deadline_at = $13, reason = $14, reason_text = $15,
             needs_operator = $16
         where id = $1 and version = $3 - 1",
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
    .execute(tx.conn())
    .await?;
    if written.rows_affected() != 1 {
        return Err(Fault::conflict(khaacho_fault::reason::CONCURRENT_UPDATE));
    }
    events(tx, id, &change.moves, &change.note).await?;
    count(&change.moves);
    enqueue_notices(tx, &order.order_id, &change.notices)
}

/// Counts moves, so that a dashboard shows how orders flow.
pub fn count(moves: &[Status]) {
    for status in moves {
        metrics::counter!("orders_moved_total", "to" => status.name()).increment(1);
    }
}

/// Appends moves to an order's history; the first one follows whatever stands last.
async fn events(tx: &mut Tx, id: Uuid, moves: &[Status], note: &str) -> Result<(), Fault> {
    if moves.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = moves.iter().map(|s| s.name()).collect();
    let (actor, cause, trace) = (
        tx.ctx().principal().subject.clone(),
        tx.ctx().cause().to_owned(),
        tx.ctx().trace().trace_id(),
    );
    let now = tx.now();
    sqlx::query(
        "insert into orders.order_event (order_id, n, from_status, to_status, actor, note, cause, trace_id, at)
         select $1, last.n + m.i,
                coalesce((($2::text[])[m.i - 1]), last.to_status), m.to_status, $3, $4, $5, $6, $7
         from (select e.n, e.to_status from orders.order_event e where e.order_id = $1 order by e.n desc limit 1) last,
              unnest($2::text[]) with ordinality as m (to_status, i)
         order by m.i",
    )
    .bind(id)
    .bind(names)
    .bind(actor)
    .bind(note)
    .bind(cause)
    .bind(trace)
    .bind(now)
    .execute(tx.conn())
    .await?;
    Ok(())
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
