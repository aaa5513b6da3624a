use chrono::{DateTime, Utc};
use khaacho_fault::Fault;
use khaacho_ids::{OrderId, ReservationId};
use khaacho_pg::Db;
use uuid::Uuid;

use super::reservations::{self, ReservationRow, select_reservations};
use crate::domain::reservation::{Reservation, State};

pub(super) const ALL: &str = select_reservations!(
    "where (r.created_at, r.reservation_id) < ($1, $2) \
     order by r.created_at desc, r.reservation_id desc limit $3"
);
pub(super) const IN_STATE: &str = select_reservations!(
    "where r.state = $4 and (r.created_at, r.reservation_id) < ($1, $2) \
     order by r.created_at desc, r.reservation_id desc limit $3"
);
/// An order has few attempts: its own index, then a small sort.
pub(super) const OF_ORDER: &str = select_reservations!(
    "where r.order_id = $5 and (r.created_at, r.reservation_id) < ($1, $2) \
     and ($4::text is null or r.state = $4) \
     order by r.created_at desc, r.reservation_id desc limit $3"
);
pub(super) const PENDING_SINCE: &str = select_reservations!(
    "where r.state = 'PENDING' and r.created_at < $1 \
     and (r.created_at, r.reservation_id) > ($2, $3) order by r.created_at, r.reservation_id limit $4"
);

/// The year 9999 in seconds since 1970: later than every row, and within what PostgreSQL can hold.
pub(crate) const END_OF_TIME: i64 = 253_370_764_800;

/// Which reservations, and before which one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted {
    /// Only this order's.
    pub(crate) order: Option<OrderId>,
    /// Only in this state.
    pub(crate) state: Option<State>,
    /// Time and id of the last reservation of the page before.
    pub(crate) before: Option<(DateTime<Utc>, ReservationId)>,
}

/// At most `limit` reservations, newest first.
pub(crate) async fn page(db: &Db, wanted: Wanted, limit: i64) -> Result<Vec<Reservation>, Fault> {
    let (at, id) = wanted
        .before
        .map_or((end_of_time(), Uuid::max()), |(at, id)| (at, id.uuid()));
    let state = wanted.state.map(State::as_str);
    let statement = match (wanted.order, wanted.state) {
        (Some(_), _) => OF_ORDER,
        (None, Some(_)) => IN_STATE,
        (None, None) => ALL,
    };
    let query = sqlx::query_as::<_, ReservationRow>(statement)
        .bind(at)
        .bind(id)
        .bind(limit);
    let query = match (wanted.order, wanted.state) {
        (Some(order), _) => query.bind(state).bind(order.uuid()),
        (None, Some(_)) => query.bind(state),
        (None, None) => query,
    };
    reservations::reservations(query.fetch_all(db.pool()).await?)
}

/// At most `limit` reservations that have been pending since before `since`, oldest first, behind `after`.
pub(crate) async fn pending_since(
    db: &Db,
    since: DateTime<Utc>,
    after: Option<(DateTime<Utc>, ReservationId)>,
    limit: i64,
) -> Result<Vec<Reservation>, Fault> {
    let (at, id) = after.map_or((DateTime::UNIX_EPOCH, Uuid::nil()), |(at, id)| (at, id.uuid()));
    let query = sqlx::query_as::<_, ReservationRow>(PENDING_SINCE)
        .bind(since)
        .bind(at)
        .bind(id)
        .bind(limit);
    reservations::reservations(query.fetch_all(db.pool()).await?)
}

fn end_of_time() -> DateTime<Utc> {
    DateTime::from_timestamp(END_OF_TIME, 0).expect("a year within the calendar")
}
