//! Writing down that a message is about to be handed to its provider, before it is.

use chrono::{DateTime, Utc};
use khaacho_durable::Command;
use khaacho_ids::NotificationId;
use serde::Serialize;

use super::{Provider, Refusal};

/// Begins a try. A process that dies after it leaves a try without a result, which is looked for.
#[derive(Debug, Clone, Serialize)]
pub struct BeginAttempt {
    /// Message.
    pub id: NotificationId,
    /// Who carries it.
    pub provider: Provider,
    /// Tries that the caller has seen: of two callers that saw the same, one begins.
    pub seen: u32,
}

impl Command for BeginAttempt {
    const NAME: &'static str = "BeginAttempt";
    type Snapshot = ();
    type Decision = ();
    type Refusal = Refusal;

    fn decide(&self, (): (), _now: DateTime<Utc>) -> Result<(), Refusal> {
        Ok(())
    }
}
