//! Stopping an account from ordering.

use chrono::{DateTime, Utc};
use khaacho_durable::Command;
use khaacho_ids::AccountId;
use serde::Serialize;

use super::set_limit::Changed;
use super::{Refusal, Standing, State, refusal};

/// Blocks an account. Blocking a blocked one replaces the reason.
#[derive(Debug, Clone, Serialize)]
pub struct BlockAccount {
    /// Account.
    pub account_id: AccountId,
    /// Why; shown to the shop.
    pub reason: String,
}

impl Command for BlockAccount {
    const NAME: &'static str = "BlockAccount";
    type Snapshot = Option<Standing>;
    type Decision = Changed;
    type Refusal = Refusal;

    fn decide(&self, seen: Option<Standing>, _now: DateTime<Utc>) -> Result<Changed, Refusal> {
        let reason = refusal::given(&self.reason)?.to_owned();
        let before = seen.ok_or(Refusal::AccountUnknown)?;
        let after = Standing {
            state: State::Blocked {
                reason: reason.clone(),
            },
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
    fn a_block_keeps_the_balance_and_says_why() {
        let [limit, owed, held] = [100, 60, 30].map(Paisa::new);
        let before = Standing {
            balance: Balance {
                limit,
                owed,
                held,
                next_due: None,
            },
            state: State::Active,
        };
        let block = BlockAccount {
            account_id: AccountId::derive(&["a"]),
            reason: "cheque bounced".to_owned(),
        };
        let changed = block
            .decide(Some(before.clone()), DateTime::UNIX_EPOCH)
            .expect("blocked");
        assert_eq!(
            changed.after.state,
            State::Blocked {
                reason: "cheque bounced".to_owned()
            }
        );
        assert_eq!(changed.after.balance, before.balance);

        let silent = BlockAccount {
            reason: " ".to_owned(),
            ..block
        };
        assert_eq!(
            silent.decide(Some(before), DateTime::UNIX_EPOCH),
            Err(Refusal::ReasonMissing)
        );
    }
}
