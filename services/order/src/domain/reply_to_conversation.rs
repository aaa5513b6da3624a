//! A person writes to somebody.

use chrono::{DateTime, Utc};
use khaacho_durable::Command;
use serde::Serialize;
use serde_json::json;

use super::{Contact, Notice, Refusal};

/// Longest text in characters; WhatsApp takes no more.
pub const TEXT_CHARS_MAX: usize = 4096;

/// Whom a conversation is with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherSide {
    /// How to reach him.
    pub contact: Contact,
    /// Until when texts may be sent.
    pub window_until: DateTime<Utc>,
}

/// Sends a text of a person.
#[derive(Debug, Clone, Serialize)]
pub struct ReplyToConversation {
    /// Id, `cnv_…`.
    pub conversation_id: String,
    /// The text.
    pub text: String,
    /// Key under which it is sent at most once.
    pub notice_key: String,
}

impl Command for ReplyToConversation {
    const NAME: &'static str = "ReplyToConversation";
    type Snapshot = Option<OtherSide>;
    type Decision = Notice;
    type Refusal = Refusal;

    fn decide(&self, seen: Option<OtherSide>, now: DateTime<Utc>) -> Result<Notice, Refusal> {
        let other = seen.ok_or(Refusal::ConversationUnknown)?;
        if other.window_until <= now {
            return Err(Refusal::WindowClosed {
                until: other.window_until,
            });
        }
        Ok(Notice {
            dedup_key: self.notice_key.clone(),
            to: other.contact,
            template: "plain_text".to_owned(),
            data: json!({ "text": self.text }),
            // the words are a person's own
            language: 0,
            order_id: String::new(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_sent_as_it_is_while_the_window_is_open() {
        let now = crate::domain::fixtures::now();
        let reply = ReplyToConversation {
            conversation_id: "cnv_1".to_owned(),
            text: "Namaste, we call you at 4.".to_owned(),
            notice_key: "reply:1".to_owned(),
        };
        let seen = |minutes| OtherSide {
            contact: Contact::default(),
            window_until: now + chrono::Duration::minutes(minutes),
        };
        let sent = reply.decide(Some(seen(1)), now).expect("sent");
        assert_eq!(
            (sent.template.as_str(), &sent.data["text"]),
            ("plain_text", &json!(reply.text))
        );
        let late = reply.decide(Some(seen(0)), now);
        assert!(matches!(late, Err(Refusal::WindowClosed { .. })), "{late:?}");
        assert_eq!(reply.decide(None, now), Err(Refusal::ConversationUnknown));
    }
}
