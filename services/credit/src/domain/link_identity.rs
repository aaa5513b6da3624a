//! Learning the business-scoped id of somebody whose phone we know: later messages may carry only the id.

use chrono::{DateTime, Utc};
use khaacho_durable::Command;
use khaacho_ids::AccountId;
use serde::Serialize;

use super::Refusal;

/// Links an id to the accounts of its phone. An id that is linked to another account stays where it is.
#[derive(Debug, Clone, Serialize)]
pub struct LinkIdentity {
    /// Accounts, all that the phone acts for.
    pub account_ids: Vec<AccountId>,
    /// Id at the provider.
    pub user_id: String,
}

impl Command for LinkIdentity {
    const NAME: &'static str = "LinkIdentity";
    type Snapshot = ();
    type Decision = ();
    type Refusal = Refusal;

    fn decide(&self, _seen: (), _now: DateTime<Utc>) -> Result<(), Refusal> {
        Ok(())
    }
}
