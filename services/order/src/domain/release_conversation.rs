//! A person has seen to a conversation.

use chrono::{DateTime, Utc};
use khaacho_durable::Command;
use serde::Serialize;

use super::Refusal;

/// Takes a conversation off the list of those that wait for a person. One that does not wait stays as it is.
#[derive(Debug, Clone, Serialize)]
pub struct ReleaseConversation {
    /// Id, `cnv_…`.
    pub conversation_id: String,
}

impl Command for ReleaseConversation {
    const NAME: &'static str = "ReleaseConversation";
    /// Whether it exists.
    type Snapshot = bool;
    type Decision = ();
    type Refusal = Refusal;

    fn decide(&self, exists: bool, _now: DateTime<Utc>) -> Result<(), Refusal> {
        if exists {
            Ok(())
        } else {
            Err(Refusal::ConversationUnknown)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_conversation_that_exists_is_released() {
        let release = ReleaseConversation {
            conversation_id: "cnv_1".to_owned(),
        };
        let now = crate::domain::fixtures::now();
        assert_eq!(release.decide(true, now), Ok(()));
        assert_eq!(release.decide(false, now), Err(Refusal::ConversationUnknown));
    }
}
