//! The only writer of stock: one conditional statement that changes the rows and appends their moves.

use std::collections::BTreeSet;

use khaacho_durable::Tx;
use khaacho_fault::{Fault, reason};
use khaacho_ids::VendorId;
use khaacho_money::Quantity;
use khaacho_planted::{self as planted, Bug};
use sqlx::FromRow;
use uuid::Uuid;

use super::Stamp;
use crate::domain::reservation::{Line, Reservation};
use crate::domain::sku::Sku;
use crate::domain::stock::{MoveKind, StockRow};

/// Locks in the order of vendor and product; `order by` is done before the locks are taken.
const LOCK: &str = "\
select s.vendor_id, s.sku, s.on_hand_milli, s.reserved_milli, s.seq
from unnest($1::uuid[], $2::text[]) as k(vendor_id, sku)
join inventory.stock s on s.vendor_id = k.vendor_id and s.sku = k.sku
order by s.vendor_id, s.sku
for no key update of s";

/// Changes only the rows that stay within 0 <= reserved <= on hand; a row that would not is left out.
const APPLY: &str = "\
with delta as (
    select d.sku, d.on_hand, d.reserved from unnest($2::text[], $3::bigint[], $4::bigint[]) as d(sku,
        on_hand, reserved)
), moved as (
    update inventory.stock s
    set on_hand_milli = s.on_hand_milli + d.on_hand, reserved_milli = s.reserved_milli + d.reserved,
        seq = s.seq + 1
    from delta d
    where s.vendor_id = $1 and s.sku = d.sku
      and s.reserved_milli + d.reserved between 0 and s.on_hand_milli + d.on_hand
    returning s.sku, s.seq, d.on_hand, d.reserved
), written as (
    insert into inventory.stock_move (vendor_id, sku, seq, kind, on_hand_delta_milli, reserved_delta_milli,
        reservation_id, order_id, reason, actor, cause, trace_id, at)
    select $1, m.sku, m.seq, $5, m.on_hand, m.reserved, $6, $7, $8, $9, $10, $11, $12 from moved m
)
select count(*) from moved";

#[derive(Debug, FromRow)]
struct Row {
    vendor_id: Uuid,
    sku: String,
    on_hand_milli: i64,
    reserved_milli: i64,
    seq: i64,
}

/// Locks stock rows and reads them. Products without a row are left out.
pub(super) async fn lock<'a>(
    tx: &mut Tx,
    keys: impl IntoIterator<Item = (VendorId, &'a Sku)>,
) -> Result<Vec<StockRow>, Fault> {
    let keys: BTreeSet<(Uuid, &str)> = keys
        .into_iter()
        .map(|(id, sku)| (id.uuid(), sku.as_str()))
        .collect();
    let (vendors, skus): (Vec<Uuid>, Vec<&str>) = keys.into_iter().unzip();
    let rows = sqlx::query_as::<_, Row>(LOCK)
        .bind(vendors)
        .bind(skus)
        .fetch_all(tx.conn())
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| StockRow {
            vendor_id: row.vendor_id.into(),
            sku: Sku::stored(row.sku),
            on_hand: Quantity::from_milli(row.on_hand_milli),
            reserved: Quantity::from_milli(row.reserved_milli),
            seq: row.seq,
        })
        .collect())
}

/// Locks the stock of a reservation.
pub(super) async fn lock_of(tx: &mut Tx, reservation: &Reservation) -> Result<Vec<StockRow>, Fault> {
    match reservation.vendor_id {
        Some(vendor) => lock(tx, reservation.lines.iter().map(|line| (vendor, &line.sku))).await,
        None => Ok(Vec::new()),
    }
}

/// Changes of one vendor's stock that belong together.
pub(super) struct Moves<'a> {
    pub(super) vendor_id: VendorId,
    pub(super) kind: MoveKind,
    /// The reservation that they belong to.
    pub(super) reservation: Option<&'a Reservation>,
    pub(super) reason: &'a str,
    /// Products with the change of the stock on hand and of its promised part.
    pub(super) deltas: Vec<(&'a Sku, i64, i64)>,
}

impl<'a> Moves<'a> {
    /// What a reservation's start or end does; `None` when it has no stock.
    pub(super) fn of(reservation: &'a Reservation, kind: MoveKind, reason: &'a str) -> Option<Self> {
        let delta = |line: &'a Line| {
            let quantity = line.quantity.milli();
            match kind {
                MoveKind::Reserve => (&line.sku, 0, quantity),
                MoveKind::Release => (&line.sku, 0, -quantity),
                MoveKind::Consume => (&line.sku, -quantity, -quantity),
                MoveKind::Opening | MoveKind::Adjust => (&line.sku, quantity, 0),
            }
        };
        let vendor_id = reservation.vendor_id.filter(|_| !reservation.lines.is_empty())?;
        let deltas = reservation.lines.iter().map(delta).collect();
        Some(Self {
            vendor_id,
            kind,
            reservation: Some(reservation),
            reason,
            deltas,
        })
    }

    /// Applies them to locked rows. All rows or an error: the decision saw the rows under their locks, so a
    /// row that does not fit now means that something went past the locks, and deciding again is right.
    pub(super) async fn apply(self, tx: &mut Tx) -> Result<(), Fault> {
        let stamp = Stamp::of(tx);
        let wanted = self.deltas.len();
        let part = "and s.reserved_milli + d.reserved between 0 and s.on_hand_milli + d.on_hand";
        let moved: i64 = sqlx::query_scalar(planted::sql(Bug::StockWithoutCondition, APPLY, part, ""))
            .bind(self.vendor_id.uuid())
            .bind(
                self.deltas
                    .iter()
                    .map(|(sku, _, _)| sku.as_str())
                    .collect::<Vec<_>>(),
            )
            .bind(
                self.deltas
                    .iter()
                    .map(|(_, on_hand, _)| *on_hand)
                    .collect::<Vec<_>>(),
            )
            .bind(
                self.deltas
                    .iter()
                    .map(|(_, _, reserved)| *reserved)
                    .collect::<Vec<_>>(),
            )
            .bind(self.kind.as_str())
            .bind(self.reservation.map(|r| r.reservation_id.uuid()))
            .bind(self.reservation.map(|r| r.attempt.order_id.uuid()))
            .bind(self.reason)
            .bind(stamp.actor)
            .bind(stamp.cause)
            .bind(stamp.trace_id)
            .bind(stamp.at)
            .fetch_one(tx.conn())
            .await?;
        if usize::try_from(moved) == Ok(wanted) {
            return Ok(());
        }
        let cause = format!(
            "{} of {wanted} stock rows could not {}",
            moved,
            self.kind.as_str()
        );
        Err(Fault::conflict(reason::CONCURRENT_UPDATE).cause(cause))
    }
}
