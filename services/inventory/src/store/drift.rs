//! Compares the stock rows with what they are sums of.

use khaacho_fault::Fault;
use khaacho_pg::{Db, in_tx};
use sqlx::FromRow;
use uuid::Uuid;

/// Worst rows that are told.
const ROWS_MAX: i64 = 20;

/// Per stock row: its checkpoint and the moves since then against its columns; gaps in the numbers; and what
/// it promises against the pending reservations. One statement, so one moment.
const COMPARE: &str = "\
with pending as (
    select r.vendor_id, l.sku, sum(l.quantity_milli)::bigint as quantity
    from inventory.reservation r join inventory.reservation_line l on l.reservation_id = r.reservation_id
    where r.state = 'PENDING'
    group by r.vendor_id, l.sku
), compared as (
    select coalesce(s.vendor_id, p.vendor_id) as vendor_id, coalesce(s.sku, p.sku) as sku,
        coalesce(s.on_hand_milli - coalesce(c.on_hand_milli, 0) - m.on_hand, 0) as on_hand,
        coalesce(s.reserved_milli - coalesce(c.reserved_milli, 0) - m.reserved, 0) as reserved,
        coalesce(s.reserved_milli, 0) - coalesce(p.quantity, 0) as promised,
        coalesce(s.seq - coalesce(c.seq, 0) - m.moves, 0) as missing
    from inventory.stock s
    left join inventory.stock_checkpoint c on c.vendor_id = s.vendor_id and c.sku = s.sku
    cross join lateral (
        select coalesce(sum(m.on_hand_delta_milli), 0)::bigint as on_hand,
            coalesce(sum(m.reserved_delta_milli), 0)::bigint as reserved, count(*) as moves
        from inventory.stock_move m
        where m.vendor_id = s.vendor_id and m.sku = s.sku and m.seq > coalesce(c.seq, 0)
    ) m
    full join pending p on p.vendor_id = s.vendor_id and p.sku = s.sku
), wrong as (
    select d.*, abs(d.on_hand) + abs(d.reserved) + abs(d.promised) as milli
    from compared d
    where d.on_hand <> 0 or d.reserved <> 0 or d.promised <> 0 or d.missing <> 0
)
select w.vendor_id, w.sku, w.on_hand, w.reserved, w.promised, w.missing,
    (sum(w.milli) over ())::bigint as total_milli
from wrong w
order by w.milli desc, w.vendor_id, w.sku
limit $1";

/// Moves the checkpoints forward over moves that add up; a row that drifts keeps its old one, so that the
/// next comparison finds it again.
const ADVANCE: &str = "\
insert into inventory.stock_checkpoint as c (vendor_id, sku, seq, on_hand_milli, reserved_milli)
select s.vendor_id, s.sku, s.seq, s.on_hand_milli, s.reserved_milli
from inventory.stock s
left join inventory.stock_checkpoint c on c.vendor_id = s.vendor_id and c.sku = s.sku
cross join lateral (
    select coalesce(sum(m.on_hand_delta_milli), 0) as on_hand, coalesce(sum(m.reserved_delta_milli),
        0) as reserved,
        count(*) as moves
    from inventory.stock_move m
    where m.vendor_id = s.vendor_id and m.sku = s.sku and m.seq > coalesce(c.seq, 0)
) m
where s.seq > coalesce(c.seq, 0)
  and s.seq - coalesce(c.seq, 0) = m.moves
  and s.on_hand_milli - coalesce(c.on_hand_milli, 0) = m.on_hand
  and s.reserved_milli - coalesce(c.reserved_milli, 0) = m.reserved
order by s.vendor_id, s.sku
on conflict on constraint stock_checkpoint_pkey do update
set seq = excluded.seq, on_hand_milli = excluded.on_hand_milli, reserved_milli = excluded.reserved_milli
where c.seq < excluded.seq";

/// A stock row that is not the sum of its moves, or promises something else than its reservations.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub(crate) struct Drift {
    pub(crate) vendor_id: Uuid,
    pub(crate) sku: String,
    /// Stock on hand less the sum of its moves.
    pub(crate) on_hand: i64,
    /// Promised part less the sum of its moves.
    pub(crate) reserved: i64,
    /// Promised part less the pending reservations.
    pub(crate) promised: i64,
    /// Moves that are missing in the numbering.
    pub(crate) missing: i64,
    /// All drift of all rows, without sign.
    pub(crate) total_milli: i64,
}

/// The rows that drift, the worst first, at most twenty; normally none.
pub(crate) async fn compare(db: &Db) -> Result<Vec<Drift>, Fault> {
    Ok(sqlx::query_as(COMPARE)
        .bind(ROWS_MAX)
        .fetch_all(db.pool())
        .await?)
}

/// Remembers up to where everything adds up.
pub(crate) async fn advance(db: &Db) -> Result<(), Fault> {
    in_tx(db, |conn| {
        Box::pin(async move {
            sqlx::query(ADVANCE).execute(conn).await?;
            Ok(())
        })
    })
    .await
}
