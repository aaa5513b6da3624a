//! Rows of reservations with their lines, and what closes them.

use chrono::{DateTime, Utc};
use khaacho_durable::Tx;
use khaacho_fault::Fault;
use khaacho_ids::ReservationId;
use khaacho_money::Quantity;
use khaacho_planted::{self as planted, Bug};
use sqlx::FromRow;
use uuid::Uuid;

use super::{Stamp, unreadable};
use crate::domain::reservation::{Attempt, Line, Reservation, State};
use crate::domain::sku::Sku;

/// `select` of reservations with their lines from `inventory.reservation r`; a condition and an order follow.
macro_rules! select_reservations {
    ($rest:literal) => {
        concat!(
            "select r.reservation_id, r.order_id, r.attempt, r.vendor_id, r.state, r.created_at, ",
            "array(select l.sku from inventory.reservation_line l ",
            "where l.reservation_id = r.reservation_id order by l.sku) as skus, ",
            "array(select l.quantity_milli from inventory.reservation_line l ",
            "where l.reservation_id = r.reservation_id order by l.sku) as quantities ",
            "from inventory.reservation r ",
            $rest
        )
    };
}
pub(super) use select_reservations;

const LOCK: &str =
    select_reservations!("where r.reservation_id = any($1) order by r.reservation_id for no key update of r");

const CLOSE: &str = "\
update inventory.reservation
set state = $2, closed_at = $3, closed_reason = $4, closed_cause = $5, closed_trace_id = $6
where reservation_id = $1 and state = 'PENDING'";

/// A reservation as it is stored.
#[derive(Debug, FromRow)]
pub(super) struct ReservationRow {
    reservation_id: Uuid,
    order_id: Uuid,
    attempt: i32,
    vendor_id: Option<Uuid>,
    state: String,
    created_at: DateTime<Utc>,
    skus: Vec<String>,
    quantities: Vec<i64>,
}

impl TryFrom<ReservationRow> for Reservation {
    type Error = Fault;

    fn try_from(row: ReservationRow) -> Result<Self, Fault> {
        let line = |(sku, quantity)| Line {
            sku: Sku::stored(sku),
            quantity: Quantity::from_milli(quantity),
        };
        Ok(Self {
            reservation_id: row.reservation_id.into(),
            attempt: Attempt {
                order_id: row.order_id.into(),
                number: row.attempt.unsigned_abs(),
            },
            vendor_id: row.vendor_id.map(Into::into),
            state: State::of_word(&row.state).ok_or_else(|| unreadable("state", &row.state))?,
            lines: row.skus.into_iter().zip(row.quantities).map(line).collect(),
            created_at: row.created_at,
        })
    }
}

/// Reads all rows.
pub(super) fn reservations(rows: Vec<ReservationRow>) -> Result<Vec<Reservation>, Fault> {
    rows.into_iter().map(Reservation::try_from).collect()
}

/// Locks those of the reservations that exist, in the order of their ids, and reads them.
pub(super) async fn lock(tx: &mut Tx, ids: &[ReservationId]) -> Result<Vec<Reservation>, Fault> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    let rows = sqlx::query_as::<_, ReservationRow>(LOCK)
        .bind(ids)
        .fetch_all(tx.conn())
        .await?;
    reservations(rows)
}

/// Writes the end of a locked pending reservation.
pub(super) async fn close(tx: &mut Tx, id: ReservationId, state: State, reason: &str) -> Result<(), Fault> {
    let stamp = Stamp::of(tx);
    let closed = sqlx::query(CLOSE)
        .bind(id.uuid())
        .bind(state.as_str())
        .bind(stamp.at)
        .bind(reason)
        .bind(stamp.cause)
        .bind(stamp.trace_id)
        .execute(tx.conn())
        .await?;
    match closed.rows_affected() {
        1 => Ok(()),
        _ if planted::on(Bug::ReleasedTwice) => Ok(()),
        // it was locked and pending a moment ago
        _ => Err(Fault::bug(format!("reservation {id} changed under its lock"))),
    }
}
