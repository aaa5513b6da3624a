//! The debt of a delivery is posted.

use chrono::{DateTime, Utc};
use khaacho_durable::Command;
use serde::Serialize;
use serde_json::json;

use super::{Change, Order, Refusal, Status};

/// Writes down that a delivered order's debt is posted and its stock consumed, and tells the shop.
#[derive(Debug, Clone, Serialize)]
pub struct SettleDelivery {
    /// Order.
    pub order_id: String,
    /// Journal entry.
    pub entry_id: String,
    /// Invoice number.
    pub invoice_number: String,
    /// Due date.
    pub due_at: DateTime<Utc>,
}

impl Command for SettleDelivery {
    const NAME: &'static str = "SettleDelivery";
    type Snapshot = Option<Order>;
    type Decision = Change;
    type Refusal = Refusal;

    fn decide(&self, seen: Option<Order>, now: DateTime<Utc>) -> Result<Change, Refusal> {
        let order = seen.ok_or(Refusal::OrderUnknown)?;
        if order.status != Status::Delivered {
            let wanted = Status::Delivered;
            return Err(Refusal::WrongStatus {
                number: order.number.clone(),
                now: order.status,
                wanted,
            });
        }
        let mut change = order.moved(&[], now, "debt posted")?;
        change.order.invoice_number = Some(self.invoice_number.clone());
        change.order.due_at = Some(self.due_at);
        let data = json!({
            "order_number": order.number, "total_paisa": order.total.paisa(),
            "invoice_number": self.invoice_number, "due_on": self.due_at.to_rfc3339(),
        });
        change
            .notices
            .push(order.to_buyer("delivered", "order_delivered", data));
        Ok(change)
    }
}
