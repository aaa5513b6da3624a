//! Letting an account order again.

use chrono::{DateTime, Utc};
use khaacho_durable::Command;
use khaacho_ids::AccountId;
use serde::Serialize;

use super::set_limit::Changed;
use super::{Refusal, Standing, State, refusal};

/// Unblocks an account. Unblocking an active one changes nothing but is recorded.
#[derive(Debug, Clone, Serialize)]
pub struct UnblockAccount {
    /// Account.
    pub account_id: AccountId,
    /// Why.
    pub reason: String,
}

impl Command for UnblockAccount {
    const NAME: &'static str = "UnblockAccount";
    type Snapshot = Option<Standing>;
    type Decision = Changed;
    type Refusal = Refusal;

    fn decide(&self, seen: Option<Standing>, _now: DateTime<Utc>) -> Result<Changed, Refusal> {
        let reason = refusal::given(&self.reason)?.to_owned();
        let before = seen.ok_or(Refusal::AccountUnknown)?;
        let after = Standing {
            state: State::Active,
            ..before.clone()
        };
        Ok(Changed {
            before,
            after,
            reason,
        })
    }
}

#[cfg(test)]
mod tests {
    use khaacho_money::Paisa;

    use super::*;
    use crate::domain::Balance;

    #[test]
    fn an_account_may_order_again() {
        let balance = Balance {
            limit: Paisa::new(1),
            owed: Paisa::ZERO,
            held: Paisa::ZERO,
            next_due: None,
        };
        let before = Standing {
            balance,
            state: State::Blocked {
                reason: "late".to_owned(),
            },
        };
        let unblock = UnblockAccount {
            account_id: AccountId::derive(&["a"]),
            reason: "paid".to_owned(),
        };
        let changed = unblock
            .decide(Some(before.clone()), DateTime::UNIX_EPOCH)
            .expect("unblocked");
        assert_eq!((changed.before, changed.after.state), (before, State::Active));
        assert_eq!(
            unblock.decide(None, DateTime::UNIX_EPOCH),
            Err(Refusal::AccountUnknown)
        );
    }
}
