//! Messages that people write to a world.

use khaacho_fault::Fault;
use khaacho_proto::common::v1::{Address, Provider};
use khaacho_proto::notification::v1::Notice;
use khaacho_proto::order::v1 as pb;

use super::{By, World, answer};

/// Messages.
impl World {
    /// A text message from a phone.
    pub(crate) fn message(&self, phone: &str, text: &str) -> pb::ReceivedMessage {
        let address = Address {
            provider: Provider::Simulator.into(),
            account: "sim".to_owned(),
            address: phone.to_owned(),
            phone: phone.to_owned(),
            user_id: String::new(),
        };
        let message = pb::InboundMessage {
            provider_message_id: format!("wamid-{}", self.number()),
            kind: "text".to_owned(),
            text: text.to_owned(),
            payload_json: "{}".to_owned(),
            ..Default::default()
        };
        pb::ReceivedMessage {
            address: Some(address),
            message: Some(message),
        }
    }

    /// Taps a button or a row, and waits for the end of the message. The three providers deliver its id alike.
    pub(crate) async fn tap(&self, phone: &str, id: &str) -> Said {
        let mut tapped = self.message(phone, "what the button shows");
        let message = tapped.message.as_mut().expect("one");
        message.kind = "interactive".to_owned();
        message.reply_id = id.to_owned();
        self.send(tapped).await
    }

    pub(crate) async fn receive(
        &self,
        messages: Vec<pb::ReceivedMessage>,
    ) -> Result<pb::ReceiveMessageResponse, Fault> {
        let body = pb::ReceiveMessageRequest { messages };
        answer(self.intake().receive_message(By::Operator.asks(body)).await)
    }

    /// Writes, and waits for the end of the message.
    pub(crate) async fn say(&self, phone: &str, text: &str) -> Said {
        self.send(self.message(phone, text)).await
    }

    /// Sends a message and waits for its end.
    pub(crate) async fn send(&self, message: pb::ReceivedMessage) -> Said {
        let inbound = self
            .receive(vec![message])
            .await
            .expect("received")
            .inbound_ids
            .remove(0);
        self.ended(&inbound).await
    }

    /// Waits for the end of a message and of what it caused.
    pub(crate) async fn ended(&self, inbound: &str) -> Said {
        let id = inbound.parse::<khaacho_ids::InboundId>().expect("an id").uuid();
        let end = async || -> (Option<String>, String) {
            sqlx::query_as(
                "select outcome, coalesce(outcome_ref, '') from orders.inbound_message where id = $1",
            )
            .bind(id)
            .fetch_one(self.db.pool())
            .await
            .expect("the message")
        };
        let ended = async || end().await.0.is_some();
        self.eventually("the message ends", ended).await;
        self.quiet().await;
        let (outcome, about) = end().await;
        let books = self.books();
        let own = |n: &&Notice| n.dedup_key.starts_with(inbound);
        let replies = books.notices.iter().filter(own).cloned().collect();
        Said {
            inbound_id: inbound.to_owned(),
            outcome: outcome.unwrap_or_default(),
            about,
            replies,
        }
    }
}

/// What became of a message.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) inbound_id: String,
    pub(crate) outcome: String,
    pub(crate) about: String,
    pub(crate) replies: Vec<Notice>,
}

impl Said {
    /// Templates of its replies.
    pub(crate) fn templates(&self) -> Vec<&str> {
        self.replies.iter().map(|n| n.template.as_str()).collect()
    }

    /// Variables of its only reply.
    pub(crate) fn data(&self) -> serde_json::Value {
        assert_eq!(self.replies.len(), 1, "one reply: {self:?}");
        self.data_of(0)
    }

    /// Variables of its n-th reply, from 0.
    pub(crate) fn data_of(&self, n: usize) -> serde_json::Value {
        serde_json::from_str(&self.replies[n].data_json).expect("JSON")
    }
}
