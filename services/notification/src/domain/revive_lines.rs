//! Lines of messages that wait although nobody comes for them.

use chrono::{DateTime, Utc};
use khaacho_durable::Command;
use serde::Serialize;

use super::{Queue, Refusal};

/// Gives a job to each line that has messages and none: its job was parked, and whatever was wrong may be over.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct ReviveLines {}

impl Command for ReviveLines {
    const NAME: &'static str = "ReviveLines";
    type Snapshot = Vec<Queue>;
    type Decision = Vec<Queue>;
    type Refusal = Refusal;

    fn decide(&self, lines: Vec<Queue>, _now: DateTime<Utc>) -> Result<Vec<Queue>, Refusal> {
        Ok(lines)
    }
}
