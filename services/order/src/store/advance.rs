//! Writing a change of an order: the row, its events, its notices.

use khaacho_durable::Tx;
use khaacho_fault::Fault;
use khaacho_rpc::Ctx;
use sqlx::types::Json;
use uuid::Uuid;

use super::notify;
use super::order_row::uuid;
use crate::domain::answer::Answer;
use crate::domain::{Change, Order, Status};

/// Version of an order after its first change.
const FIRST_CHANGE: i64 = 2;
/// Changed orders with their moves behind whatever stands last in their history.
const WRITE: &str = "\
with changed as (
    select * from jsonb_to_recordset($1) as c (id uuid, status text, version bigint, vendor_id text, vendor jsonb,
        reservation_attempt integer, offers integer, vendor_paisa bigint, updated_at timestamptz,
        delivered_at timestamptz, invoice_number text, due_at timestamptz, vendor_deadline_at timestamptz, reason text,
        reason_text text, needs_operator boolean, moves jsonb, actor text, note text, cause text, trace_id text)
), written as (
    update orders.purchase_order o
    set status = c.status, version = c.version, vendor_id = c.vendor_id, vendor = c.vendor,
        reservation_attempt = c.reservation_attempt, offers = c.offers, vendor_paisa = c.vendor_paisa,
        updated_at = c.updated_at, delivered_at = c.delivered_at, invoice_number = c.invoice_number,
        due_at = c.due_at, vendor_deadline_at = c.vendor_deadline_at, reason = c.reason,
        reason_text = c.reason_text, needs_operator = c.needs_operator
    from changed c
    where o.id = any($2) and o.id = c.id and o.version = c.version - 1
    returning o.id
), told as (
    insert into orders.order_event (order_id, n, from_status, to_status, actor, note, cause, trace_id, at)
    select w.id, last.n + m.i, case when m.i = 1 then last.to_status else c.moves ->> (m.i - 2)::integer end,
        m.to_status, c.actor, c.note, c.cause, c.trace_id, $3
    from written w
    join changed c on c.id = w.id
    cross join lateral (
        select e.n, e.to_status from orders.order_event e where e.order_id = w.id order by e.n desc limit 1) last
    cross join lateral jsonb_array_elements_text(c.moves) with ordinality as m (to_status, i)
    order by w.id, m.i
)
select count(*) from written";

/// Writes a change of an order that is locked. The version of the row must be the one before.
pub async fn write(tx: &mut Tx, change: &Change) -> Result<(), Fault> {
    let ctx = tx.ctx().clone();
    write_all(tx, &[(change, &ctx)]).await
}

/// Writes changes of different orders, each on behalf of its own context.
pub async fn write_all(tx: &mut Tx, changes: &[(&Change, &Ctx)]) -> Result<(), Fault> {
    if changes.is_empty() {
        return Ok(());
    }
    let ids = changes
        .iter()
        .map(|(change, _)| uuid(&change.order.order_id))
        .collect::<Result<Vec<_>, _>>()?;
    let rows: Vec<_> = changes
        .iter()
        .zip(&ids)
        .map(|((change, ctx), id)| row(*id, change, ctx))
        .collect();
    let now = tx.now();
    let written: i64 = sqlx::query_scalar(WRITE)
        .bind(Json(rows))
        .bind(ids)
        .bind(now)
        .fetch_one(tx.conn())
        .await?;
    if usize::try_from(written) != Ok(changes.len()) {
        return Err(Fault::conflict(khaacho_fault::reason::CONCURRENT_UPDATE));
    }
    for (change, ctx) in changes {
        count(&change.moves);
        let Some(job) = notify(&change.order.order_id, &change.notices)? else {
            continue;
        };
        // Placing an order tells nobody: what its first change says is said before anything else of it.
        let first = change.order.version == FIRST_CHANGE;
        tx.enqueue_for(ctx, if first { job.fresh() } else { job });
    }
    Ok(())
}

fn row(id: Uuid, change: &Change, ctx: &Ctx) -> serde_json::Value {
    let order = &change.order;
    let moves: Vec<&str> = change.moves.iter().map(|s| s.name()).collect();
    serde_json::json!({
        "id": id, "status": order.status.name(), "version": order.version,
        "vendor_id": order.vendor.as_ref().map(|v| &v.vendor_id), "vendor": order.vendor,
        "reservation_attempt": order.reservation_attempt, "offers": order.offers,
        "vendor_paisa": order.vendor_paisa, "updated_at": order.updated_at, "delivered_at": order.delivered_at,
        "invoice_number": order.invoice_number, "due_at": order.due_at,
        "vendor_deadline_at": order.vendor_deadline_at, "reason": order.reason,
        "reason_text": order.reason_text, "needs_operator": order.needs_operator, "moves": moves,
        "actor": ctx.principal().subject, "note": change.note, "cause": ctx.cause(),
        "trace_id": ctx.trace().trace_id(),
    })
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
