//! Setting credit aside for an order.

use chrono::{DateTime, Utc};
use khaacho_durable::Command;
use khaacho_ids::{AccountId, OrderId};
use khaacho_money::Paisa;
use khaacho_planted::{self as planted, Bug};
use serde::Serialize;

use super::hold::{self, Hold, HoldState};
use super::{Refusal, Standing, State};

/// Holds credit for an order. The order names the hold, so repeating it finds the first one.
#[derive(Debug, Clone, Serialize)]
pub struct PlaceHold {
    /// Order.
    pub order_id: OrderId,
    /// Account.
    pub account_id: AccountId,
    /// Amount, above zero.
    pub amount: Paisa,
}

/// The order's hold as the database has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// There was none; this command's one is written, and goes away again with a refusal.
    Fresh,
    /// There was one.
    Known(Hold),
}

/// What shall be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Take the amount, if the limit lets it: the database decides that in one conditional update, because any
    /// number of orders may ask at the same time. Where it says no, [`why_not`] says why.
    Take(Hold),
    /// The hold stands already.
    Again(Hold),
}

impl PlaceHold {
    /// The hold that this command is about.
    pub fn hold(&self) -> Hold {
        Hold {
            hold_id: hold::hold_id(self.order_id),
            account_id: self.account_id,
            order_id: self.order_id,
            amount: self.amount,
            state: HoldState::Pending,
        }
    }
}

impl Command for PlaceHold {
    const NAME: &'static str = "PlaceHold";
    type Snapshot = Seen;
    type Decision = Decision;
    type Refusal = Refusal;

    fn decide(&self, seen: Seen, _now: DateTime<Utc>) -> Result<Decision, Refusal> {
        let known = match seen {
            Seen::Fresh => return Ok(Decision::Take(self.hold())),
            Seen::Known(known) => known,
        };
        // the tombstone of a release that came first has no amount, so the state counts before the content
        if known.state == HoldState::Released {
            return Err(Refusal::HoldReleased);
        }
        if (known.account_id, known.amount) != (self.account_id, self.amount) {
            return Err(Refusal::OtherContent);
        }
        Ok(Decision::Again(known))
    }
}

/// Why an order of this amount would be refused now; nothing when it would not.
pub fn why_not(standing: &Standing, amount: Paisa) -> Option<Refusal> {
    if let State::Blocked { reason } = &standing.state {
        return Some(Refusal::AccountBlocked {
            reason: reason.clone(),
        });
    }
    let available = standing.balance.available();
    let more = planted::on(Bug::LimitAndATenth);
    let short = amount.paisa() > available.paisa() + i64::from(more) * standing.balance.limit.paisa() / 10;
    let refusal = Refusal::CreditShort {
        amount,
        available,
        limit: standing.balance.limit,
    };
    short.then_some(refusal)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::Balance;

    fn place(amount: i64) -> PlaceHold {
        PlaceHold {
            order_id: OrderId::derive(&["o"]),
            account_id: AccountId::derive(&["a"]),
            amount: Paisa::new(amount),
        }
    }

    fn standing(limit: i64, owed: i64, held: i64) -> Standing {
        let [limit, owed, held] = [limit, owed, held].map(Paisa::new);
        Standing {
            balance: Balance {
                limit,
                owed,
                held,
                next_due: None,
            },
            state: State::Active,
        }
    }

    fn decide(place: &PlaceHold, seen: Seen) -> Result<Decision, Refusal> {
        place.decide(seen, DateTime::UNIX_EPOCH)
    }

    #[test]
    fn the_order_names_the_hold() {
        let (one, two) = (place(5).hold(), place(7).hold());
        assert_eq!(one.hold_id, two.hold_id);
        assert_eq!(decide(&place(5), Seen::Fresh), Ok(Decision::Take(one)));
    }

    #[test]
    fn a_repeated_hold_stands_also_after_it_was_posted() {
        let pending = place(5).hold();
        let posted = Hold {
            state: HoldState::Posted,
            ..pending
        };
        for known in [pending, posted] {
            assert_eq!(decide(&place(5), Seen::Known(known)), Ok(Decision::Again(known)));
        }
    }

    #[test]
    fn a_released_hold_is_never_placed_again() {
        let tombstone = Hold {
            state: HoldState::Released,
            amount: Paisa::ZERO,
            ..place(5).hold()
        };
        assert_eq!(
            decide(&place(5), Seen::Known(tombstone)),
            Err(Refusal::HoldReleased)
        );
    }

    #[test]
    fn an_order_has_one_amount_and_one_account() {
        let known = place(5).hold();
        assert_eq!(decide(&place(6), Seen::Known(known)), Err(Refusal::OtherContent));
        let other = Hold {
            account_id: AccountId::derive(&["b"]),
            ..known
        };
        assert_eq!(decide(&place(5), Seen::Known(other)), Err(Refusal::OtherContent));
    }

    #[test]
    fn the_whole_limit_can_be_used_and_not_a_paisa_more() {
        assert_eq!(why_not(&standing(100, 60, 30), Paisa::new(10)), None);
        let [amount, available, limit] = [11, 10, 100].map(Paisa::new);
        let short = Refusal::CreditShort {
            amount,
            available,
            limit,
        };
        assert_eq!(why_not(&standing(100, 60, 30), amount), Some(short));
    }

    #[test]
    fn a_block_counts_before_the_limit() {
        let blocked = Standing {
            state: State::Blocked {
                reason: "late".to_owned(),
            },
            ..standing(0, 0, 0)
        };
        let refusal = Some(Refusal::AccountBlocked {
            reason: "late".to_owned(),
        });
        assert_eq!(why_not(&blocked, Paisa::new(1)), refusal);
    }

    proptest! {
        #[test]
        fn nothing_above_the_limit_is_ever_allowed(
            limit in 0..=1_000_000_i64,
            owed in -1_000_000..=2_000_000_i64,
            held in 0..=1_000_000_i64,
            amount in 1..=2_000_000_i64,
        ) {
            let allowed = why_not(&standing(limit, owed, held), Paisa::new(amount)).is_none();
            prop_assert_eq!(allowed, owed + held + amount <= limit);
        }
    }
}
