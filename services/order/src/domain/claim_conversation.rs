//! A person takes a conversation over.

use chrono::{DateTime, Utc};
use khaacho_durable::Command;
use serde::Serialize;

use super::Refusal;

/// Takes a conversation over: until it is released nothing that the other side writes is acted upon.
#[derive(Debug, Clone, Serialize)]
pub struct ClaimConversation {
    /// Id, `cnv_…`.
    pub conversation_id: String,
    /// Who takes it.
    pub person: String,
    /// Also from somebody else.
    pub take_over: bool,
}

/// Who has a conversation; empty for nobody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder(pub String);

impl Command for ClaimConversation {
    const NAME: &'static str = "ClaimConversation";
    type Snapshot = Option<Holder>;
    type Decision = ();
    type Refusal = Refusal;

    fn decide(&self, seen: Option<Holder>, _now: DateTime<Utc>) -> Result<(), Refusal> {
        let Holder(holder) = seen.ok_or(Refusal::ConversationUnknown)?;
        if holder.is_empty() || holder == self.person || self.take_over {
            return Ok(());
        }
        Err(Refusal::ConversationClaimed { by: holder })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_person_at_a_time_has_it() {
        let claim = |take_over| ClaimConversation {
            conversation_id: "cnv_1".to_owned(),
            person: "key_a".to_owned(),
            take_over,
        };
        let now = crate::domain::fixtures::now();
        let held = |by: &str| Some(Holder(by.to_owned()));
        assert_eq!(claim(false).decide(held(""), now), Ok(()));
        assert_eq!(claim(false).decide(held("key_a"), now), Ok(()));
        let other = Refusal::ConversationClaimed {
            by: "key_b".to_owned(),
        };
        assert_eq!(claim(false).decide(held("key_b"), now), Err(other));
        assert_eq!(claim(true).decide(held("key_b"), now), Ok(()));
        assert_eq!(claim(true).decide(None, now), Err(Refusal::ConversationUnknown));
    }
}
