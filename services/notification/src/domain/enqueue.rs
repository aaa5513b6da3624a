//! Storing messages that shall be sent.

use chrono::{DateTime, Utc};
use khaacho_durable::Command;
use khaacho_ids::{NotificationId, OrderId};
use serde::{Deserialize, Serialize};

use super::message::Body;
use super::template::{AtDeadline, Language, Template};
use super::{Moved, Recipient, Refusal};

/// A message as it is asked for.
#[derive(Debug, Clone, Serialize)]
pub struct Notice {
    /// The same key is sent once.
    pub dedup_key: String,
    /// Who gets it.
    pub recipient: Recipient,
    /// Name of the template.
    pub template: String,
    /// Its variables.
    pub data: serde_json::Value,
    /// Language of the reader.
    pub language: Language,
    /// Order that it belongs to.
    pub order_id: Option<OrderId>,
}

/// Stores messages. Their ids are made from their keys, so a repetition meets the first one's rows.
#[derive(Debug, Clone, Serialize)]
pub struct Enqueue {
    /// The messages.
    pub notices: Vec<Notice>,
}

/// A message, or a part of one, in words.
#[derive(Debug, Clone)]
pub struct NewMessage {
    /// Id.
    pub id: NotificationId,
    /// Key of the whole message.
    pub dedup_key: String,
    /// Which part, from 1.
    pub part: i32,
    /// How many.
    pub parts: i32,
    /// Who gets it.
    pub recipient: Recipient,
    /// Template.
    pub template: &'static str,
    /// Language of the words.
    pub language: Language,
    /// Variables of the whole message.
    pub data: serde_json::Value,
    /// Words of this part.
    pub body: Body,
    /// Order that it belongs to.
    pub order_id: Option<OrderId>,
    /// Whether an operator is told at the deadline.
    pub escalates: bool,
    /// When it is given up.
    pub deadline_at: DateTime<Utc>,
}

/// What was stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enqueued {
    /// The first part of each message, in the order of the request.
    pub ids: Vec<NotificationId>,
    /// Messages whose key was known.
    pub duplicates: u32,
    /// New rows.
    pub stored: Vec<Moved>,
}

/// The one id that a part of the message with this key can have.
pub fn notification_id(dedup_key: &str, part: i32) -> NotificationId {
    NotificationId::derive(&[dedup_key, &part.to_string()])
}

impl Command for Enqueue {
    const NAME: &'static str = "Enqueue";
    type Snapshot = ();
    type Decision = Vec<NewMessage>;
    type Refusal = Refusal;

    fn decide(&self, (): (), now: DateTime<Utc>) -> Result<Vec<NewMessage>, Refusal> {
        let mut messages = Vec::with_capacity(self.notices.len());
        for (at, notice) in self.notices.iter().enumerate() {
            if notice.recipient.name().is_none() {
                return Err(Refusal::RecipientMissing { notice: at });
            }
            let words = in_words(notice, now);
            messages.extend(words.map_err(|problem| Refusal::TemplateUnknown { notice: at, problem })?);
        }
        Ok(messages)
    }
}

/// The parts of a message, or why its template cannot say it.
fn in_words(notice: &Notice, now: DateTime<Utc>) -> Result<Vec<NewMessage>, String> {
    let template = Template::decode(&notice.template, &notice.data).map_err(|error| error.to_string())?;
    let rendered = template.render(notice.language);
    if let Some(misfit) = rendered.body.misfit() {
        return Err(misfit.to_owned());
    }
    let bodies = rendered.body.parts(notice.recipient.provider.limits());
    let parts = i32::try_from(bodies.len()).map_err(|error| error.to_string())?;
    let part = |(part, body)| NewMessage {
        id: notification_id(&notice.dedup_key, part),
        dedup_key: notice.dedup_key.clone(),
        part,
        parts,
        recipient: notice.recipient.clone(),
        template: template.name(),
        language: rendered.language,
        data: notice.data.clone(),
        body,
        order_id: notice.order_id,
        escalates: template.at_deadline() == AtDeadline::Escalate,
        deadline_at: now + template.deadline(),
    };
    Ok((1..).zip(bodies).map(part).collect())
}

#[cfg(test)]
mod tests {
    use khaacho_phone::Phone;
    use serde_json::json;

    use super::*;
    use crate::domain::Provider;

    fn notice(template: &str, data: serde_json::Value) -> Notice {
        Notice {
            dedup_key: "ord_1:placed".into(),
            recipient: Recipient {
                provider: Provider::Twilio,
                account: "+14155238886".into(),
                address: String::new(),
                phone: Phone::parse("+9779841234567").ok(),
                user_id: None,
            },
            template: template.into(),
            data,
            language: Language::En,
            order_id: None,
        }
    }

    fn decided(notice: Notice) -> Result<Vec<NewMessage>, Refusal> {
        let enqueue = Enqueue {
            notices: vec![notice],
        };
        enqueue.decide((), DateTime::UNIX_EPOCH)
    }

    #[test]
    fn a_long_message_becomes_parts_with_ids_of_their_own() {
        let text = "सात बोरा चामल ".repeat(300);
        let parts = decided(notice("plain_text", json!({ "text": text }))).expect("fine");
        assert!(parts.len() > 1);
        assert!(
            parts
                .iter()
                .all(|part| part.parts == i32::try_from(parts.len()).expect("few"))
        );
        assert_eq!(parts[1].id, notification_id("ord_1:placed", 2));
        assert_eq!(parts[0].deadline_at, DateTime::UNIX_EPOCH + TEMPLATE_DEADLINE);
    }

    const TEMPLATE_DEADLINE: std::time::Duration = crate::domain::template::DEADLINE;

    #[test]
    fn unknown_templates_and_nobody_are_refused() {
        let unknown = decided(notice("no_such", json!({})));
        assert!(matches!(unknown, Err(Refusal::TemplateUnknown { notice: 0, .. })));
        let bad = decided(notice("plain_text", json!({ "text": 7 })));
        assert!(matches!(bad, Err(Refusal::TemplateUnknown { .. })));
        let mut nobody = notice("thanks", json!({}));
        nobody.recipient.phone = None;
        assert!(matches!(
            decided(nobody),
            Err(Refusal::RecipientMissing { notice: 0 })
        ));
    }
}
