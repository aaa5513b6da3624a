//! Takes a reservation out of the stock.

use chrono::{DateTime, Utc};
use khaacho_durable::Command;
use serde::Serialize;

use super::refusal::Refusal;
use super::reservation::{Attempt, Reservation, State};

/// The command.
#[derive(Debug, Clone, Serialize)]
pub struct Consume {
    /// Order and number of the attempt.
    pub attempt: Attempt,
}

/// What happens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// It was consumed before: nothing changes.
    Same(Reservation),
    /// The goods leave the stock now; the reservation with its new state.
    Consume(Reservation),
}

impl Command for Consume {
    const NAME: &'static str = "Consume";
    /// The locked reservation with its stock locked too; `None` when there is none.
    type Snapshot = Option<Reservation>;
    type Decision = Decision;
    type Refusal = Refusal;

    fn decide(&self, seen: Option<Reservation>, _now: DateTime<Utc>) -> Result<Decision, Refusal> {
        let reservation = seen.ok_or(Refusal::ReservationUnknown)?;
        match reservation.state {
            State::Pending => Ok(Decision::Consume(Reservation {
                state: State::Consumed,
                ..reservation
            })),
            State::Consumed => Ok(Decision::Same(reservation)),
            State::Released => Err(Refusal::ReservationReleased),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::reservation::examples::{attempt, line, reservation};

    #[test]
    fn only_a_pending_reservation_leaves_the_stock_and_only_once() {
        let in_state = |state| reservation(1, state, "V01", vec![line("A", 1)]);
        let decide = |seen| Consume { attempt: attempt(1) }.decide(seen, DateTime::UNIX_EPOCH);
        let consumed = in_state(State::Consumed);
        assert_eq!(
            decide(Some(in_state(State::Pending))),
            Ok(Decision::Consume(consumed.clone()))
        );
        assert_eq!(decide(Some(consumed.clone())), Ok(Decision::Same(consumed)));
        assert_eq!(
            decide(Some(in_state(State::Released))),
            Err(Refusal::ReservationReleased)
        );
        assert_eq!(decide(None), Err(Refusal::ReservationUnknown));
    }
}
