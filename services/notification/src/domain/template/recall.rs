//! Variables of what reminds of before: names that the shop has given, prices that it knows.

use khaacho_money::Paisa;
use serde::{Deserialize, Serialize};

use super::values::some_text;

/// Variables of `recalled`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recalled {
    /// The phrases, in the order of the message.
    pub items: Vec<RecalledItem>,
}

/// A phrase and what the shop means by it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecalledItem {
    /// The words.
    pub phrase: String,
    /// Product name.
    pub name: String,
    /// The shop has said so itself; else enough others have.
    #[serde(default = "own")]
    pub own: bool,
}

/// What messages of before this was told were about.
fn own() -> bool {
    true
}

/// Variables of `forgotten`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forgotten {
    /// The words.
    pub phrase: String,
    /// Product that they meant; absent or empty when the shop had said nothing of them.
    #[serde(default, deserialize_with = "some_text")]
    pub name: Option<String>,
}

/// Variables of `prices_changed`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PricesChanged {
    /// The products.
    pub items: Vec<PriceChange>,
}

/// A product whose price is another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceChange {
    /// Product name.
    pub name: String,
    /// What one sale unit cost without VAT, in paisa.
    pub before_paisa: Paisa,
    /// What it costs.
    pub now_paisa: Paisa,
}
