//! An order is handed over.

use chrono::{DateTime, Utc};
use khaacho_durable::Command;
use serde::Serialize;

use super::{Change, Order, Refusal, Status};

/// The order was handed over. The shop hears of it with its invoice, once the debt is posted.
#[derive(Debug, Clone, Serialize)]
pub struct DeliverOrder {
    /// Id or number.
    pub order: String,
    /// Vendor that the caller is confined to.
    pub own_vendor: Option<String>,
    /// Version that the caller saw; 0 for any.
    pub expected_version: i64,
}

impl Command for DeliverOrder {
    const NAME: &'static str = "DeliverOrder";
    type Snapshot = Option<Order>;
    type Decision = Change;
    type Refusal = Refusal;

    fn decide(&self, seen: Option<Order>, now: DateTime<Utc>) -> Result<Change, Refusal> {
        let order = seen.ok_or(Refusal::OrderUnknown)?;
        order.by_its_vendor(self.own_vendor.as_deref())?;
        order.expect_version(self.expected_version)?;
        let mut change = order.moved(&[Status::Delivered], now, "handed over")?;
        change.order.delivered_at = Some(now);
        Ok(change)
    }
}
