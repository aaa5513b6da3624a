//! Variables of answers to lists, questions and sentences in a chat.

use khaacho_money::Paisa;
use serde::{Deserialize, Serialize};

use super::values::{Count, Day, OrderNumber, some_text};

/// One thing that is wrong with a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Problem {
    /// A sentence without full stop, as it is to be sent.
    Sentence(String),
    /// What it is, to be put in words.
    Flaw(Flaw),
}

/// A thing that is wrong, by its kind; which of the facts are there depends on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flaw {
    /// `too_many`, `list_too_long`, `unknown`, `not_possible`, `impossible`, `not_in_basket`, `unclear_removal`,
    /// `no_product`, `unit_not_sold`, `whole_only`, `below_minimum`.
    pub kind: String,
    /// The words that are meant.
    #[serde(default)]
    pub phrase: String,
    /// Name of the product.
    #[serde(default)]
    pub name: String,
    /// Quantity as it was written.
    #[serde(default)]
    pub quantity: String,
    /// Unit of it.
    #[serde(default)]
    pub unit: String,
    /// What there may be at most, or has to be at least.
    #[serde(default)]
    pub limit: u32,
    /// Names of products that are near.
    #[serde(default)]
    pub near: Vec<String>,
}

/// Variables of `not_changed`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotChanged {
    /// Why not, at least one.
    pub problems: Vec<Problem>,
}

/// Variables of `words_unknown`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WordsUnknown {
    /// The words that mean nothing to us.
    pub words: Vec<String>,
}

/// Variables of `word_that_does`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WordThatDoes {
    /// `place_basket`, `drop_list`, `cancel_order`, `confirm_receipt`, `repeat_order`.
    pub does: String,
}

/// Variables of `ask_name`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskName {
    /// The words that match nothing.
    pub phrase: String,
}

/// A unit that a product is sold in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SoldIn {
    /// Unit: `sack`, `carton`, ….
    pub unit: String,
    /// Sale units in it.
    pub factor: u32,
}

/// Variables of `ask_quantity`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskQuantity {
    /// Name of the product.
    pub name: String,
    /// `unit` when it is not sold in the stated one, `fraction` when only in whole packs; anything else otherwise.
    #[serde(default)]
    pub why: String,
    /// Quantities that may have been meant; may be empty.
    #[serde(default)]
    pub amounts: Vec<Count>,
    /// Units that it is sold in; may be empty.
    #[serde(default)]
    pub sold_in: Vec<SoldIn>,
    /// Unit of a number alone; absent or empty when not known.
    #[serde(default, deserialize_with = "some_text")]
    pub unit: Option<String>,
}

/// Variables of `prices`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prices {
    /// The products.
    #[serde(default)]
    pub products: Vec<Priced>,
    /// How many more there are.
    #[serde(default)]
    pub more: u32,
    /// Words that match no product.
    #[serde(default)]
    pub unknown: Vec<String>,
}

/// What one product costs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Priced {
    /// Name.
    pub name: String,
    /// Lowest price of a sale unit among the vendors, in paisa; 0 when nobody offers it.
    pub price_paisa: Paisa,
    /// Sale unit.
    pub unit: String,
    /// The unit that it is usually sold in, when that holds several.
    #[serde(default)]
    pub pack: Option<SoldIn>,
    /// Price of that, in paisa.
    #[serde(default)]
    pub pack_paisa: Option<Paisa>,
    /// Whether somebody has it now.
    #[serde(default)]
    pub in_stock: bool,
}

/// Variables of `statement`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// Entries, newest first; may be empty.
    #[serde(default)]
    pub entries: Vec<StatementEntry>,
}

/// One entry of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementEntry {
    /// When it counts; absent when not known.
    #[serde(default)]
    pub day: Option<Day>,
    /// `delivery`, `payment`, `opening_balance`, ….
    pub kind: String,
    /// What is owed more (or less, below zero) through it, in paisa.
    pub owed_paisa: Paisa,
}

/// Variables of `for_person` and `vendor_for_person`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForPerson {
    /// What it is about, by the reason that the message waits with: `ASKED`, `PAYMENT_CLAIM`, ….
    pub matter: String,
    /// Amount that was named, in paisa.
    #[serde(default)]
    pub amount_paisa: Option<Paisa>,
    /// Order that was named, as it was written; absent or empty when none was.
    #[serde(default, deserialize_with = "some_text")]
    pub order: Option<String>,
    /// Phone for what is urgent; absent or empty when there is none.
    #[serde(default, deserialize_with = "some_text")]
    pub support_phone: Option<String>,
}

/// Variables of `media_unread`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MediaUnread {
    /// What came, as providers call it: `image`, `audio`, ….
    pub kind: String,
}

/// Variables of `basket_placed`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BasketPlaced {
    /// The order that the basket has become.
    pub order_number: OrderNumber,
    /// What the button was for: `confirm`, or anything else.
    #[serde(default)]
    pub meant: String,
}

/// Variables of `button_outdated`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ButtonOutdated {
    /// What the button belonged to: `question` or `basket`.
    pub of: String,
    /// What was not done: `chosen`, `ordered`, `dropped`, `changed`.
    pub undone: String,
    /// What waits now: `question`, `basket`, or anything else for nothing.
    pub now: String,
}
