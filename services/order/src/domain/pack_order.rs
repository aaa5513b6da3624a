//! An order is packed.

use chrono::{DateTime, Utc};
use khaacho_durable::Command;
use serde::Serialize;

use super::{Change, Order, Refusal, Status};

/// The vendor packs the order.
#[derive(Debug, Clone, Serialize)]
pub struct PackOrder {
    /// Id or number.
    pub order: String,
    /// Vendor that the caller is confined to.
    pub own_vendor: Option<String>,
    /// Version that the caller saw; 0 for any.
    pub expected_version: i64,
}

impl Command for PackOrder {
    const NAME: &'static str = "PackOrder";
    type Snapshot = Option<Order>;
    type Decision = Change;
    type Refusal = Refusal;

    fn decide(&self, seen: Option<Order>, now: DateTime<Utc>) -> Result<Change, Refusal> {
        let order = seen.ok_or(Refusal::OrderUnknown)?;
        order.by_its_vendor(self.own_vendor.as_deref())?;
        order.expect_version(self.expected_version)?;
        let mut change = order.moved(&[Status::Packing], now, "being packed")?;
        change
            .notices
            .push(order.to_buyer("packing", "order_packing", order.progress()));
        Ok(change)
    }
}
