//! Rows of the inventory and notification services, and of every service's platform tables.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::super::text;

/// What a vendor has of a product.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stock {
    /// `ven_…`.
    #[serde(deserialize_with = "text")]
    pub vendor: String,
    /// Product.
    #[serde(deserialize_with = "text")]
    pub sku: String,
    /// In his store.
    pub on_hand_milli: i64,
    /// Promised part of it.
    pub reserved_milli: i64,
    /// Number of the last change.
    pub seq: i64,
}

/// A change of stock.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StockEvent {
    /// `ven_…`.
    #[serde(deserialize_with = "text")]
    pub vendor: String,
    /// Product.
    #[serde(deserialize_with = "text")]
    pub sku: String,
    /// From 1, without gaps.
    pub seq: i64,
    /// `opening`, `adjust`, `reserve`, `release` or `consume`.
    #[serde(deserialize_with = "text")]
    pub kind: String,
    /// Change of what is in store.
    pub d_on_hand_milli: i64,
    /// Change of the promised part.
    pub d_reserved_milli: i64,
    /// `rsv_…`.
    #[serde(deserialize_with = "text")]
    pub res_id: String,
    /// `ord_…`.
    #[serde(deserialize_with = "text")]
    pub order_id: String,
    /// Why.
    #[serde(deserialize_with = "text")]
    pub reason: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// Stock that is promised to an order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reservation {
    /// `rsv_…`.
    #[serde(deserialize_with = "text")]
    pub res_id: String,
    /// `ord_…`.
    #[serde(deserialize_with = "text")]
    pub order_id: String,
    /// From 1.
    pub attempt: i64,
    /// `ven_…`; empty for one that never was made.
    #[serde(deserialize_with = "text")]
    pub vendor: String,
    /// `PENDING`, `CONSUMED` or `RELEASED`.
    #[serde(deserialize_with = "text")]
    pub state: String,
    /// Why it was given back.
    #[serde(deserialize_with = "text")]
    pub closed_reason: String,
}

/// A product of a reservation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReservationLine {
    /// `rsv_…`.
    #[serde(deserialize_with = "text")]
    pub res_id: String,
    /// Product.
    #[serde(deserialize_with = "text")]
    pub sku: String,
    /// How much.
    pub quantity_milli: i64,
}

/// A part of a message that goes out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// `ntf_…`.
    #[serde(deserialize_with = "text")]
    pub notice_id: String,
    /// What makes it the same message.
    #[serde(deserialize_with = "text")]
    pub dedup_key: String,
    /// From 1.
    pub part: i64,
    /// How many.
    pub parts: i64,
    /// `ord_…`.
    #[serde(deserialize_with = "text")]
    pub order_id: String,
    /// Template.
    #[serde(deserialize_with = "text")]
    pub template: String,
    /// SHA-256 of the recipient's phone, hex.
    #[serde(deserialize_with = "text")]
    pub to_hash: String,
    /// `QUEUED`, `SENDING`, `SENT`, `DELIVERED`, `READ`, `FAILED` or `ESCALATED`.
    #[serde(deserialize_with = "text")]
    pub state: String,
    /// Tries.
    pub attempts: i64,
    /// `meta`, `twilio` or `simulator`.
    #[serde(deserialize_with = "text")]
    pub provider: String,
    /// The provider's id of it.
    #[serde(deserialize_with = "text")]
    pub provider_ref: String,
    /// The provider's code.
    #[serde(deserialize_with = "text")]
    pub error_code: String,
}

/// A try to send a message.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// `ntf_…`.
    #[serde(deserialize_with = "text")]
    pub notice_id: String,
    /// From 1.
    pub n: i64,
    /// `meta`, `twilio` or `simulator`.
    #[serde(deserialize_with = "text")]
    pub provider: String,
    /// Empty while unknown, `accepted`, `ambiguous`, or why not.
    #[serde(deserialize_with = "text")]
    pub result: String,
    /// The provider's code.
    #[serde(deserialize_with = "text")]
    pub code: String,
    /// The provider's id of the message.
    #[serde(deserialize_with = "text")]
    pub provider_ref: String,
}

/// A request that is remembered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Idem {
    /// Service.
    #[serde(deserialize_with = "text")]
    pub service: String,
    /// Who asked.
    #[serde(deserialize_with = "text")]
    pub caller: String,
    /// RPC.
    #[serde(deserialize_with = "text")]
    pub method: String,
    /// Its key.
    #[serde(deserialize_with = "text")]
    pub request_id: String,
    /// SHA-256 of what was asked.
    #[serde(deserialize_with = "text")]
    pub fp: String,
    /// SHA-256 of what was answered.
    #[serde(deserialize_with = "text")]
    pub reply_sha: String,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// Work that waits.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// Service.
    #[serde(deserialize_with = "text")]
    pub service: String,
    /// `job_…`.
    #[serde(deserialize_with = "text")]
    pub job_id: String,
    /// What kind.
    #[serde(deserialize_with = "text")]
    pub kind: String,
    /// What it waits behind.
    #[serde(deserialize_with = "text")]
    pub ordering_key: String,
    /// The request or message that made it.
    #[serde(default, deserialize_with = "text")]
    pub cause: String,
    /// Tries.
    pub attempts: i64,
    /// Failed tries.
    pub faults: i64,
    /// Given up.
    pub parked: bool,
    /// Somebody works on it.
    pub leased: bool,
    /// Not before.
    pub run_at: DateTime<Utc>,
}
