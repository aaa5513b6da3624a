//! Variables of what answers a vendor's stock and prices.

use khaacho_money::Paisa;
use serde::{Deserialize, Serialize};

use super::values::{Count, Reference};

/// Variables of `vendor_update`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VendorUpdate {
    /// The message that its buttons answer.
    pub question: Reference,
    /// What would change; empty when he offers nothing of it.
    pub items: Vec<UpdatedItem>,
    /// Names of products that he does not offer.
    #[serde(default)]
    pub not_offered: Vec<String>,
    /// Products of which two different things are said, and none counts.
    #[serde(default)]
    pub twice: Vec<Twice>,
    /// Words that are not clear.
    #[serde(default)]
    pub unclear: Vec<String>,
}

/// A product of which a message says two different things.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Twice {
    /// Product name.
    pub name: String,
    /// Sale unit.
    pub unit: String,
    /// Stock in sale units, in the order of the message.
    #[serde(default)]
    pub stock: Vec<Count>,
    /// Prices of a sale unit without VAT in paisa, in the order of the message.
    #[serde(default)]
    pub price_paisa: Vec<Paisa>,
}

/// A product with what shall be, and what is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpdatedItem {
    /// Product name.
    pub name: String,
    /// Sale unit.
    pub unit: String,
    /// Stock on hand in sale units; absent when it stays.
    #[serde(default)]
    pub stock: Option<Count>,
    /// Stock on hand before.
    #[serde(default)]
    pub stock_before: Option<Count>,
    /// Price of a sale unit without VAT, in paisa; absent when it stays.
    #[serde(default)]
    pub price_paisa: Option<Paisa>,
    /// Price before.
    #[serde(default)]
    pub price_before_paisa: Option<Paisa>,
}

/// Variables of `vendor_update_done`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VendorUpdateDone {
    /// What is in force.
    pub items: Vec<UpdatedItem>,
    /// What could not be changed.
    #[serde(default)]
    pub refused: Vec<NotUpdated>,
}

/// A product that could not be changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotUpdated {
    /// Product name.
    pub name: String,
    /// Sale unit.
    pub unit: String,
    /// How much is promised to orders, when that is why.
    #[serde(default)]
    pub reserved: Option<Count>,
}
