//! Rows of the credit service.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::super::text;

/// An account of a shop.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// `acc_…`.
    #[serde(deserialize_with = "text")]
    pub retailer: String,
    /// What people call it.
    #[serde(deserialize_with = "text")]
    pub code: String,
    /// Most that may be owed and held.
    pub limit_paisa: i64,
    /// Debt; negative for an advance.
    pub owed_paisa: i64,
    /// Held for orders.
    pub held_paisa: i64,
    /// `ACTIVE` or `BLOCKED`.
    #[serde(deserialize_with = "text")]
    pub state: String,
    /// Number of its last change.
    pub version: i64,
}

/// A change of an account.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountEvent {
    /// `acc_…`.
    #[serde(deserialize_with = "text")]
    pub retailer: String,
    /// From 1, without gaps.
    pub seq: i64,
    /// `opened`, `limit_set`, `hold_placed`, ….
    #[serde(deserialize_with = "text")]
    pub kind: String,
    /// Change of the debt.
    pub d_posted: i64,
    /// Change of what is held.
    pub d_held: i64,
    /// Limit from then on.
    pub limit_after: i64,
    /// `hld_…`.
    #[serde(deserialize_with = "text")]
    pub hold_id: String,
    /// `ent_…`.
    #[serde(deserialize_with = "text")]
    pub entry_id: String,
    /// `ord_…`.
    #[serde(deserialize_with = "text")]
    pub order_id: String,
    /// `pay_…`.
    #[serde(deserialize_with = "text")]
    pub payment_id: String,
    /// Request, message or job.
    #[serde(default, deserialize_with = "text")]
    pub cause: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// Credit that is held for an order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// `hld_…`.
    #[serde(deserialize_with = "text")]
    pub hold_id: String,
    /// `ord_…`.
    #[serde(deserialize_with = "text")]
    pub order_id: String,
    /// `acc_…`.
    #[serde(deserialize_with = "text")]
    pub retailer: String,
    /// 0 for one that was given back before it came.
    pub amount_paisa: i64,
    /// `PENDING`, `POSTED` or `RELEASED`.
    #[serde(deserialize_with = "text")]
    pub state: String,
}

/// An entry of the journal.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// `ent_…`.
    #[serde(deserialize_with = "text")]
    pub entry_id: String,
    /// `delivery`, `payment` or `opening_balance`.
    #[serde(deserialize_with = "text")]
    pub kind: String,
    /// `ord_…`.
    #[serde(deserialize_with = "text")]
    pub order_id: String,
    /// `acc_…`.
    #[serde(deserialize_with = "text")]
    pub retailer: String,
    /// `pay_…`.
    #[serde(deserialize_with = "text")]
    pub payment_id: String,
    /// When it was written.
    pub recorded_at: DateTime<Utc>,
}

/// A line of an entry.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// `ent_…`.
    #[serde(deserialize_with = "text")]
    pub entry_id: String,
    /// Place in the entry.
    pub n: i64,
    /// `receivable:acc_…`, `payable:ven_…`, `revenue`, `vat_payable`, a till.
    #[serde(deserialize_with = "text")]
    pub account: String,
    /// Debit positive.
    pub amount_paisa: i64,
}

/// An invoice.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invoice {
    /// `inv_…`.
    #[serde(deserialize_with = "text")]
    pub invoice_id: String,
    /// What people call it.
    #[serde(deserialize_with = "text")]
    pub number: String,
    /// `acc_…`.
    #[serde(deserialize_with = "text")]
    pub retailer: String,
    /// `ord_…`.
    #[serde(deserialize_with = "text")]
    pub order_id: String,
    /// `ent_…`.
    #[serde(deserialize_with = "text")]
    pub entry_id: String,
    /// With VAT.
    pub amount_paisa: i64,
    /// VAT inside.
    pub vat_paisa: i64,
    /// Not yet paid.
    pub open_paisa: i64,
    /// What the vendor gets.
    pub vendor_paisa: i64,
    /// When it is due.
    pub due_at: DateTime<Utc>,
}

/// A payment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// `pay_…`.
    #[serde(deserialize_with = "text")]
    pub payment_id: String,
    /// `acc_…`.
    #[serde(deserialize_with = "text")]
    pub retailer: String,
    /// Amount.
    pub amount_paisa: i64,
    /// Not used for an invoice so far.
    pub unallocated_paisa: i64,
    /// `CASH`, `BANK_TRANSFER`, ….
    #[serde(deserialize_with = "text")]
    pub method: String,
    /// The payer's reference.
    #[serde(deserialize_with = "text")]
    pub reference: String,
    /// `ent_…`.
    #[serde(deserialize_with = "text")]
    pub entry_id: String,
}

/// What a payment paid of an invoice.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allocation {
    /// `pay_…`.
    #[serde(deserialize_with = "text")]
    pub payment_id: String,
    /// `inv_…`.
    #[serde(deserialize_with = "text")]
    pub invoice_id: String,
    /// How much.
    pub amount_paisa: i64,
}
