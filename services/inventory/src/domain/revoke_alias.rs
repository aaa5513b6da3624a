//! An operator takes an alias back.

use chrono::{DateTime, Utc};
use khaacho_durable::Command;
use khaacho_ids::AliasId;
use serde::Serialize;

use super::refusal::Refusal;

/// The command.
#[derive(Debug, Clone, Serialize)]
pub struct RevokeAlias {
    /// The alias.
    pub alias_id: AliasId,
    /// Why; not empty.
    pub reason: String,
}

/// Whether it is in force; `None` when there is none.
pub type Snapshot = Option<bool>;

impl Command for RevokeAlias {
    const NAME: &'static str = "RevokeAlias";
    type Snapshot = Snapshot;
    /// Whether there is something to do.
    type Decision = bool;
    type Refusal = Refusal;

    fn decide(&self, active: Snapshot, _now: DateTime<Utc>) -> Result<bool, Refusal> {
        active.ok_or(Refusal::AliasUnknown)
    }
}
