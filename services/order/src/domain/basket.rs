//! From what a message means to lines that can be quoted: every phrase becomes a line, a question or a problem, and one
//! question is asked at a time.

mod answers;
mod changes;
mod gather;
mod question;

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use super::Asked;

pub use answers::{Answered, answer, leave_out, pick};
pub use changes::{Changed, change};
pub use gather::{Basket, Near, gather};
pub use question::question;

/// Options of one question; a list message holds no more.
pub const OPTIONS_MAX: usize = 10;

/// After so many messages that are no answer to a question, a person has to look.
pub const MISSED_MAX: u32 = 2;

/// Things in one message; the writer of a longer list is told to split it.
pub const THINGS_MAX: usize = 50;

/// Largest quantity of one line, in thousandths: a million.
const QUANTITY_MILLI_MAX: i64 = 1_000_000_000;

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
        /// Messages since the question that were no answer to it.
        #[serde(default)]
        missed: u32,
    },
    /// A quote waits for its confirmation.
    Confirming {
        /// The quote.
        quote_id: String,
    },
}

impl State {
    /// The same after a message that was no answer to the open question, and how many there were by now.
    #[must_use]
    pub fn missed_once_more(&self) -> (Self, u32) {
        let mut after = self.clone();
        match &mut after {
            Self::Choosing { missed, .. } => {
                *missed = missed.saturating_add(1);
                let count = *missed;
                (after, count)
            }
            Self::Idle | Self::Confirming { .. } => (after, 0),
        }
    }

    /// What a button has to name to mean what is asked now. `None` when nothing is.
    pub fn asked(&self) -> Option<&str> {
        match self {
            Self::Idle => None,
            Self::Choosing { question, .. } => question.as_deref(),
            Self::Confirming { quote_id } => Some(quote_id),
        }
    }
}

/// What a question wants to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wants {
    /// Which product is meant.
    #[default]
    Product,
    /// How much of the only option.
    Quantity,
    /// What is meant by words that no product has; the options are only near.
    Name,
}

/// A phrase that is not clear yet.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Open {
    /// The words.
    pub phrase: String,
    /// Quantity; empty when it has to be asked, too.
    pub quantity: String,
    /// Unit; empty for each product's default.
    pub unit: String,
    /// Possible products; none when no product has such a name.
    pub options: Vec<Product>,
    /// How many more there are.
    #[serde(default)]
    pub more: usize,
    /// How many lines stand before it in what the shop wrote; `None` in states of before that was kept: its line
    /// comes last.
    #[serde(default)]
    pub at: Option<usize>,
    /// What is asked.
    #[serde(default)]
    pub wants: Wants,
    /// Why the stated quantity does not do, a sentence; empty when there is nothing to say.
    #[serde(default)]
    pub why: String,
}

/// A product as people are asked about it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Product {
    /// Key.
    pub sku: String,
    /// Name.
    pub name: String,
    /// Lowest price of a sale unit, in paisa.
    pub price_paisa: i64,
    /// Units it can be ordered in; none in states of before they were kept.
    #[serde(default)]
    pub units: Vec<String>,
}

/// Thousandths as a decimal: `2`, `0.5`.
fn decimal(milli: i64) -> String {
    khaacho_money::Quantity::from_milli(milli).to_string()
}

/// Whether somebody can order that much.
fn possible(milli: i64) -> bool {
    (1..=QUANTITY_MILLI_MAX).contains(&milli)
}
