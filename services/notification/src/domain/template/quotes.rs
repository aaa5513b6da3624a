//! Variables of messages about a basket that is not an order yet.

use khaacho_money::Paisa;
use serde::{Deserialize, Serialize};

use super::values::{Count, Reference, some_text};

/// One priced line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Position, from 1.
    pub n: u32,
    /// Product name.
    pub name: String,
    /// How much, in `unit`.
    #[serde(alias = "quantity_milli")]
    pub quantity: Count,
    /// Unit of the quantity: `sack`, `carton`, ….
    pub unit: String,
    /// Price of one unit without VAT, in paisa.
    pub unit_price_paisa: Paisa,
    /// Amount of the line without VAT, in paisa.
    pub amount_paisa: Paisa,
}

/// Variables of `quote`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// The quote that its buttons confirm, change or drop; absent: whatever quote is the newest.
    #[serde(default)]
    pub quote_id: Option<Reference>,
    /// Lines, at least one.
    pub lines: Vec<Line>,
    /// Sum of the lines, in paisa.
    pub subtotal_paisa: Paisa,
    /// VAT, in paisa.
    pub vat_paisa: Paisa,
    /// To pay, in paisa.
    pub total_paisa: Paisa,
    /// Credit that would be left after this order, in paisa.
    pub credit_left_paisa: Paisa,
    /// Minutes until the prices are not bound any more; also the deadline of the message.
    pub expires_in_minutes: u32,
}

/// Variables of `quote_credit_short`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuoteCreditShort {
    /// Lines; may be empty.
    #[serde(default)]
    pub lines: Vec<Line>,
    /// What the basket costs, in paisa.
    pub total_paisa: Paisa,
    /// Credit that is left, in paisa.
    pub available_paisa: Paisa,
    /// What is missing: the payment that would cure it, in paisa.
    pub short_paisa: Paisa,
}

/// Variables of `quote_stock_short`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuoteStockShort {
    /// Product name.
    pub name: String,
    /// How much was asked for.
    #[serde(alias = "asked_milli")]
    pub asked: Count,
    /// How much there is.
    #[serde(alias = "available_milli")]
    pub available: Count,
    /// Unit of both; absent or empty when it goes without saying.
    #[serde(default, deserialize_with = "some_text")]
    pub unit: Option<String>,
}
