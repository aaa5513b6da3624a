//! Rows of the order service.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::super::text;

/// A message that came in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inbound {
    /// `meta`, `twilio` or `simulator`.
    #[serde(deserialize_with = "text")]
    pub provider: String,
    /// Our own number there.
    #[serde(deserialize_with = "text")]
    pub account: String,
    /// The provider's id of it.
    #[serde(deserialize_with = "text")]
    pub mid: String,
    /// Our id of it, `inb_…`.
    #[serde(default, deserialize_with = "text")]
    pub inbound_id: String,
    /// SHA-256 of its payload, hex.
    #[serde(deserialize_with = "text")]
    pub sha: String,
    /// Sender.
    #[serde(deserialize_with = "text")]
    pub phone: String,
    /// `text`, `image`, ….
    #[serde(deserialize_with = "text")]
    pub kind: String,
    /// How handling it ended; empty while it waits.
    #[serde(deserialize_with = "text")]
    pub outcome: String,
    /// Order, or reason.
    #[serde(deserialize_with = "text")]
    pub outcome_ref: String,
    /// When it was stored.
    pub received_at: DateTime<Utc>,
    /// When it ended.
    pub handled_at: Option<DateTime<Utc>>,
}

/// An order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// `ord_…`.
    #[serde(deserialize_with = "text")]
    pub order_id: String,
    /// What people call it.
    #[serde(deserialize_with = "text")]
    pub number: String,
    /// `acc_…`.
    #[serde(deserialize_with = "text")]
    pub retailer: String,
    /// `ven_…`; empty before it was offered.
    #[serde(deserialize_with = "text")]
    pub vendor: String,
    /// `quo_…`.
    #[serde(deserialize_with = "text")]
    pub quote_id: String,
    /// Request or message that made it.
    #[serde(deserialize_with = "text")]
    pub cause: String,
    /// Without VAT.
    pub subtotal_paisa: i64,
    /// VAT.
    pub vat_paisa: i64,
    /// What the shop owes for it.
    pub total_paisa: i64,
    /// What the vendor gets, without VAT.
    pub vendor_paisa: Option<i64>,
    /// Status.
    #[serde(deserialize_with = "text")]
    pub state: String,
    /// Grows with each change.
    pub version: i64,
    /// Attempt of the reservation that counts.
    pub reservation_attempt: Option<i64>,
    /// Empty before the debt is posted.
    #[serde(deserialize_with = "text")]
    pub invoice_number: String,
    /// When it was placed.
    pub placed_at: DateTime<Utc>,
}

/// A line of an order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderLine {
    /// `ord_…`.
    #[serde(deserialize_with = "text")]
    pub order_id: String,
    /// From 1.
    pub n: i64,
    /// Product.
    #[serde(deserialize_with = "text")]
    pub sku: String,
    /// Thousandths of the sale unit.
    pub quantity_milli: i64,
    /// Of a sale unit, without VAT.
    pub unit_price_paisa: i64,
    /// Without VAT.
    pub amount_paisa: i64,
    /// 1300 or 0.
    pub vat_bp: i64,
}

/// A change of an order's status.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderStatus {
    /// `ord_…`.
    #[serde(deserialize_with = "text")]
    pub order_id: String,
    /// From 1, without gaps.
    pub n: i64,
    /// Empty for the first.
    #[serde(deserialize_with = "text")]
    pub from_state: String,
    /// Status.
    #[serde(deserialize_with = "text")]
    pub to_state: String,
    /// Who.
    #[serde(deserialize_with = "text")]
    pub actor: String,
    /// Why.
    #[serde(deserialize_with = "text")]
    pub note: String,
    /// Request, message or job.
    #[serde(deserialize_with = "text")]
    pub cause: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// A vendor that an order was given to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    /// `ord_…`.
    #[serde(deserialize_with = "text")]
    pub order_id: String,
    /// Which offer, from 1.
    pub attempt: i64,
    /// `ven_…`.
    #[serde(deserialize_with = "text")]
    pub vendor: String,
    /// Attempt of his reservation.
    pub reservation_attempt: i64,
    /// `scored` or `operator`.
    #[serde(deserialize_with = "text")]
    pub method: String,
    /// `MOVING`, `OFFERED`, `ACCEPTED`, `DECLINED`, `EXPIRED`, `WITHDRAWN`, `STOCK_SHORT`.
    #[serde(deserialize_with = "text")]
    pub answer: String,
    /// When.
    pub decided_at: DateTime<Utc>,
}
