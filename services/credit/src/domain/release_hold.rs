//! Giving a hold back.

use chrono::{DateTime, Utc};
use khaacho_durable::Command;
use khaacho_ids::{AccountId, OrderId};
use khaacho_money::Paisa;
use khaacho_planted::{self as planted, Bug};
use serde::Serialize;

use super::Refusal;
use super::hold::{self, Hold, HoldState};
use super::place_hold::Seen;

/// Releases the hold of an order, also before it was placed: then a late placing is refused.
#[derive(Debug, Clone, Serialize)]
pub struct ReleaseHold {
    /// Order.
    pub order_id: OrderId,
    /// Account.
    pub account_id: AccountId,
    /// Reason code, such as `CANCELLED`.
    pub reason: String,
}

/// What shall be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Give the amount back.
    Release(Hold),
    /// Nothing to do: it was released before, or just now in advance.
    Released(Hold),
}

impl ReleaseHold {
    /// The released hold of an order that never had one.
    pub fn tombstone(&self) -> Hold {
        Hold {
            hold_id: hold::hold_id(self.order_id),
            account_id: self.account_id,
            order_id: self.order_id,
            amount: Paisa::ZERO,
            state: HoldState::Released,
        }
    }
}

impl Command for ReleaseHold {
    const NAME: &'static str = "ReleaseHold";
    /// [`Seen::Fresh`]: there was none, and the tombstone is written.
    type Snapshot = Seen;
    type Decision = Decision;
    type Refusal = Refusal;

    fn decide(&self, seen: Seen, _now: DateTime<Utc>) -> Result<Decision, Refusal> {
        let known = match seen {
            Seen::Fresh => return Ok(Decision::Released(self.tombstone())),
            Seen::Known(known) => known,
        };
        if known.account_id != self.account_id {
            return Err(Refusal::HoldUnknown);
        }
        match known.state {
            HoldState::Pending => Ok(Decision::Release(known)),
            HoldState::Released => Ok(Decision::Released(known)),
            HoldState::Posted if planted::on(Bug::ReleaseAfterPost) => Ok(Decision::Release(known)),
            HoldState::Posted => Err(Refusal::HoldPosted),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn release() -> ReleaseHold {
        ReleaseHold {
            order_id: OrderId::derive(&["o"]),
            account_id: AccountId::derive(&["a"]),
            reason: "CANCELLED".to_owned(),
        }
    }

    fn known(state: HoldState) -> Seen {
        Seen::Known(Hold {
            state,
            amount: Paisa::new(5),
            ..release().tombstone()
        })
    }

    fn decide(seen: Seen) -> Result<Decision, Refusal> {
        release().decide(seen, DateTime::UNIX_EPOCH)
    }

    #[test]
    fn a_pending_hold_is_given_back_once() {
        assert!(
            matches!(decide(known(HoldState::Pending)), Ok(Decision::Release(hold)) if hold.amount == Paisa::new(5))
        );
        assert!(matches!(
            decide(known(HoldState::Released)),
            Ok(Decision::Released(_))
        ));
    }

    #[test]
    fn a_hold_that_never_was_is_released_in_advance() {
        assert_eq!(decide(Seen::Fresh), Ok(Decision::Released(release().tombstone())));
    }

    #[test]
    fn a_debt_is_not_given_back() {
        assert_eq!(decide(known(HoldState::Posted)), Err(Refusal::HoldPosted));
    }

    #[test]
    fn somebody_elses_hold_does_not_exist() {
        let foreign = Hold {
            account_id: AccountId::derive(&["b"]),
            ..release().tombstone()
        };
        assert_eq!(decide(Seen::Known(foreign)), Err(Refusal::HoldUnknown));
    }
}
