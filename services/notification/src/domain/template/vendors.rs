//! Variables of messages to vendors.

use khaacho_money::Paisa;
use serde::{Deserialize, Serialize};

use super::values::{Count, OrderNumber, some_text};

/// Variables of `vendor_offer`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VendorOffer {
    /// Number for people.
    pub order_number: OrderNumber,
    /// Name of the shop.
    pub shop: String,
    /// Where the shop is; absent or empty when not known.
    #[serde(default, deserialize_with = "some_text")]
    pub municipality: Option<String>,
    /// Lines, at the vendor's own prices where they are known.
    pub lines: Vec<OfferLine>,
    /// What the vendor gets for all lines without VAT, in paisa.
    pub vendor_total_paisa: Paisa,
    /// Minutes to answer; also the deadline of the message.
    pub deadline_minutes: u32,
}

/// One line of an offer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferLine {
    /// Position, from 1.
    pub n: u32,
    /// Product name.
    pub name: String,
    /// How much, in `unit`.
    #[serde(alias = "quantity_milli")]
    pub quantity: Count,
    /// Unit of the quantity: `sack`, `carton`, ….
    pub unit: String,
    /// The vendor's price of one unit without VAT, in paisa; absent when only the total is known.
    #[serde(default)]
    pub unit_price_paisa: Option<Paisa>,
    /// Amount of the line without VAT, in paisa; absent when only the total is known.
    #[serde(default)]
    pub amount_paisa: Option<Paisa>,
}

/// Variables of `vendor_order_yours`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VendorOrderYours {
    /// Number for people.
    pub order_number: OrderNumber,
    /// Status by its contract name.
    pub status: String,
    /// Whom to call to give it back, for a vendor who wanted to decline; absent or empty for one who did not.
    #[serde(default, deserialize_with = "some_text")]
    pub call: Option<String>,
}

/// Variables of `vendor_offer_won`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VendorOfferWon {
    /// Number for people.
    pub order_number: OrderNumber,
    /// Name of the shop.
    pub shop: String,
    /// Where the shop is; absent or empty when not known.
    #[serde(default, deserialize_with = "some_text")]
    pub municipality: Option<String>,
    /// Phone of the shop; absent or empty when not known.
    #[serde(default, deserialize_with = "some_text")]
    pub shop_phone: Option<String>,
}

/// Variables of `vendor_offer_lost`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VendorOfferLost {
    /// Number for people.
    pub order_number: OrderNumber,
    /// Why: `not_on_offer`, `cancelled`, `asked_another`, `taken`, `expired`, `given_away`, or a sentence without full
    /// stop.
    pub why: String,
}

/// Variables of `vendor_order_cancelled`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VendorOrderCancelled {
    /// Number for people.
    pub order_number: OrderNumber,
    /// Why, as a sentence; absent or empty when nobody said.
    #[serde(default, deserialize_with = "some_text")]
    pub reason: Option<String>,
}

/// Variables of `vendor_orders`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VendorOrders {
    /// Orders that wait for the vendor or are with it, oldest first; may be empty.
    #[serde(default)]
    pub orders: Vec<VendorOrder>,
}

/// One order of a vendor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VendorOrder {
    /// Number for people.
    pub order_number: OrderNumber,
    /// Status by its contract name.
    pub status: String,
    /// Name of the shop.
    pub shop: String,
    /// What the vendor gets, in paisa; absent to leave it out.
    #[serde(default, alias = "total_paisa")]
    pub vendor_total_paisa: Option<Paisa>,
}

/// Variables of `vendor_order_step`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VendorOrderStep {
    /// Number for people.
    pub order_number: OrderNumber,
    /// Status by its contract name.
    pub status: String,
}

/// Variables of `vendor_pack_list`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VendorPackList {
    /// Number for people.
    pub order_number: OrderNumber,
    /// Name of the shop.
    pub shop: String,
    /// What to pack.
    #[serde(default)]
    pub lines: Vec<PackLine>,
}

/// One line to pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackLine {
    /// Product name.
    pub name: String,
    /// How much, in `unit`.
    #[serde(alias = "quantity_milli")]
    pub quantity: Count,
    /// Unit of the quantity: `sack`, `carton`, ….
    pub unit: String,
}
