//! Cancelling before delivery.

use chrono::{DateTime, Utc};
use khaacho_durable::Command;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Change, Order, Refusal, Status};

/// Who cancels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum By {
    /// The shop.
    Buyer,
    /// An operator.
    Operator,
}

/// Cancels an order before its delivery.
#[derive(Debug, Clone, Serialize)]
pub struct CancelOrder {
    /// Id or number.
    pub order: String,
    /// Account that the caller is confined to.
    pub own_account: Option<String>,
    /// Who cancels.
    pub by: By,
    /// Why; mandatory for operators, and for the shop once a vendor has accepted.
    pub reason: String,
    /// Version that the caller saw; 0 for any.
    pub expected_version: i64,
}

impl Command for CancelOrder {
    const NAME: &'static str = "CancelOrder";
    type Snapshot = Option<Order>;
    type Decision = Change;
    type Refusal = Refusal;

    fn decide(&self, seen: Option<Order>, now: DateTime<Utc>) -> Result<Change, Refusal> {
        let order = seen.ok_or(Refusal::OrderUnknown)?;
        if self
            .own_account
            .as_ref()
            .is_some_and(|own| *own != order.buyer.account_id)
        {
            return Err(Refusal::OrderUnknown);
        }
        order.expect_version(self.expected_version)?;
        let taken = matches!(order.status, Status::Accepted | Status::Packing);
        let left = matches!(order.status, Status::Dispatched | Status::OutForDelivery);
        if self.by == By::Buyer && left {
            // Goods on the road come back only by an operator's word.
            let wanted = Status::Cancelled;
            return Err(Refusal::WrongStatus {
                number: order.number.clone(),
                now: order.status,
                wanted,
            });
        }
        let reason = self.reason.trim();
        if reason.is_empty() && (self.by == By::Operator || taken) {
            return Err(Refusal::ReasonMissing);
        }
        let note = if reason.is_empty() {
            "cancelled by the shop"
        } else {
            reason
        };
        let mut change = order.moved(&[Status::Cancelled], now, note)?;
        change.order.reason = Some("CANCELLED".to_owned());
        change.order.reason_text = Some(note.to_owned());
        change.order.vendor_deadline_at = None;
        change.order.needs_operator = false;
        let data = json!({ "order_number": order.number, "reason": reason });
        change
            .notices
            .push(order.to_buyer("cancelled", "order_cancelled", data.clone()));
        let asked = taken || left || order.status == Status::SentToVendor;
        if let Some(vendor) = order.vendor.as_ref().filter(|_| asked) {
            change
                .notices
                .push(order.to_vendor(vendor, "cancelled", "vendor_order_cancelled", data));
        }
        Ok(change)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixtures;

    fn cancel(by: By, reason: &str, status: Status) -> Result<Change, Refusal> {
        let order = Order {
            status,
            ..fixtures::offered()
        };
        let command = CancelOrder {
            order: order.number.clone(),
            own_account: None,
            by,
            reason: reason.to_owned(),
            expected_version: 0,
        };
        command.decide(Some(order), fixtures::now())
    }

    #[test]
    fn a_shop_may_cancel_freely_until_accepted_with_a_reason_until_dispatched_then_not() {
        assert!(cancel(By::Buyer, "", Status::SentToVendor).is_ok());
        assert_eq!(
            cancel(By::Buyer, " ", Status::Accepted),
            Err(Refusal::ReasonMissing)
        );
        assert!(cancel(By::Buyer, "closed", Status::Packing).is_ok());
        assert!(matches!(
            cancel(By::Buyer, "closed", Status::Dispatched),
            Err(Refusal::WrongStatus { .. })
        ));
    }

    #[test]
    fn nobody_cancels_a_delivered_order() {
        for status in [
            Status::Delivered,
            Status::Completed,
            Status::Cancelled,
            Status::Refused,
        ] {
            assert!(matches!(
                cancel(By::Operator, "x", status),
                Err(Refusal::WrongStatus { .. })
            ));
        }
    }

    #[test]
    fn a_stale_or_foreign_caller_is_refused() {
        let order = fixtures::offered();
        let command = |own: Option<&str>, expected_version| CancelOrder {
            order: order.number.clone(),
            own_account: own.map(str::to_owned),
            by: By::Buyer,
            reason: String::new(),
            expected_version,
        };
        let now = fixtures::now();
        let foreign = command(Some("acc_x"), 0).decide(Some(order.clone()), now);
        assert_eq!(foreign, Err(Refusal::OrderUnknown));
        let stale = command(None, order.version + 1).decide(Some(order.clone()), now);
        assert!(matches!(stale, Err(Refusal::StaleVersion { .. })));
    }
}
