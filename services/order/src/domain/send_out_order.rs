//! An order is on its last leg.

use chrono::{DateTime, Utc};
use khaacho_durable::Command;
use serde::Serialize;

use super::{Change, Order, Refusal, Status};

/// The order is on its last leg.
#[derive(Debug, Clone, Serialize)]
pub struct SendOutOrder {
    /// Id or number.
    pub order: String,
    /// Vendor that the caller is confined to.
    pub own_vendor: Option<String>,
    /// Version that the caller saw; 0 for any.
    pub expected_version: i64,
}

impl Command for SendOutOrder {
    const NAME: &'static str = "SendOutOrder";
    type Snapshot = Option<Order>;
    type Decision = Change;
    type Refusal = Refusal;

    fn decide(&self, seen: Option<Order>, now: DateTime<Utc>) -> Result<Change, Refusal> {
        let order = seen.ok_or(Refusal::OrderUnknown)?;
        order.by_its_vendor(self.own_vendor.as_deref())?;
        order.expect_version(self.expected_version)?;
        let mut change = order.moved(&[Status::OutForDelivery], now, "out for delivery")?;
        change
            .notices
            .push(order.to_buyer("out", "order_out_for_delivery", order.progress()));
        Ok(change)
    }
}
