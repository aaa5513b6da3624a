//! Variables of what is asked back when a wholesaler writes a sentence about an order.

use khaacho_money::Paisa;
use serde::{Deserialize, Serialize};

use super::values::{Count, OrderNumber, some_text};
use super::vendors::OfferLine;

/// What a wholesaler seems to say of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Meant {
    /// He takes it.
    Accept,
    /// He does not take it.
    Decline,
    /// It has left.
    Dispatched,
}

/// A word that moves an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderWord {
    /// Takes it.
    Accept,
    /// Refuses it.
    Decline,
    /// It is being packed.
    Packing,
    /// It left.
    Dispatched,
    /// It is on its last leg.
    Out,
}

impl OrderWord {
    /// As it is typed.
    pub fn typed(self) -> &'static str {
        match self {
            Self::Accept => "ACCEPT",
            Self::Decline => "DECLINE",
            Self::Packing => "PACKING",
            Self::Dispatched => "DISPATCHED",
            Self::Out => "OUT",
        }
    }
}

/// Where an order stands that is asked about, by the contract's names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Place {
    /// It waits for the wholesaler's answer.
    SentToVendor,
    /// He has taken it.
    Accepted,
    /// It is being packed.
    Packing,
    /// It left.
    Dispatched,
}

/// Variables of `vendor_ask_back`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VendorAskBack {
    /// Number for people.
    pub order_number: OrderNumber,
    /// What the sentence seems to say.
    pub says: Meant,
    /// Where the order stands.
    pub stands: Place,
    /// Name of the shop.
    pub shop: String,
    /// Where the shop is; absent or empty when not known.
    #[serde(default, deserialize_with = "some_text")]
    pub municipality: Option<String>,
    /// Lines, at the vendor's own prices where they are known.
    #[serde(default)]
    pub lines: Vec<OfferLine>,
    /// What the vendor gets for all lines without VAT, in paisa; absent to leave it out.
    #[serde(default)]
    pub vendor_total_paisa: Option<Paisa>,
    /// Minutes that are left to answer; absent when it is not on offer.
    #[serde(default)]
    pub minutes_left: Option<u32>,
}

/// Variables of `vendor_ask_which`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VendorAskWhich {
    /// What the sentence seems to say.
    pub says: Meant,
    /// The orders that it can be about. Up to ten are also a list to tap on.
    pub orders: Vec<WhichOrder>,
    /// There are more of them.
    #[serde(default)]
    pub more: bool,
}

/// One of several orders.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhichOrder {
    /// Number for people.
    pub order_number: OrderNumber,
    /// The word that does its next step.
    pub word: OrderWord,
    /// Name of the shop.
    pub shop: String,
    /// What the vendor gets, in paisa; absent to leave it out.
    #[serde(default)]
    pub vendor_total_paisa: Option<Paisa>,
}

/// How much of a line a wholesaler can supply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Can {
    /// All of it.
    All,
    /// Some of it.
    Some,
    /// None of it.
    None,
    /// He has not said.
    Unsaid,
}

/// Variables of `vendor_partial`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VendorPartial {
    /// Number for people.
    pub order_number: OrderNumber,
    /// Name of the shop.
    pub shop: String,
    /// Where the shop is; absent or empty when not known.
    #[serde(default, deserialize_with = "some_text")]
    pub municipality: Option<String>,
    /// It waits for the wholesaler's answer; else he has taken it.
    pub offered: bool,
    /// Minutes that are left to answer; absent when it is not on offer.
    #[serde(default)]
    pub minutes_left: Option<u32>,
    /// Whether anything of it was understood.
    pub understood: bool,
    /// The lines of the order, and how much of each he can supply.
    pub lines: Vec<PartialLine>,
    /// Words for goods that are not in the order.
    #[serde(default)]
    pub foreign: Vec<String>,
    /// Words that are not clear.
    #[serde(default)]
    pub unclear: Vec<String>,
    /// Phone for what is urgent; absent or empty when there is none.
    #[serde(default, deserialize_with = "some_text")]
    pub support_phone: Option<String>,
}

/// One line of an order, and how much of it can be supplied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartialLine {
    /// Product name.
    pub name: String,
    /// How much was ordered, in `unit`.
    pub quantity: Count,
    /// Unit of the quantity.
    pub unit: String,
    /// How much can be supplied.
    pub can: Can,
    /// How much that is, in `count_unit`, for some of it.
    #[serde(default)]
    pub count: Option<Count>,
    /// Unit of the count.
    #[serde(default)]
    pub count_unit: String,
}

/// Variables of `vendor_partial_which`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VendorPartialWhich {
    /// The orders that it can be about.
    pub orders: Vec<PartialOrder>,
    /// There are more of them.
    #[serde(default)]
    pub more: bool,
}

/// One of several orders.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartialOrder {
    /// Number for people.
    pub order_number: OrderNumber,
    /// Name of the shop.
    pub shop: String,
}
