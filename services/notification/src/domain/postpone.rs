//! Coming back to a line of messages later.

use chrono::{DateTime, Utc};
use khaacho_durable::Command;
use serde::Serialize;

use super::{Queue, Refusal};

/// Replaces the job of a line by one that runs at `at`. One such job stands for all messages of the line:
/// they keep their order, and a long line costs one wake-up.
#[derive(Debug, Clone, Serialize)]
pub struct Postpone {
    /// The line.
    pub queue: Queue,
    /// When.
    pub at: DateTime<Utc>,
}

impl Command for Postpone {
    const NAME: &'static str = "Postpone";
    type Snapshot = ();
    type Decision = ();
    type Refusal = Refusal;

    fn decide(&self, (): (), _now: DateTime<Utc>) -> Result<(), Refusal> {
        Ok(())
    }
}
