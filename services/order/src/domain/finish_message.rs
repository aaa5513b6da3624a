//! How handling a message ends.

use chrono::{DateTime, Utc};
use khaacho_durable::Command;
use serde::{Deserialize, Serialize};

use super::basket::State;
use super::language::{Language, Speech};
use super::lessons::Lessons;
use super::{Contact, Notice, Refusal};

/// How handling a message ended. Every message ends in exactly one of these.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// It made or moved this order.
    Ordered(String),
    /// It could not be done, for this reason.
    Refused(String),
    /// It was answered and asked for no order.
    Answered,
    /// A person has to look at it.
    NeedsHuman(String),
}

impl Outcome {
    /// Name in rows.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Ordered(_) => "ordered",
            Self::Refused(_) => "refused",
            Self::Answered => "not_an_order",
            Self::NeedsHuman(_) => "needs_human",
        }
    }

    /// What it refers to.
    pub fn reference(&self) -> &str {
        match self {
            Self::Ordered(text) | Self::Refused(text) | Self::NeedsHuman(text) => text,
            Self::Answered => "",
        }
    }
}

/// The end of handling a message, written in the transaction of its effect: its outcome, the conversation's next
/// state, the replies.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// The message, `inb_…`.
    pub inbound_id: String,
    /// Sender.
    pub contact: Contact,
    /// `retailer`, `vendor` or `unknown`.
    pub party_kind: String,
    /// Account or vendor; empty for unknown.
    pub party_id: String,
    /// It was answered before, with a question, and is handled now that the question is.
    #[serde(default)]
    pub again: bool,
    /// When the sender wrote the message.
    pub heard_at: DateTime<Utc>,
    /// Version of the conversation that was read; 0 when there was none.
    pub seen_version: i64,
    /// Its next state.
    pub state: State,
    /// What it shows of the sender's language.
    pub speech: Speech,
    /// Outcome.
    pub outcome: Outcome,
    /// Why a person has to look at what came with the message, whatever its outcome.
    pub looked_at: Option<String>,
    /// Media that came with it.
    pub media: u8,
    /// Replies.
    pub replies: Vec<Notice>,
    /// What else follows from it.
    pub after: After,
}

/// What follows from a message besides replies: jobs that begin with its end.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct After {
    /// What the catalogue learns from it.
    pub lessons: Lessons,
    /// The sender wants no more messages (`true`), or wants them again.
    pub opted_out: Option<bool>,
    /// Messages that waited for this one and are handled now, `inb_…`, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub again: Vec<String>,
    /// The sender has set a language.
    pub spoken: Option<Spoken>,
}

/// A language that was set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spoken {
    /// For these accounts.
    pub account_ids: Vec<String>,
    /// For this vendor.
    pub vendor_id: Option<String>,
    /// The language.
    pub language: Language,
}

/// Ends a message that changes nothing else.
#[derive(Debug, Clone, Serialize)]
pub struct FinishMessage {}

impl Command for FinishMessage {
    const NAME: &'static str = "FinishMessage";
    type Snapshot = ();
    type Decision = ();
    type Refusal = Refusal;

    fn decide(&self, (): (), _now: DateTime<Utc>) -> Result<(), Refusal> {
        Ok(())
    }
}
