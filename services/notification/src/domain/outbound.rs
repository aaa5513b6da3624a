//! A stored message on its way: what is known about it and what comes next.

use chrono::{DateTime, TimeDelta, Utc};
use khaacho_ids::NotificationId;
use serde::{Deserialize, Serialize};

use super::message::Body;
use super::retry::Class;
use super::{Provider, Recipient, State};

/// How often we look for a message whose answer was lost before silence counts as "was not sent". Status reports come
/// within seconds of a message that went out; 45 s of silence is what one lost answer may cost everybody who stands
/// behind it in the recipient's line.
pub const LOOKS_MAX: u32 = 2;
/// Tries with an unknown outcome after which nothing is sent any more: a person must never get one message
/// more often than this.
pub const UNKNOWN_SENDS_MAX: usize = 5;
/// After a try whose result nobody stored: time for the provider to list or report the message.
const FIRST_LOOK_AFTER: TimeDelta = TimeDelta::seconds(15);

/// A line of messages to one recipient; the body of a job that moves it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Queue {
    /// Who carries them.
    pub provider: Provider,
    /// Name of the line ([`Recipient::line`]).
    pub recipient: String,
}

/// A message that is not settled. `Debug` shows neither its text nor its recipient's whole number.
#[derive(Debug, Clone)]
pub struct Outbound {
    /// Id.
    pub id: NotificationId,
    /// State.
    pub state: State,
    /// Who gets it.
    pub recipient: Recipient,
    /// Template, for metrics.
    pub template: String,
    /// What it says.
    pub body: Body,
    /// Whether an operator is told at the deadline.
    pub escalates: bool,
    /// Whether only an approved template may carry it.
    pub window_closed: bool,
    /// Looks for it since the last try.
    pub looks: u32,
    /// Not before this.
    pub next_try_at: Option<DateTime<Utc>>,
    /// When it is given up.
    pub deadline_at: DateTime<Utc>,
    /// The provider's id of it, once known.
    pub provider_message_id: Option<String>,
    /// Tries ever made.
    pub attempts: u32,
    /// Tries since it was last queued, oldest first.
    pub tries: Vec<Try>,
}

/// One try to send.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Try {
    /// Number, from 1.
    pub number: u32,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// `accepted`, the name of a [`Class`], or empty while unknown.
    pub result: String,
}

impl Try {
    /// Whether the provider may have the message though we do not know it.
    pub fn is_unknown(&self) -> bool {
        self.result.is_empty() || self.result == Class::Ambiguous.as_str()
    }
}

/// What to do with a message now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Hand it to the provider.
    Send,
    /// Find out whether this try reached the provider.
    Look {
        /// Number of the try.
        number: u32,
        /// When it began.
        since: DateTime<Utc>,
    },
    /// Nothing before this time.
    Wait(DateTime<Utc>),
    /// Its deadline has passed.
    Overdue,
}

/// Why a message ended without arriving.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The provider's code.
    pub code: Option<String>,
    /// The provider's words, or ours.
    pub text: String,
}

/// What shall be written about one message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Id.
    pub id: NotificationId,
    /// State from now on.
    pub state: State,
    /// Kept when one is known already.
    pub provider_message_id: Option<String>,
    /// Kept when an earlier one is known.
    pub problem: Option<Problem>,
    /// Not before this.
    pub next_try_at: Option<DateTime<Utc>>,
    /// Looks since the last try.
    pub looks: u32,
    /// Template, for metrics.
    pub template: String,
    /// State until now, for metrics.
    pub was: State,
}

/// A message that changed its state, to be counted once that is certain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// Id.
    pub id: NotificationId,
    /// Template.
    pub template: String,
    /// State.
    pub state: State,
}

impl Change {
    /// The move that this change is, if the state changes.
    pub fn moved(&self) -> Option<Moved> {
        (self.was != self.state).then(|| Moved {
            id: self.id,
            template: self.template.clone(),
            state: self.state,
        })
    }
}

impl Outbound {
    /// What comes next.
    pub fn next_step(&self, now: DateTime<Utc>) -> Step {
        if now >= self.deadline_at {
            return Step::Overdue;
        }
        if let Some(at) = self.next_try_at.filter(|at| *at > now) {
            return Step::Wait(at.min(self.deadline_at));
        }
        let Some(last) = self.tries.last().filter(|last| last.is_unknown()) else {
            return Step::Send;
        };
        if self.looks >= LOOKS_MAX {
            return match self.tries.iter().filter(|made| made.is_unknown()).count() {
                unknown if unknown < UNKNOWN_SENDS_MAX => Step::Send,
                // Only a status report can help now.
                _ => Step::Wait(self.deadline_at),
            };
        }
        let listed_at = last.started_at + FIRST_LOOK_AFTER;
        if now < listed_at {
            return Step::Wait(listed_at.min(self.deadline_at));
        }
        Step::Look {
            number: last.number,
            since: last.started_at,
        }
    }

    /// Tries in a row that ended in this class, with one more that is about to be stored.
    pub fn in_a_row(&self, class: Class) -> u32 {
        let before = self
            .tries
            .iter()
            .rev()
            .skip_while(|made| made.result.is_empty())
            .take_while(|made| made.result == class.as_str())
            .count();
        u32::try_from(before).unwrap_or(u32::MAX).saturating_add(1)
    }

    /// State of a message that did not arrive by its deadline.
    pub fn at_deadline(&self) -> State {
        if self.escalates {
            State::Escalated
        } else {
            State::Failed
        }
    }

    /// A change that changes nothing yet.
    pub fn unchanged(&self) -> Change {
        Change {
            id: self.id,
            state: self.state,
            provider_message_id: None,
            problem: None,
            next_try_at: None,
            looks: self.looks,
            template: self.template.clone(),
            was: self.state,
        }
    }

    /// The end of a message that did not arrive by its deadline.
    pub fn given_up(&self, last: Option<Problem>) -> Change {
        let ours = Problem {
            code: None,
            text: "not delivered by its deadline".to_owned(),
        };
        Change {
            state: self.at_deadline().max(self.state),
            problem: Some(last.unwrap_or(ours)),
            ..self.unchanged()
        }
    }
}

#[cfg(test)]
pub(crate) mod tests;
