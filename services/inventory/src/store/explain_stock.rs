use chrono::{DateTime, Utc};
use khaacho_fault::Fault;
use khaacho_ids::OrderId;
use khaacho_pg::Db;
use sqlx::FromRow;
use uuid::Uuid;

use super::list_moves::MoveRow;

/// An order has a few attempts with at most a hundred lines each.
const ROWS_MAX: i64 = 1_000;

pub(super) const RESERVATIONS: &str = "\
select r.reservation_id, r.attempt, v.code as vendor_code, r.state, r.created_at, r.cause, r.trace_id,
    r.closed_at, r.closed_reason, r.closed_cause, r.closed_trace_id,
    (select count(*) from inventory.reservation_line l where l.reservation_id = r.reservation_id) as lines
from inventory.reservation r
left join inventory.vendor v on v.vendor_id = r.vendor_id
where r.order_id = $1
order by r.attempt
limit $2";

pub(super) const MOVES: &str = "\
select m.* from inventory.stock_move m where m.order_id = $1 order by m.at, m.sku, m.seq limit $2";

/// A reservation with what made it and what ended it.
#[derive(Debug, FromRow)]
pub(crate) struct StoryRow {
    pub(crate) reservation_id: Uuid,
    pub(crate) attempt: i32,
    pub(crate) vendor_code: Option<String>,
    pub(crate) state: String,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) cause: String,
    pub(crate) trace_id: String,
    pub(crate) closed_at: Option<DateTime<Utc>>,
    pub(crate) closed_reason: String,
    pub(crate) closed_cause: String,
    pub(crate) closed_trace_id: String,
    pub(crate) lines: i64,
}

/// All reservations and moves of an order, oldest first.
pub(crate) async fn story(db: &Db, order: OrderId) -> Result<(Vec<StoryRow>, Vec<MoveRow>), Fault> {
    let reservations = sqlx::query_as::<_, StoryRow>(RESERVATIONS)
        .bind(order.uuid())
        .bind(ROWS_MAX)
        .fetch_all(db.pool());
    let moves = sqlx::query_as::<_, MoveRow>(MOVES)
        .bind(order.uuid())
        .bind(ROWS_MAX)
        .fetch_all(db.pool());
    Ok(tokio::try_join!(reservations, moves)?)
}
