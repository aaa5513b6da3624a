//! Storing what a provider knows about a message whose answer was lost.

use chrono::{DateTime, Utc};
use khaacho_durable::Command;
use khaacho_ids::NotificationId;
use serde::Serialize;

use super::delivery_state::merge;
use super::outbound::LOOKS_MAX;
use super::retry::{Class, Failure, Jitter, Next, next};
use super::{Change, Outbound, Queue, Refusal, State};

/// What the look found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum Found {
    /// The provider has it under this id.
    Sent(String),
    /// The provider does not have it.
    NotSent,
    /// The provider cannot be asked; its status report would have said.
    Silence,
    /// The look itself failed and says nothing.
    NoAnswer,
}

/// Ends a look.
#[derive(Debug, Clone, Serialize)]
pub struct FinishLook {
    /// The line that the message stands in.
    pub queue: Queue,
    /// Message.
    pub id: NotificationId,
    /// Number of the try that was looked for.
    pub number: u32,
    /// What was found.
    pub found: Found,
    /// Draw for the wait, in thousandths.
    pub jitter: u32,
}

impl Command for FinishLook {
    const NAME: &'static str = "FinishLook";
    type Snapshot = Option<Outbound>;
    type Decision = Change;
    type Refusal = Refusal;

    fn decide(&self, seen: Option<Outbound>, now: DateTime<Utc>) -> Result<Change, Refusal> {
        let message = seen.ok_or(Refusal::NotificationUnknown)?;
        if message.provider_message_id.is_some() || message.state > State::Sending {
            return Ok(message.unchanged());
        }
        let looks = message.looks + u32::from(self.found == Found::Silence);
        Ok(match &self.found {
            Found::Sent(provider_message_id) => Change {
                state: merge(message.state, State::Sent).unwrap_or(message.state),
                provider_message_id: Some(provider_message_id.clone()),
                ..message.unchanged()
            },
            Found::NotSent => Change {
                next_try_at: Some(now),
                ..message.unchanged()
            },
            Found::Silence if looks >= LOOKS_MAX => Change {
                next_try_at: Some(now),
                looks,
                ..message.unchanged()
            },
            Found::Silence | Found::NoAnswer => Change {
                next_try_at: Some(self.look_again_at(&message, looks, now)),
                looks,
                ..message.unchanged()
            },
        })
    }
}

impl FinishLook {
    fn look_again_at(&self, message: &Outbound, looks: u32, now: DateTime<Utc>) -> DateTime<Utc> {
        let failure = Failure {
            class: Class::Ambiguous,
            attempts: looks + 1,
            retry_after: None,
        };
        match next(
            &failure,
            now,
            message.deadline_at,
            Jitter::thousandths(self.jitter),
        ) {
            Next::SendAt(at) | Next::ResolveAt(at) => at,
            // Until then a status report may still come.
            Next::GiveUp(_) => message.deadline_at,
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::domain::Provider;
    use crate::domain::outbound::Step;
    use crate::domain::outbound::tests::{outbound, start};

    fn looked(message: Outbound, found: Found) -> Change {
        let look = FinishLook {
            queue: Queue {
                provider: Provider::Meta,
                recipient: message.recipient.line(),
            },
            id: message.id,
            number: 1,
            found,
            jitter: 0,
        };
        look.decide(Some(message), start()).expect("decided")
    }

    #[test]
    fn a_message_that_is_found_is_sent() {
        let change = looked(outbound(&["ambiguous"]), Found::Sent("SM1".into()));
        assert_eq!(
            (change.state, change.provider_message_id.as_deref()),
            (State::Sent, Some("SM1"))
        );
    }

    #[test]
    fn silence_twice_lets_it_be_sent_again() {
        let mut message = outbound(&["ambiguous"]);
        let mut waits = Vec::new();
        for _ in 0..LOOKS_MAX {
            let change = looked(message.clone(), Found::Silence);
            waits.push((change.next_try_at.expect("it goes on") - start()).num_seconds());
            message.looks = change.looks;
        }
        assert_eq!(waits, [30, 0]);
        assert_eq!(message.next_step(start()), Step::Send);
    }

    #[test]
    fn a_look_without_an_answer_proves_nothing() {
        let change = looked(outbound(&["ambiguous"]), Found::NoAnswer);
        assert_eq!(
            (change.looks, change.next_try_at),
            (0, Some(start() + TimeDelta::seconds(15)))
        );
    }
}
