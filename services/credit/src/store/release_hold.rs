use khaacho_durable::{Transact, Tx};
use khaacho_fault::Fault;
use serde::{Deserialize, Serialize};

use super::account::{self, Move};
use super::hold;
use crate::domain::place_hold::Seen;
use crate::domain::release_hold::{Decision, ReleaseHold};
use crate::domain::{Hold, HoldState};

/// A hold that is released.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Released {
    /// The hold.
    pub hold: Hold,
    /// Whether this call gave credit back.
    pub fresh: bool,
}

impl Transact for ReleaseHold {
    type Reply = Released;
    /// The order names the hold.
    const REMEMBERED: bool = false;

    async fn load(&self, tx: &mut Tx) -> Result<Seen, Fault> {
        hold::claim(tx, &self.tombstone(), &self.reason).await
    }

    async fn save(&self, decision: Decision, tx: &mut Tx) -> Result<Released, Fault> {
        let hold = match decision {
            Decision::Released(hold) => return Ok(Released { hold, fresh: false }),
            Decision::Release(hold) => hold,
        };
        hold::settle(tx, hold.hold_id, HoldState::Released, &self.reason).await?;
        let change = Move {
            d_held: -hold.amount.paisa(),
            hold_id: Some(hold.hold_id),
            order_id: Some(hold.order_id),
            ..Move::new("hold_released", hold.account_id)
        };
        account::move_known_account(tx, change).await?;
        Ok(Released {
            hold: Hold {
                state: HoldState::Released,
                ..hold
            },
            fresh: true,
        })
    }
}
