//! The normalised events. Their `Debug` shows ids and kinds only: the rest is personal data.

use std::fmt;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::Provider;

/// One thing that a webhook body reported.
#[derive(Clone, PartialEq)]
pub enum Event {
    /// Somebody wrote to us.
    Message(Inbound),
    /// A message that we sent changed its state.
    Status(StatusUpdate),
    /// Everything else: stored, counted, acknowledged, not acted upon.
    Ignored {
        /// Who delivered it.
        provider: Provider,
        /// What it was, as far as it can be told: a field name of Meta, or our own word such as `malformed`.
        kind: String,
        /// What to store: the element, or the whole body as a string when it could not be read.
        raw: Value,
    },
}

/// One inbound message. `(provider, account, message_id)` is its identity.
#[derive(Clone, PartialEq)]
pub struct Inbound {
    /// Who delivered it.
    pub provider: Provider,
    /// Which of our numbers it reached. Twilio: `<AccountSid>/<To>`, for example
    /// `AC0…/whatsapp:+14155238886`. Meta: the phone number id.
    pub account: String,
    /// The provider's id: Twilio's `MessageSid`, Meta's `wamid`.
    pub message_id: String,
    /// The sender as a reply needs it. Twilio: the `From` value with its `whatsapp:` prefix. Meta: digits of the
    /// phone number, or the business-scoped id (which holds a full stop) of a user who hides the number.
    pub from_address: String,
    /// The sender's phone number in E.164, absent when the user hides it.
    pub phone: Option<String>,
    /// Meta's business-scoped user id, `NP.4624…`.
    pub user_id: Option<String>,
    /// The name that the sender chose, or the user name. Free text in any script.
    pub profile_name: Option<String>,
    /// What kind of message it is.
    pub kind: MessageKind,
    /// Body, caption, button or list title, emoji of a reaction. Empty when there is none.
    pub text: String,
    /// Payload of the pressed button or id of the chosen list row: what we put there when we sent it.
    pub reply_id: Option<String>,
    /// Id of the message that this one answers, quotes or reacts to.
    pub context_id: Option<String>,
    /// When the sender sent it, by the provider's clock. Twilio does not say.
    pub sent_at: Option<DateTime<Utc>>,
    /// Attached media, at most [`MEDIA_MAX`].
    pub media: Vec<Media>,
    /// The place that was sent.
    pub location: Option<Box<Location>>,
    /// Contacts that were sent, at most [`CONTACTS_MAX`].
    pub contacts: Vec<SharedContact>,
    /// Things of a catalogue cart, at most [`CART_MAX`].
    pub cart: Vec<CartItem>,
    /// The message as it came, with the contact and the number it belongs to, for the store.
    pub raw: Value,
}

/// Most media of one message. WhatsApp delivers one; Twilio's own limit for other channels is ten.
pub const MEDIA_MAX: usize = 10;

/// Most contacts of one message.
pub const CONTACTS_MAX: usize = 20;

/// Most phones of one contact.
pub const PHONES_MAX: usize = 10;

/// Most things of one cart; a cart of Meta has no more than 30 products.
pub const CART_MAX: usize = 100;

/// One thing of a catalogue cart. Its price is a hint that nobody uses.
#[derive(Clone, PartialEq, Eq)]
pub struct CartItem {
    /// The seller's own id of the product: our SKU.
    pub sku: String,
    /// How many of it; 0 when it was no whole number.
    pub quantity: u32,
}

/// One attached medium. It has an id or an address, or both.
#[derive(Clone, PartialEq, Eq)]
pub struct Media {
    /// Meta's media id.
    pub id: Option<String>,
    /// Where it can be fetched. To be fetched only from hosts on an allow-list.
    pub url: Option<String>,
    /// Media type as the provider states it, for example `image/jpeg`.
    pub mime: String,
    /// SHA-256 as the provider states it.
    pub sha256: Option<String>,
    /// Name of the file.
    pub filename: Option<String>,
}

/// A place on earth, in degrees.
#[derive(Clone, PartialEq)]
pub struct Location {
    /// North.
    pub latitude: f64,
    /// East.
    pub longitude: f64,
    /// What the sender calls it.
    pub name: Option<String>,
    /// Its address in words.
    pub address: Option<String>,
}

impl Location {
    /// `None` when there is no such place.
    pub fn at(latitude: f64, longitude: f64) -> Option<Self> {
        let there = (-90.0..=90.0).contains(&latitude) && (-180.0..=180.0).contains(&longitude);
        there.then_some(Self {
            latitude,
            longitude,
            name: None,
            address: None,
        })
    }
}

/// Somebody whom a sender named.
#[derive(Clone, PartialEq, Eq)]
pub struct SharedContact {
    /// Name; may be empty.
    pub name: String,
    /// Phones as they were written, at most [`PHONES_MAX`].
    pub phones: Vec<String>,
}

/// A change of state of a message that we sent. May come twice and out of order.
#[derive(Clone, PartialEq)]
pub struct StatusUpdate {
    /// Who delivered it.
    pub provider: Provider,
    /// Which of our numbers sent it, in the form of [`Inbound::account`].
    pub account: String,
    /// The provider's id of our message.
    pub provider_message_id: String,
    /// The state in our words.
    pub status: Status,
    /// The state in the provider's words.
    pub raw_status: String,
    /// The provider's error code, on failures.
    pub error_code: Option<i64>,
    /// The provider's sentence about the failure.
    pub error_text: Option<String>,
    /// Whom the message was for: phone digits, Twilio address or business-scoped id.
    pub recipient: Option<String>,
    /// What we attached when we sent it (`biz_opaque_callback_data`); Twilio has no such field.
    pub opaque: Option<String>,
    /// When it happened, by the provider's clock. Twilio does not say.
    pub at: Option<DateTime<Utc>>,
}

/// Kinds of inbound messages that we know. A new kind of a provider becomes `Unsupported` and is still stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each name is the providers' own word for the kind")]
pub enum MessageKind {
    Text,
    Interactive,
    Button,
    Image,
    Audio,
    Video,
    Document,
    Sticker,
    Location,
    Contacts,
    Order,
    Reaction,
    System,
    RequestWelcome,
    Unsupported,
}

impl MessageKind {
    const KNOWN: [Self; 15] = [
        Self::Text,
        Self::Interactive,
        Self::Button,
        Self::Image,
        Self::Audio,
        Self::Video,
        Self::Document,
        Self::Sticker,
        Self::Location,
        Self::Contacts,
        Self::Order,
        Self::Reaction,
        Self::System,
        Self::RequestWelcome,
        Self::Unsupported,
    ];

    /// The lower-case word that is stored and used as a label.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Interactive => "interactive",
            Self::Button => "button",
            Self::Image => "image",
            Self::Audio => "audio",
            Self::Video => "video",
            Self::Document => "document",
            Self::Sticker => "sticker",
            Self::Location => "location",
            Self::Contacts => "contacts",
            Self::Order => "order",
            Self::Reaction => "reaction",
            Self::System => "system",
            Self::RequestWelcome => "request_welcome",
            Self::Unsupported => "unsupported",
        }
    }

    /// The kind with this name, if we know it.
    pub fn named(name: &str) -> Option<Self> {
        Self::KNOWN.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// States of an outbound message, the same for all providers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each name is the providers' own word for the state")]
pub enum Status {
    Accepted,
    Scheduled,
    Queued,
    Sending,
    Sent,
    Delivered,
    Read,
    Failed,
    Undelivered,
    Canceled,
}

impl Status {
    /// The lower-case word that is stored and used as a label.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Scheduled => "scheduled",
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Read => "read",
            Self::Failed => "failed",
            Self::Undelivered => "undelivered",
            Self::Canceled => "canceled",
        }
    }

    /// The state behind a provider's word. `None` for words nobody has documented.
    pub fn of(raw: &str) -> Option<Self> {
        Some(match raw {
            "accepted" => Self::Accepted,
            "scheduled" => Self::Scheduled,
            "queued" => Self::Queued,
            "sending" => Self::Sending,
            // Some recipients of a group have it, not all: it has left us, and no more is certain.
            "sent" | "partially_delivered" => Self::Sent,
            "delivered" => Self::Delivered,
            // A voice message that was played has also been read.
            "read" | "played" => Self::Read,
            "failed" => Self::Failed,
            "undelivered" => Self::Undelivered,
            "canceled" => Self::Canceled,
            _ => return None,
        })
    }
}

impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Message(message) => message.fmt(f),
            Self::Status(update) => update.fmt(f),
            Self::Ignored { provider, kind, .. } => {
                let mut out = f.debug_struct("Ignored");
                out.field("provider", provider)
                    .field("kind", kind)
                    .finish_non_exhaustive()
            }
        }
    }
}

impl fmt::Debug for Inbound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inbound")
            .field("provider", &self.provider)
            .field("message_id", &self.message_id)
            .field("kind", &self.kind)
            .field("media", &self.media)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Media {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Media")
            .field("mime", &self.mime)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for StatusUpdate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StatusUpdate")
            .field("provider", &self.provider)
            .field("provider_message_id", &self.provider_message_id)
            .field("status", &self.status)
            .field("error_code", &self.error_code)
            .finish_non_exhaustive()
    }
}
