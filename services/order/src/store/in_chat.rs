//! A verb that a message asked for: its effect and the end of the message in one transaction.

use chrono::{DateTime, Utc};
use khaacho_durable::{Command, Transact, Tx};
use khaacho_fault::Fault;
use serde::Serialize;

use super::finish_message::save_step;
use crate::domain::finish_message::Step;

/// A verb with the end of the message that asked for it.
#[derive(Debug, Clone, Serialize)]
pub struct InChat<C> {
    /// The verb.
    pub command: C,
    /// The end of the message.
    pub step: Step,
}

impl<C: Command> Command for InChat<C> {
    const NAME: &'static str = C::NAME;
    type Snapshot = C::Snapshot;
    type Decision = C::Decision;
    type Refusal = C::Refusal;

    fn decide(&self, seen: C::Snapshot, now: DateTime<Utc>) -> Result<C::Decision, C::Refusal> {
        self.command.decide(seen, now)
    }
}

impl<C: Transact> Transact for InChat<C> {
    type Reply = C::Reply;
    /// The job that handles the message goes with the effect.
    const REMEMBERED: bool = false;

    async fn load(&self, tx: &mut Tx) -> Result<C::Snapshot, Fault> {
        // First the conversation, as the lock order says.
        save_step(tx, &self.step).await?;
        self.command.load(tx).await
    }

    async fn save(&self, decision: C::Decision, tx: &mut Tx) -> Result<C::Reply, Fault> {
        self.command.save(decision, tx).await
    }
}
