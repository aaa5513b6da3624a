//! From what somebody means to lines that can be quoted: every phrase becomes a line, a question or a problem.

mod cart;
mod changes;
mod gather;
mod goods;
mod questions;
mod recall;

#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Asked;
use super::vendor_update::Wish;
use super::which_shop::Question;

pub use cart::{cart, key};
pub use changes::{Changed, change};
pub use gather::{Basket, gather};
pub use goods::{Goods, Shelf, SoldIn};
pub use questions::{Answer, Open, Settled, Why, question, settle};
pub use recall::{Known, Recalled, recall, recallable};

/// Options of one question; a list message holds no more.
pub const OPTIONS_MAX: usize = 10;

/// Where a conversation stands.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum State {
    /// Nothing is open.
    #[default]
    Idle,
    /// A question is open: which product is meant, or how much of it.
    Choosing {
        /// Lines that are clear.
        lines: Vec<Asked>,
        /// Questions, the first one is asked.
        open: Vec<Open>,
        /// The message that was answered with it, `inb_…`: rows of an older question name another one. `None` in
        /// states of before rows named anything.
        #[serde(default)]
        question: Option<String>,
        /// Answers to it that were not understood.
        #[serde(default)]
        failed: u8,
    },
    /// A quote waits for its confirmation.
    Confirming {
        /// The quote.
        quote_id: String,
    },
    /// A vendor's stock and prices wait for their confirmation.
    Updating {
        /// What shall be.
        wishes: Vec<Wish>,
        /// The message that stated it, `inb_…`.
        question: String,
        /// When what is there now was shown.
        shown_at: DateTime<Utc>,
    },
    /// Which of the sender's shops is meant.
    WhichShop(Question),
}

impl State {
    /// What a button has to name to mean what is asked now. `None` when nothing is.
    pub fn asked(&self) -> Option<&str> {
        match self {
            Self::Idle => None,
            Self::Choosing { question, .. } => question.as_deref(),
            Self::Confirming { quote_id } => Some(quote_id),
            Self::Updating { question, .. } => Some(question),
            Self::WhichShop(asked) => Some(&asked.question),
        }
    }

    /// What an interpreter of messages has to know of it.
    pub fn awaiting(&self) -> super::interpret::Awaiting {
        use super::interpret::Awaiting;
        match self {
            Self::Idle => Awaiting::Nothing,
            Self::Choosing { .. } | Self::WhichShop(_) => Awaiting::Answer,
            Self::Confirming { .. } | Self::Updating { .. } => Awaiting::Confirmation,
        }
    }
}
