//! Variables of messages to shops and operators about orders and money.

use khaacho_money::Paisa;
use serde::{Deserialize, Serialize};

use super::quotes::Line;
use super::values::{Day, OrderNumber, some_text};

/// Only an order number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderOnly {
    /// Number for people.
    pub order_number: OrderNumber,
}

/// Variables of `order_placed`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderPlaced {
    /// Number for people.
    pub order_number: OrderNumber,
    /// To pay, in paisa.
    pub total_paisa: Paisa,
    /// Vendor's name; absent or empty before one has accepted.
    #[serde(default, deserialize_with = "some_text")]
    pub vendor: Option<String>,
    /// Credit that is left, in paisa.
    pub credit_left_paisa: Paisa,
}

/// Variables of `order_refused`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderRefused {
    /// Number for people.
    pub order_number: OrderNumber,
    /// Why, as a sentence.
    pub reason_sentence: String,
    /// What would cure it, as a sentence; absent or empty when nothing does.
    #[serde(default, deserialize_with = "some_text")]
    pub cure_sentence: Option<String>,
}

/// Variables of `order_status`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderStatus {
    /// Number for people.
    pub order_number: OrderNumber,
    /// Status by its contract name: `OUT_FOR_DELIVERY` or `ORDER_STATUS_OUT_FOR_DELIVERY`.
    pub status: String,
    /// Vendor's name; absent or empty before one has accepted.
    #[serde(default, deserialize_with = "some_text")]
    pub vendor: Option<String>,
    /// To pay, in paisa.
    pub total_paisa: Paisa,
    /// Number of lines.
    pub items: u32,
    /// Due day of the invoice; absent before delivery.
    #[serde(default)]
    pub due: Option<Day>,
}

/// Variables of `orders_list`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrdersList {
    /// Newest first, up to five; may be empty.
    #[serde(default)]
    pub orders: Vec<OrderSummary>,
}

/// One order of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderSummary {
    /// Number for people.
    pub order_number: OrderNumber,
    /// Status by its contract name.
    pub status: String,
    /// To pay, in paisa.
    pub total_paisa: Paisa,
}

/// Variables of `balance`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Balance {
    /// Owed for delivered orders, in paisa.
    pub owed_paisa: Paisa,
    /// Held for orders under way, in paisa.
    pub held_paisa: Paisa,
    /// Credit limit, in paisa.
    pub limit_paisa: Paisa,
    /// Credit that is left, in paisa.
    pub available_paisa: Paisa,
    /// Next amount to pay, in paisa; absent when nothing is due.
    #[serde(default)]
    pub next_due_paisa: Option<Paisa>,
    /// When it is due; absent when nothing is due.
    #[serde(default)]
    pub next_due_on: Option<Day>,
}

/// Variables of `vendor_assigned`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VendorAssigned {
    /// Number for people.
    pub order_number: OrderNumber,
    /// Vendor's name.
    pub vendor: String,
    /// Lines; may be empty.
    #[serde(default)]
    pub lines: Vec<Line>,
}

/// Variables of `order_packing`, `order_dispatched` and `order_out_for_delivery`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderProgress {
    /// Number for people.
    pub order_number: OrderNumber,
    /// Vendor's name; absent or empty to leave it out.
    #[serde(default, deserialize_with = "some_text")]
    pub vendor: Option<String>,
}

/// Variables of `order_delivered`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderDelivered {
    /// Number for people.
    pub order_number: OrderNumber,
    /// Owed for it, in paisa.
    pub total_paisa: Paisa,
    /// Invoice number; absent or empty when it is not written yet.
    #[serde(default, deserialize_with = "some_text")]
    pub invoice_number: Option<String>,
    /// When it is due; absent when it is not known yet.
    #[serde(default)]
    pub due_on: Option<Day>,
}

/// Variables of `order_cancelled`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderEnded {
    /// Number for people.
    pub order_number: OrderNumber,
    /// Why, as a sentence; absent or empty when nobody said.
    #[serde(default, deserialize_with = "some_text")]
    pub reason: Option<String>,
}

/// Variables of `order_escalated_operator`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderEscalated {
    /// Number for people.
    pub order_number: OrderNumber,
    /// Why a person is needed, as a sentence.
    pub why: String,
}

/// Variables of `payment_received`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentReceived {
    /// Amount, in paisa.
    pub amount_paisa: Paisa,
    /// Method by its contract name: `CASH`, `BANK_TRANSFER`, ….
    pub method: String,
    /// Owed after it, in paisa; negative when the shop paid ahead.
    pub owed_paisa: Paisa,
}
