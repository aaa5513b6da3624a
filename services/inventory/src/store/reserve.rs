//! At most six statements: claim, read what was there, lock the stock, and per vendor one change of its
//! stock.

mod batch;

use khaacho_durable::{Transact, Tx};
use khaacho_fault::Fault;
use khaacho_ids::ReservationId;
use sqlx::FromRow;
use uuid::Uuid;

use super::moves::{self, Moves};
use super::{Stamp, reservations};
use crate::domain::reservation::{Outcome, State};
use crate::domain::reserve::{Decision, Reserve, Snapshot};
use crate::domain::stock::MoveKind;

/// Inserts the reservation with its lines, and the mark of a replaced attempt that never was made. A twin
/// waits here for the first one's commit. A refusal rolls all of it back.
const CLAIM: &str = "\
with claimed as (
    insert into inventory.reservation (reservation_id, order_id, attempt, vendor_id, state, created_at,
        cause, trace_id,
        closed_at, closed_reason, closed_cause, closed_trace_id)
    select k.id, $2, k.attempt, k.vendor_id, k.state, $6, $7, $8,
        case when k.state = 'RELEASED' then $6 end,
            case when k.state = 'RELEASED' then 'REPLACED' else '' end,
        case when k.state = 'RELEASED' then $7 else '' end, case when k.state = 'RELEASED' then $8 else '' end
    from unnest($1::uuid[], $3::integer[], $4::uuid[], $5::text[]) as k(id, attempt, vendor_id, state)
    order by k.id
    on conflict on constraint reservation_pkey do nothing
    returning reservation_id
), lines as (
    insert into inventory.reservation_line (reservation_id, sku, quantity_milli)
    select c.reservation_id, l.sku, l.quantity
    from claimed c cross join unnest($10::text[], $11::bigint[]) as l(sku, quantity)
    where c.reservation_id = $9
)
select array(select c.reservation_id from claimed c) as claimed,
    exists (select from inventory.vendor v where v.vendor_id = $12) as vendor_known";

#[derive(Debug, FromRow)]
struct Claimed {
    claimed: Vec<Uuid>,
    vendor_known: bool,
}

impl Transact for Reserve {
    type Reply = Outcome;
    const REMEMBERED: bool = false;

    async fn load(&self, tx: &mut Tx) -> Result<Snapshot, Fault> {
        let claimed = self.claim(tx).await?;
        let own = self.attempt.reservation_id();
        let replaced = self.replaces.map(|attempt| attempt.reservation_id());
        let there: Vec<ReservationId> = [Some(own), replaced]
            .into_iter()
            .flatten()
            .filter(|id| !claimed.claimed.contains(&id.uuid()))
            .collect();
        let mut there = if there.is_empty() {
            Vec::new()
        } else {
            reservations::lock(tx, &there).await?
        };
        let mut take = |id| {
            there
                .iter()
                .position(|r| r.reservation_id == id)
                .map(|at| there.swap_remove(at))
        };
        let existing = take(own);
        let replaced = replaced.and_then(take);
        let stock = if existing.is_some() {
            Vec::new()
        } else {
            let back = replaced.iter().filter(|r| r.state == State::Pending);
            let back = back.filter_map(|r| Some((r.vendor_id?, r)));
            let back = back.flat_map(|(vendor, r)| r.lines.iter().map(move |line| (vendor, &line.sku)));
            let own = self.lines.iter().map(|line| (self.vendor_id, &line.sku));
            let keys: Vec<_> = own.chain(back).collect();
            moves::lock(tx, keys).await?
        };
        Ok(Snapshot {
            vendor_known: claimed.vendor_known,
            existing,
            replaced,
            stock,
        })
    }

    async fn save(&self, decision: Decision, tx: &mut Tx) -> Result<Outcome, Fault> {
        let (released, reservation) = match decision {
            Decision::Same(reservation) => {
                return Ok(Outcome {
                    reservation,
                    fresh: false,
                });
            }
            Decision::Reserve {
                released,
                reservation,
            } => (released, reservation),
        };
        if let Some(old) = &released {
            if let Some(moves) = Moves::of(old, MoveKind::Release, "REPLACED") {
                moves.apply(tx).await?;
            }
            reservations::close(tx, old.reservation_id, State::Released, "REPLACED").await?;
        }
        if let Some(moves) = Moves::of(&reservation, MoveKind::Reserve, "") {
            moves.apply(tx).await?;
        }
        Ok(Outcome {
            reservation,
            fresh: true,
        })
    }
}

impl Reserve {
    async fn claim(&self, tx: &mut Tx) -> Result<Claimed, Fault> {
        let stamp = Stamp::of(tx);
        let own = (self.attempt, Some(self.vendor_id.uuid()), State::Pending);
        let rows = [
            Some(own),
            self.replaces.map(|attempt| (attempt, None, State::Released)),
        ];
        let rows: Vec<_> = rows.into_iter().flatten().collect();
        let number = |number: u32| i32::try_from(number).map_err(Fault::bug);
        let numbers = rows
            .iter()
            .map(|(attempt, _, _)| number(attempt.number))
            .collect::<Result<Vec<i32>, _>>()?;
        Ok(sqlx::query_as(CLAIM)
            .bind(
                rows.iter()
                    .map(|(attempt, _, _)| attempt.reservation_id().uuid())
                    .collect::<Vec<_>>(),
            )
            .bind(self.attempt.order_id.uuid())
            .bind(numbers)
            .bind(rows.iter().map(|(_, vendor, _)| *vendor).collect::<Vec<_>>())
            .bind(
                rows.iter()
                    .map(|(_, _, state)| state.as_str())
                    .collect::<Vec<_>>(),
            )
            .bind(stamp.at)
            .bind(stamp.cause)
            .bind(stamp.trace_id)
            .bind(self.attempt.reservation_id().uuid())
            .bind(
                self.lines
                    .iter()
                    .map(|line| line.sku.as_str())
                    .collect::<Vec<_>>(),
            )
            .bind(
                self.lines
                    .iter()
                    .map(|line| line.quantity.milli())
                    .collect::<Vec<_>>(),
            )
            .bind(self.vendor_id.uuid())
            .fetch_one(tx.conn())
            .await?)
    }
}
