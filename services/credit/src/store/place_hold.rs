mod batch;

use khaacho_durable::{Transact, Tx};
use khaacho_fault::{Fault, reason};
use khaacho_planted::{self as planted, Bug};
use serde::{Deserialize, Serialize};

use super::account::{self, Move};
use super::hold;
use crate::domain::place_hold::{Decision, PlaceHold, Seen, why_not};
use crate::domain::{Balance, Hold, Refusal};

/// A hold that stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// The hold.
    pub hold: Hold,
    /// Balance after it.
    pub balance: Balance,
    /// Whether this call placed it.
    pub fresh: bool,
}

/// Two statements for a new hold: its row, and the conditional update of the account with its event.
impl Transact for PlaceHold {
    type Reply = Held;
    /// The order names the hold.
    const REMEMBERED: bool = false;

    async fn load(&self, tx: &mut Tx) -> Result<Seen, Fault> {
        hold::claim(tx, &self.hold(), "").await
    }

    async fn save(&self, decision: Decision, tx: &mut Tx) -> Result<Held, Fault> {
        let hold = match decision {
            Decision::Again(hold) => {
                let standing = account::standing(tx.conn(), self.account_id).await?;
                let (standing, _) = standing.ok_or(Refusal::AccountUnknown)?;
                return Ok(Held {
                    hold,
                    balance: standing.balance,
                    fresh: false,
                });
            }
            Decision::Take(hold) => hold,
        };
        let change = Move {
            d_held: hold.amount.paisa(),
            within_limit: !self.looks_first(tx).await?,
            hold_id: Some(hold.hold_id),
            order_id: Some(hold.order_id),
            ..Move::new("hold_placed", hold.account_id)
        };
        match account::move_account(tx, change).await? {
            Some(balance) => Ok(Held {
                hold,
                balance,
                fresh: true,
            }),
            None => Err(self.explain(tx).await?),
        }
    }
}

impl PlaceHold {
    /// A bug on purpose: the limit is looked at, and then the hold is written whatever it is by now. Whether it is so.
    async fn looks_first(&self, tx: &mut Tx) -> Result<bool, Fault> {
        if !planted::on(Bug::LimitReadThenWrite) && !planted::on(Bug::StaleDecision) {
            return Ok(false);
        }
        let standing = account::standing(tx.conn(), self.account_id).await?;
        let (standing, _) = standing.ok_or(Refusal::AccountUnknown)?;
        let standing = planted::stale(Bug::StaleDecision, self.account_id.uuid().as_u128(), standing);
        if let Some(refusal) = why_not(&standing, self.amount) {
            return Err(refusal.into());
        }
        if planted::on(Bug::LimitReadThenWrite) {
            // Time in which somebody else decides the same.
            sqlx::query("select pg_sleep(0.02)").execute(tx.conn()).await?;
        }
        Ok(true)
    }

    /// Why the update took nothing. The fault that it returns rolls the hold's row back.
    async fn explain(&self, tx: &mut Tx) -> Result<Fault, Fault> {
        let standing = account::standing(tx.conn(), self.account_id).await?;
        let (standing, _) = standing.ok_or(Refusal::AccountUnknown)?;
        // room again a moment later: a payment or a new limit came in between, so asking once more will do
        Ok(why_not(&standing, self.amount)
            .map_or_else(|| Fault::conflict(reason::CONCURRENT_UPDATE), Fault::from))
    }
}
