//! A person has seen to a conversation.

use chrono::{DateTime, Utc};
use khaacho_durable::Command;
use serde::Serialize;

use super::Refusal;

/// Takes a conversation off the list of those that wait for a person, and hands it back when somebody had it. One that does not wait stays as it is.
#[derive(Debug, Clone, Serialize)]
pub struct ReleaseConversation {
    /// Id, `cnv_…`.
    pub conversation_id: String,
    /// The newest message that the person has read, `inb_…`; empty where there was none to read.
    pub newest_message: String,
}

/// The newest message of a conversation; empty for none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Newest(pub String);

impl Command for ReleaseConversation {
    const NAME: &'static str = "ReleaseConversation";
    type Snapshot = Option<Newest>;
    type Decision = ();
    type Refusal = Refusal;

    fn decide(&self, seen: Option<Newest>, _now: DateTime<Utc>) -> Result<(), Refusal> {
        let Newest(newest) = seen.ok_or(Refusal::ConversationUnknown)?;
        if newest != self.newest_message {
            // What came meanwhile may be a matter of its own.
            return Err(Refusal::MessageUnread { newest });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_read_is_released() {
        let release = ReleaseConversation {
            conversation_id: "cnv_1".to_owned(),
            newest_message: "inb_1".to_owned(),
        };
        let now = crate::domain::fixtures::now();
        let newest = |id: &str| Some(Newest(id.to_owned()));
        assert_eq!(release.decide(newest("inb_1"), now), Ok(()));
        let unread = Refusal::MessageUnread {
            newest: "inb_2".to_owned(),
        };
        assert_eq!(release.decide(newest("inb_2"), now), Err(unread));
        assert_eq!(release.decide(None, now), Err(Refusal::ConversationUnknown));
    }
}
