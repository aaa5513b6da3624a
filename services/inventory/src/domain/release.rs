//! Gives the reservation of an attempt back.

use chrono::{DateTime, Utc};
use khaacho_durable::Command;
use khaacho_ids::VendorId;
use khaacho_planted::{self as planted, Bug};
use serde::Serialize;

use super::refusal::Refusal;
use super::reservation::{Attempt, Reservation, State};

/// The command.
#[derive(Debug, Clone, Serialize)]
pub struct Release {
    /// Order and number of the attempt.
    pub attempt: Attempt,
    /// Vendor of the attempt, for the record of an attempt that never was made.
    pub vendor_id: Option<VendorId>,
    /// Reason code.
    pub reason: String,
}

/// What was seen.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// The locked reservation with its stock locked too.
    pub reservation: Reservation,
    /// Whether it is only the mark of an attempt that never was made, left by this very command.
    pub marked_now: bool,
}

/// What happens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// It was released before: nothing changes.
    Same(Reservation),
    /// It never was made, and the mark that stops a late Reserve stays.
    Mark(Reservation),
    /// The stock is given back now; the reservation with its new state.
    Release(Reservation),
}

impl Command for Release {
    const NAME: &'static str = "Release";
    type Snapshot = Snapshot;
    type Decision = Decision;
    type Refusal = Refusal;

    fn decide(&self, seen: Snapshot, _now: DateTime<Utc>) -> Result<Decision, Refusal> {
        let reservation = seen.reservation;
        match reservation.state {
            State::Pending => Ok(Decision::Release(Reservation {
                state: State::Released,
                ..reservation
            })),
            State::Released if seen.marked_now => Ok(Decision::Mark(reservation)),
            State::Released if planted::on(Bug::ReleasedTwice) => Ok(Decision::Release(reservation)),
            State::Released => Ok(Decision::Same(reservation)),
            State::Consumed => Err(Refusal::ReservationConsumed),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::reservation::examples::{attempt, line, reservation};

    #[test]
    fn a_release_happens_once_and_never_after_the_goods_left() {
        let in_state = |state| reservation(1, state, "V01", vec![line("A", 1)]);
        let decide = |state, marked_now| {
            let command = Release {
                attempt: attempt(1),
                vendor_id: None,
                reason: "CANCELLED".to_owned(),
            };
            command.decide(
                Snapshot {
                    reservation: in_state(state),
                    marked_now,
                },
                DateTime::UNIX_EPOCH,
            )
        };
        let released = in_state(State::Released);
        assert_eq!(
            decide(State::Pending, false),
            Ok(Decision::Release(released.clone()))
        );
        assert_eq!(
            decide(State::Released, false),
            Ok(Decision::Same(released.clone()))
        );
        assert_eq!(decide(State::Released, true), Ok(Decision::Mark(released)));
        assert_eq!(decide(State::Consumed, false), Err(Refusal::ReservationConsumed));
    }
}
