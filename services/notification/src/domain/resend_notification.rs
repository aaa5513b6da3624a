//! Sending a message again that failed or was handed to an operator.

use chrono::{DateTime, Utc};
use khaacho_durable::Command;
use khaacho_ids::NotificationId;
use serde::Serialize;

use super::{Recipient, Refusal, State};

/// Queues a failed or escalated notification again, with the time to deliver that it had at first.
#[derive(Debug, Clone, Serialize)]
pub struct ResendNotification {
    /// Notification.
    pub notification_id: NotificationId,
}

/// What the decision sees.
#[derive(Debug, Clone)]
pub struct Ended {
    /// State.
    pub state: State,
    /// Who gets it.
    pub recipient: Recipient,
    /// When it was queued last.
    pub queued_at: DateTime<Utc>,
    /// When it was given up.
    pub deadline_at: DateTime<Utc>,
}

/// What shall be written.
#[derive(Debug, Clone)]
pub struct Again {
    /// Who gets it.
    pub recipient: Recipient,
    /// When it is given up now.
    pub deadline_at: DateTime<Utc>,
}

impl Command for ResendNotification {
    const NAME: &'static str = "ResendNotification";
    type Snapshot = Option<Ended>;
    type Decision = Again;
    type Refusal = Refusal;

    fn decide(&self, seen: Option<Ended>, now: DateTime<Utc>) -> Result<Again, Refusal> {
        let seen = seen.ok_or(Refusal::NotificationUnknown)?;
        if !matches!(seen.state, State::Failed | State::Escalated) {
            return Err(Refusal::StillUnderWay { state: seen.state });
        }
        Ok(Again {
            recipient: seen.recipient,
            deadline_at: now + (seen.deadline_at - seen.queued_at),
        })
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::domain::outbound::tests::{outbound, start};

    #[test]
    fn only_what_ended_without_arriving_is_sent_again() {
        let resend = ResendNotification {
            notification_id: NotificationId::derive(&["a"]),
        };
        let ended = |state| Ended {
            state,
            recipient: outbound(&[]).recipient,
            queued_at: start(),
            deadline_at: start() + TimeDelta::minutes(10),
        };
        for state in State::ALL {
            let decided = resend.decide(Some(ended(state)), start() + TimeDelta::days(1));
            match state {
                State::Failed | State::Escalated => {
                    let again = decided.expect("queued").deadline_at;
                    assert_eq!(again, start() + TimeDelta::days(1) + TimeDelta::minutes(10));
                }
                _ => assert_eq!(decided.expect_err("refused"), Refusal::StillUnderWay { state }),
            }
        }
    }
}
