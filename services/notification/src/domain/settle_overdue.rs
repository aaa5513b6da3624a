//! Ending messages that did not arrive in time: every notification ends.

use chrono::{DateTime, Utc};
use khaacho_durable::Command;
use khaacho_ids::NotificationId;
use serde::Serialize;

use super::delivery_state::merge;
use super::outbound::Problem;
use super::{Change, Provider, Queue, Refusal, State};

/// Ends messages whose deadline has passed, the most overdue first.
#[derive(Debug, Clone, Serialize)]
pub struct SettleOverdue {
    /// Providers that report delivery: their messages end also when they were taken and nothing more was
    /// heard.
    pub reporting: Vec<Provider>,
    /// The line whose job found the overdue message; `None` in the sweep.
    pub queue: Option<Queue>,
}

/// An overdue message.
#[derive(Debug, Clone)]
pub struct Overdue {
    /// Id.
    pub id: NotificationId,
    /// Template.
    pub template: String,
    /// State.
    pub state: State,
    /// Whether an operator is told.
    pub escalates: bool,
    /// What its last try or report said.
    pub last: Option<Problem>,
}

impl Command for SettleOverdue {
    const NAME: &'static str = "SettleOverdue";
    type Snapshot = Vec<Overdue>;
    type Decision = Vec<Change>;
    type Refusal = Refusal;

    fn decide(&self, seen: Vec<Overdue>, _now: DateTime<Utc>) -> Result<Vec<Change>, Refusal> {
        Ok(seen.into_iter().map(end).collect())
    }
}

fn end(message: Overdue) -> Change {
    let wanted = if message.escalates {
        State::Escalated
    } else {
        State::Failed
    };
    let ours = if message.state == State::Sent {
        "the provider took it and did not report its delivery by the deadline"
    } else {
        "not delivered by its deadline"
    };
    let ours = Problem {
        code: None,
        text: ours.to_owned(),
    };
    Change {
        id: message.id,
        state: merge(message.state, wanted).unwrap_or(message.state),
        provider_message_id: None,
        problem: Some(message.last.unwrap_or(ours)),
        next_try_at: None,
        looks: 0,
        template: message.template,
        was: message.state,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_must_be_known_goes_to_an_operator_and_the_rest_fails() {
        let overdue = |escalates| Overdue {
            id: NotificationId::derive(&["a"]),
            template: "order_placed".into(),
            state: State::Sent,
            escalates,
            last: None,
        };
        assert_eq!(end(overdue(true)).state, State::Escalated);
        assert_eq!(end(overdue(false)).state, State::Failed);
        let text = end(overdue(true)).problem.expect("a reason").text;
        assert!(text.contains("did not report"), "{text}");
    }
}
