//! What a message means. Pure and deterministic: a text, what the catalogue finds in it, who writes and what that person
//! was asked, become an intent, exact lines, and questions where nothing may be guessed.
//!
//! Nothing is dropped silently: every phrase is a line, a question, something excluded or asked about, or is listed as
//! not understood.

mod answer;
pub mod catalogue;
mod change;
mod chunks;
mod decide;
mod ideas;
mod intent;
mod items;
mod lexicon;
mod narrow;
mod noise;
mod quantity;
mod read;
mod vendor;

#[cfg(test)]
mod tests;

use khaacho_text::Unit;

pub use answer::{Amount, amount, named_among, named_in, wishes};
pub use catalogue::{ACCEPT, EXACT, Fact, How, Mention, Mentions};

/// Who writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Party {
    /// A shop.
    Retailer,
    /// A wholesaler.
    Vendor,
}

/// What the conversation waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Awaiting {
    /// Not known: a lone thumbs-up is taken as an agreement.
    #[default]
    Unstated,
    /// Nothing: a lone thumbs-up means nothing.
    Nothing,
    /// A quote or an offer that wants a yes or a no.
    Confirmation,
    /// A question about a product or a quantity.
    Answer,
}

/// A message with everything that its meaning depends on.
#[derive(Debug, Clone, Copy)]
pub struct Message<'a> {
    /// The text; at most 16 KiB are read.
    pub text: &'a str,
    /// Who writes.
    pub party: Party,
    /// What was asked.
    pub awaiting: Awaiting,
    /// What the catalogue finds in the text.
    pub mentions: &'a Mentions,
}

/// What somebody wants: the closed set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Intent {
    Stop,
    Cancel,
    Order,
    Change,
    DeliveryIssue,
    Complaint,
    Payment,
    Status,
    Balance,
    Statement,
    PriceQuery,
    StockQuery,
    Confirm,
    Repeat,
    Start,
    Human,
    DeliveryOk,
    Help,
    Greeting,
    Thanks,
    #[default]
    Unknown,
    Accept,
    Decline,
    PartialAccept,
    Dispatched,
    StockUpdate,
}

/// Intent and its word in files and contracts.
const INTENTS: &[(Intent, &str)] = &[
    (Intent::Stop, "stop"),
    (Intent::Cancel, "cancel"),
    (Intent::Order, "order"),
    (Intent::Change, "change"),
    (Intent::DeliveryIssue, "delivery_issue"),
    (Intent::Complaint, "complaint"),
    (Intent::Payment, "payment"),
    (Intent::Status, "status"),
    (Intent::Balance, "balance"),
    (Intent::Statement, "statement"),
    (Intent::PriceQuery, "price_query"),
    (Intent::StockQuery, "stock_query"),
    (Intent::Confirm, "confirm"),
    (Intent::Repeat, "repeat"),
    (Intent::Start, "start"),
    (Intent::Human, "human"),
    (Intent::DeliveryOk, "delivery_ok"),
    (Intent::Help, "help"),
    (Intent::Greeting, "greeting"),
    (Intent::Thanks, "thanks"),
    (Intent::Unknown, "unknown"),
    (Intent::Accept, "accept"),
    (Intent::Decline, "decline"),
    (Intent::PartialAccept, "partial_accept"),
    (Intent::Dispatched, "dispatched"),
    (Intent::StockUpdate, "stock_update"),
];

impl Intent {
    /// The word.
    pub fn as_str(self) -> &'static str {
        INTENTS
            .iter()
            .find(|(intent, _)| *intent == self)
            .map_or("unknown", |(_, word)| word)
    }
}

/// What a line of a change does to the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    /// More of it.
    Add,
    /// This quantity now.
    Set,
    /// None of it.
    Remove,
}

impl Op {
    /// The word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Set => "set",
            Self::Remove => "remove",
        }
    }
}

/// One exact line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The words for the product, as typed.
    pub phrase: String,
    /// Product.
    pub sku: String,
    /// Thousandths of `unit`; absent in a price update.
    pub milli: Option<i64>,
    /// One of the product's order units.
    pub unit: Unit,
    /// Sale units in one `unit`.
    pub factor: u32,
    /// In a change.
    pub op: Option<Op>,
    /// In a vendor's update: price of one `unit`.
    pub price_paisa: Option<i64>,
    /// 0–1000, how sure the product is.
    pub score: u16,
    /// Rises from item to item of a message, lines and questions together.
    pub at: usize,
}

/// Why a phrase is a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// Several products fit.
    Product,
    /// No product that fits is sold in the stated unit.
    Unit,
    /// Part of a sale unit.
    Fraction,
    /// No quantity, a range, or less than nothing.
    Quantity,
    /// No product fits.
    UnknownProduct,
}

impl Reason {
    /// The word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Product => "product",
            Self::Unit => "unit",
            Self::Fraction => "fraction",
            Self::Quantity => "quantity",
            Self::UnknownProduct => "unknown_product",
        }
    }
}

/// One question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// The words it is about, as typed.
    pub phrase: String,
    /// Products that fit, in catalogue order.
    pub candidates: Vec<String>,
    /// Thousandths, as stated.
    pub milli: Option<i64>,
    /// Unit, as stated.
    pub unit: Option<Unit>,
    /// Why it is asked.
    pub reason: Reason,
    /// Lowest and highest of a range, in thousandths.
    pub range: Option<(i64, i64)>,
    /// In a change.
    pub op: Option<Op>,
    /// No product is named at all: "make it 4 cartons".
    pub nameless: bool,
    /// As in [`Line::at`].
    pub at: usize,
}

/// A phrase and the products it names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// As typed.
    pub phrase: String,
    /// Products.
    pub skus: Vec<String>,
}

/// The words of an item of a vendor's message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// As in [`Line::at`].
    pub at: usize,
    /// As typed, with all numbers and prices that stand with it.
    pub words: String,
}

/// Money that was paid or is promised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pay {
    /// Paid, as the writer says.
    Made,
    /// Will be paid.
    Promise,
}

/// What a message means.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Meaning {
    /// What must be done first.
    pub intent: Intent,
    /// 0–1000.
    pub confidence: u16,
    /// Further intents, most urgent first.
    pub also: Vec<Intent>,
    /// Exact lines, in the order of the text.
    pub lines: Vec<Line>,
    /// Questions, in the order of the text.
    pub asks: Vec<Ask>,
    /// Products that are not wanted.
    pub exclude: Vec<Named>,
    /// Products that a question or a complaint is about.
    pub about: Vec<Named>,
    /// In a partial acceptance: products that the vendor supplies without saying how much.
    pub supplies: Vec<Named>,
    /// In a partial acceptance: he supplies what he does not name, too.
    pub rest: bool,
    /// In a partial acceptance and an update: the words of each item.
    pub said: Vec<Said>,
    /// Words that were not understood.
    pub unknown: Vec<String>,
    /// Order number: `ORD` and ten digits, or the six digits typed.
    pub order_ref: Option<String>,
    /// Amount of a payment.
    pub amount_paisa: Option<i64>,
    /// Whether it is paid or promised.
    pub pay: Option<Pay>,
}

/// Says what the message means.
pub fn interpret(message: &Message<'_>) -> Meaning {
    read::meaning(message)
}
