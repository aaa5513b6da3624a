use khaacho_durable::{Transact, Tx};
use khaacho_fault::Fault;
use uuid::Uuid;

use super::moves::{self, Moves};
use super::{Stamp, reservations};
use crate::domain::release::{Decision, Release, Snapshot};
use crate::domain::reservation::{Outcome, State};
use crate::domain::stock::MoveKind;

/// The mark of an attempt that never was made: a Reserve that comes late meets its key.
const MARK: &str = "\
insert into inventory.reservation (reservation_id, order_id, attempt, vendor_id, state, created_at, cause,
    trace_id,
    closed_at, closed_reason, closed_cause, closed_trace_id)
values ($1, $2, $3, (select v.vendor_id from inventory.vendor v where v.vendor_id = $4), 'RELEASED', $5, $7,
    $8,
    $5, $6, $7, $8)
on conflict on constraint reservation_pkey do nothing";

impl Transact for Release {
    type Reply = Outcome;
    const REMEMBERED: bool = false;

    async fn load(&self, tx: &mut Tx) -> Result<Snapshot, Fault> {
        let marked_now = self.mark(tx).await?;
        let id = self.attempt.reservation_id();
        let reservation = reservations::lock(tx, &[id]).await?.pop();
        let reservation = reservation.ok_or_else(|| Fault::bug(format!("the mark of {id} is not there")))?;
        if reservation.state == State::Pending {
            moves::lock_of(tx, &reservation).await?;
        }
        Ok(Snapshot {
            reservation,
            marked_now,
        })
    }

    async fn save(&self, decision: Decision, tx: &mut Tx) -> Result<Outcome, Fault> {
        let reservation = match decision {
            Decision::Same(reservation) | Decision::Mark(reservation) => {
                return Ok(Outcome {
                    reservation,
                    fresh: false,
                });
            }
            Decision::Release(reservation) => reservation,
        };
        if let Some(moves) = Moves::of(&reservation, MoveKind::Release, &self.reason) {
            moves.apply(tx).await?;
        }
        reservations::close(tx, reservation.reservation_id, State::Released, &self.reason).await?;
        Ok(Outcome {
            reservation,
            fresh: true,
        })
    }
}

impl Release {
    /// Whether the mark was set; not when there is a reservation already.
    async fn mark(&self, tx: &mut Tx) -> Result<bool, Fault> {
        let stamp = Stamp::of(tx);
        let marked = sqlx::query(MARK)
            .bind(self.attempt.reservation_id().uuid())
            .bind(self.attempt.order_id.uuid())
            .bind(i32::try_from(self.attempt.number).map_err(Fault::bug)?)
            .bind(self.vendor_id.map(Uuid::from))
            .bind(stamp.at)
            .bind(&self.reason)
            .bind(stamp.cause)
            .bind(stamp.trace_id)
            .execute(tx.conn())
            .await?;
        Ok(marked.rows_affected() == 1)
    }
}
