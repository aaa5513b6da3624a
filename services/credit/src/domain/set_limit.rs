//! Setting the credit limit of an account.

use chrono::{DateTime, Utc};
use khaacho_durable::Command;
use khaacho_ids::AccountId;
use khaacho_money::Paisa;
use serde::Serialize;

use super::{Refusal, Standing, refusal};

/// Sets the limit. Below the exposure it stops new holds and touches nothing else.
#[derive(Debug, Clone, Serialize)]
pub struct SetLimit {
    /// Account.
    pub account_id: AccountId,
    /// New limit.
    pub limit: Paisa,
    /// Why.
    pub reason: String,
}

/// A change of an account's limit or state, with what it was before, for the audit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// Before.
    pub before: Standing,
    /// After.
    pub after: Standing,
    /// Why, trimmed.
    pub reason: String,
}

impl Command for SetLimit {
    const NAME: &'static str = "SetLimit";
    type Snapshot = Option<Standing>;
    type Decision = Changed;
    type Refusal = Refusal;

    fn decide(&self, seen: Option<Standing>, _now: DateTime<Utc>) -> Result<Changed, Refusal> {
        let reason = refusal::given(&self.reason)?.to_owned();
        let before = seen.ok_or(Refusal::AccountUnknown)?;
        let mut after = before.clone();
        after.balance.limit = self.limit;
        Ok(Changed {
            before,
            after,
            reason,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Balance, State};

    fn standing() -> Standing {
        let [limit, owed, held] = [100_00, 60_00, 30_00].map(Paisa::new);
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

    fn set(limit: i64, reason: &str) -> SetLimit {
        SetLimit {
            account_id: AccountId::derive(&["a"]),
            limit: Paisa::new(limit),
            reason: reason.to_owned(),
        }
    }

    #[test]
    fn a_limit_may_fall_below_the_exposure() {
        let changed = set(50_00, " late payments ")
            .decide(Some(standing()), DateTime::UNIX_EPOCH)
            .expect("set");
        assert_eq!(changed.before, standing());
        assert_eq!(changed.after.balance.available(), Paisa::new(-40_00));
        assert_eq!(
            (changed.after.balance.owed, changed.reason.as_str()),
            (Paisa::new(60_00), "late payments")
        );
    }

    #[test]
    fn a_reason_and_an_account_are_needed() {
        let now = DateTime::UNIX_EPOCH;
        assert_eq!(
            set(1, "  ").decide(Some(standing()), now),
            Err(Refusal::ReasonMissing)
        );
        assert_eq!(set(1, "why").decide(None, now), Err(Refusal::AccountUnknown));
    }
}
