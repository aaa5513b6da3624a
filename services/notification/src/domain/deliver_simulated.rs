//! Delivering a message to a simulated phone: one transaction, because the phone is a table of ours.

use chrono::{DateTime, Utc};
use khaacho_durable::Command;
use serde::Serialize;

use super::outbound::{Problem, Step};
use super::simulated::Simulated;
use super::{Change, Outbound, Queue, Refusal, State};

/// Delivers the first message of a line.
#[derive(Debug, Clone, Serialize)]
pub struct DeliverSimulated {
    /// The line.
    pub queue: Queue,
}

/// What shall be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// Nothing waits.
    Nothing,
    /// The phone shows it.
    Shown {
        /// What it shows.
        message: Simulated,
        /// Tries before this one.
        attempts: u32,
        /// Change of the message.
        change: Change,
    },
    /// It ends without having been shown.
    Ended(Change),
}

impl Command for DeliverSimulated {
    const NAME: &'static str = "DeliverSimulated";
    type Snapshot = Option<Outbound>;
    type Decision = Delivery;
    type Refusal = Refusal;

    fn decide(&self, seen: Option<Outbound>, now: DateTime<Utc>) -> Result<Delivery, Refusal> {
        let Some(message) = seen else {
            return Ok(Delivery::Nothing);
        };
        if message.next_step(now) == Step::Overdue {
            return Ok(Delivery::Ended(message.given_up(None)));
        }
        if let Some(misfit) = message.body.misfit() {
            return Ok(Delivery::Ended(Change {
                state: State::Failed,
                problem: Some(Problem {
                    code: None,
                    text: misfit.to_owned(),
                }),
                ..message.unchanged()
            }));
        }
        let shown = Simulated::of(&message);
        let change = Change {
            state: State::Delivered,
            provider_message_id: Some(shown.provider_message_id.clone()),
            ..message.unchanged()
        };
        Ok(Delivery::Shown {
            message: shown,
            attempts: message.attempts,
            change,
        })
    }
}
