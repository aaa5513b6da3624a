//! Messages come in.

use chrono::{DateTime, Utc};
use khaacho_durable::Command;
use khaacho_ids::InboundId;
use khaacho_planted::{self as planted, Bug};
use serde::{Deserialize, Serialize};

use super::attached::Attached;
use super::{Contact, Refusal};

/// Characters of a text that are kept; WhatsApp allows no more.
pub const TEXT_CHARS_MAX: usize = 4096;

/// A message as a provider delivered it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Inbound {
    /// Sender and our own number.
    pub contact: Contact,
    /// Provider's id.
    pub provider_message_id: String,
    /// Sender's profile name.
    pub profile_name: String,
    /// Kind.
    pub kind: String,
    /// Text.
    pub text: String,
    /// Tapped button or row.
    pub reply_id: String,
    /// Message that it answers.
    pub context_id: String,
    /// When it was sent, by the provider's clock.
    pub sent_at: Option<DateTime<Utc>>,
    /// Raw payload.
    pub payload: serde_json::Value,
    /// Things of a catalogue cart.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cart: Vec<CartItem>,
    /// What came with it beside its words.
    #[serde(default, skip_serializing_if = "Attached::is_empty")]
    pub attached: Attached,
}

/// A thing of a catalogue cart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CartItem {
    /// Product, as the provider's catalogue names it.
    pub sku: String,
    /// Sale units; 0 when it was no proper number.
    pub quantity: u32,
}

impl Inbound {
    /// Our id: the same message always has the same one.
    pub fn inbound_id(&self) -> InboundId {
        let provider = self.contact.provider.to_string();
        let message = &self.provider_message_id;
        if planted::on(Bug::RedisDedupe) {
            return InboundId::derive(&[&provider, &self.contact.account, message, &planted::era()]);
        }
        InboundId::derive(&[&provider, &self.contact.account, message])
    }
}

/// Stores messages with the jobs that will handle them.
#[derive(Debug, Clone, Serialize)]
pub struct ReceiveMessage {
    /// The messages, in the provider's order.
    pub messages: Vec<Inbound>,
    /// Bytes of their raw payloads.
    pub payload_bytes: usize,
}

impl Command for ReceiveMessage {
    const NAME: &'static str = "ReceiveMessage";
    type Snapshot = ();
    type Decision = ();
    type Refusal = Refusal;

    fn decide(&self, (): (), _now: DateTime<Utc>) -> Result<(), Refusal> {
        Ok(())
    }
}
