//! Storing what became of a try.

use std::time::Duration;

use chrono::{DateTime, Utc};
use khaacho_durable::Command;
use khaacho_ids::NotificationId;
use serde::{Deserialize, Serialize};

use super::delivery_state::merge;
use super::outbound::Problem;
use super::retry::{Class, Failure, GiveUp, Jitter, Next, next};
use super::{Change, Outbound, Queue, Refusal, State};

/// What the provider said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Result {
    /// It took the message and calls it so.
    Accepted(String),
    /// It did not, or may have.
    Failed {
        /// Kind of failure.
        class: Class,
        /// Code and words.
        problem: Problem,
        /// Wait that the provider asked for.
        retry_after: Option<Duration>,
    },
}

/// Ends a try.
#[derive(Debug, Clone, Serialize)]
pub struct FinishAttempt {
    /// The line that the message stood in.
    pub queue: Queue,
    /// Message.
    pub id: NotificationId,
    /// Number of the try.
    pub number: u32,
    /// Its result.
    pub result: Result,
    /// Draw for the wait, in thousandths.
    pub jitter: u32,
    /// From when on the next message of the line may go.
    pub opens_at: DateTime<Utc>,
    /// Whether an approved template may carry the message when the 24 hour window is closed.
    pub template_at_hand: bool,
}

/// What follows from a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finished {
    /// Change of the message.
    pub change: Change,
    /// Whether a new message carries the same words in an approved template.
    pub as_template: bool,
}

impl Command for FinishAttempt {
    const NAME: &'static str = "FinishAttempt";
    type Snapshot = Option<Outbound>;
    type Decision = Finished;
    type Refusal = Refusal;

    fn decide(&self, seen: Option<Outbound>, now: DateTime<Utc>) -> std::result::Result<Finished, Refusal> {
        let message = seen.ok_or(Refusal::NotificationUnknown)?;
        Ok(match &self.result {
            Result::Accepted(provider_message_id) => Finished {
                change: Change {
                    state: merge(message.state, State::Sent).unwrap_or(message.state),
                    provider_message_id: Some(provider_message_id.clone()),
                    ..message.unchanged()
                },
                as_template: false,
            },
            // A report was faster: the provider has it, or a person has been told.
            Result::Failed { .. }
                if message.provider_message_id.is_some() || message.state > State::Sending =>
            {
                Finished {
                    change: message.unchanged(),
                    as_template: false,
                }
            }
            Result::Failed {
                class,
                problem,
                retry_after,
            } => {
                let failure = Failure {
                    class: *class,
                    attempts: message.in_a_row(*class),
                    retry_after: *retry_after,
                };
                self.after(&message, &failure, problem, now)
            }
        })
    }
}

impl FinishAttempt {
    fn after(
        &self,
        message: &Outbound,
        failure: &Failure,
        problem: &Problem,
        now: DateTime<Utc>,
    ) -> Finished {
        let next = next(
            failure,
            now,
            message.deadline_at,
            Jitter::thousandths(self.jitter),
        );
        let ended = |state| Change {
            state,
            problem: Some(problem.clone()),
            ..message.unchanged()
        };
        let change = match next {
            Next::SendAt(at) | Next::ResolveAt(at) => Change {
                state: State::Sending,
                next_try_at: Some(at),
                looks: 0,
                ..message.unchanged()
            },
            Next::GiveUp(GiveUp::Permanent | GiveUp::WindowClosed) => ended(State::Failed),
            Next::GiveUp(GiveUp::DeadlinePassed) => ended(message.at_deadline()),
        };
        Finished {
            change,
            as_template: next == Next::GiveUp(GiveUp::WindowClosed)
                && self.template_at_hand
                && !message.window_closed,
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::domain::Provider;
    use crate::domain::outbound::tests::{outbound, start};

    fn failed(class: Class) -> Result {
        Result::Failed {
            class,
            problem: Problem {
                code: Some("1".into()),
                text: "no".into(),
            },
            retry_after: None,
        }
    }

    fn finished(message: Outbound, result: Result) -> Finished {
        let finish = FinishAttempt {
            queue: Queue {
                provider: Provider::Meta,
                recipient: message.recipient.line(),
            },
            id: message.id,
            number: 1,
            result,
            jitter: 0,
            opens_at: start(),
            template_at_hand: true,
        };
        finish.decide(Some(message), start()).expect("decided")
    }

    #[test]
    fn a_passing_failure_waits_and_keeps_its_place() {
        let after = finished(outbound(&["retry", ""]), failed(Class::Retry)).change;
        assert_eq!(after.state, State::Sending);
        assert_eq!(after.next_try_at, Some(start() + TimeDelta::seconds(2)));
        assert_eq!(after.problem, None, "it did not end");
    }

    #[test]
    fn a_permanent_no_ends_it_with_the_providers_words() {
        let after = finished(outbound(&[""]), failed(Class::Permanent));
        assert_eq!(after.change.state, State::Failed);
        assert_eq!(after.change.problem.expect("kept").code.as_deref(), Some("1"));
        assert!(!after.as_template);
    }

    #[test]
    fn a_closed_window_is_tried_once_more_as_a_template() {
        assert!(finished(outbound(&[""]), failed(Class::Window)).as_template);
        let closed = Outbound {
            window_closed: true,
            ..outbound(&[""])
        };
        assert!(!finished(closed, failed(Class::Window)).as_template);
    }

    #[test]
    fn a_report_that_was_faster_is_not_undone() {
        let delivered = Outbound {
            state: State::Delivered,
            ..outbound(&[""])
        };
        let accepted = finished(delivered.clone(), Result::Accepted("wamid.1".into())).change;
        assert_eq!(
            (accepted.state, accepted.provider_message_id.as_deref()),
            (State::Delivered, Some("wamid.1"))
        );
        let lost = finished(delivered, failed(Class::Ambiguous)).change;
        assert_eq!((lost.state, lost.next_try_at), (State::Delivered, None));
    }

    #[test]
    fn a_wait_beyond_the_deadline_ends_it_now() {
        let late = Outbound {
            deadline_at: start() + TimeDelta::seconds(10),
            ..outbound(&[""])
        };
        assert_eq!(
            finished(late, failed(Class::SenderStopped)).change.state,
            State::Escalated
        );
    }
}
