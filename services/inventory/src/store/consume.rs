use khaacho_durable::{Transact, Tx};
use khaacho_fault::Fault;

use super::moves::{self, Moves};
use super::reservations;
use crate::domain::consume::{Consume, Decision};
use crate::domain::reservation::{Outcome, Reservation, State};
use crate::domain::stock::MoveKind;

impl Transact for Consume {
    type Reply = Outcome;
    const REMEMBERED: bool = false;

    async fn load(&self, tx: &mut Tx) -> Result<Option<Reservation>, Fault> {
        let reservation = reservations::lock(tx, &[self.attempt.reservation_id()])
            .await?
            .pop();
        if let Some(pending) = reservation.iter().find(|r| r.state == State::Pending) {
            moves::lock_of(tx, pending).await?;
        }
        Ok(reservation)
    }

    async fn save(&self, decision: Decision, tx: &mut Tx) -> Result<Outcome, Fault> {
        let reservation = match decision {
            Decision::Same(reservation) => {
                return Ok(Outcome {
                    reservation,
                    fresh: false,
                });
            }
            Decision::Consume(reservation) => reservation,
        };
        if let Some(moves) = Moves::of(&reservation, MoveKind::Consume, "") {
            moves.apply(tx).await?;
        }
        reservations::close(tx, reservation.reservation_id, State::Consumed, "").await?;
        Ok(Outcome {
            reservation,
            fresh: true,
        })
    }
}
