//! The end of a line of messages, if it is one.

use chrono::{DateTime, Utc};
use khaacho_durable::Command;
use serde::Serialize;

use super::{Queue, Refusal};

/// Removes the job of a line in which nothing seemed to wait; what was added since then gets a new one.
#[derive(Debug, Clone, Serialize)]
pub struct EndLine {
    /// The line.
    pub queue: Queue,
}

impl Command for EndLine {
    const NAME: &'static str = "EndLine";
    type Snapshot = ();
    type Decision = ();
    type Refusal = Refusal;

    fn decide(&self, (): (), _now: DateTime<Utc>) -> Result<(), Refusal> {
        Ok(())
    }
}
