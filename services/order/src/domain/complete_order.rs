//! Receipt is confirmed.

use chrono::{DateTime, Utc};
use khaacho_durable::Command;
use serde::Serialize;
use serde_json::json;

use super::{Change, Order, Refusal, Status};

/// Receipt is confirmed, by the shop, the vendor, an operator or the passing of time.
#[derive(Debug, Clone, Serialize)]
pub struct CompleteOrder {
    /// Id or number.
    pub order: String,
    /// Account that the caller is confined to.
    pub own_account: Option<String>,
    /// Vendor that the caller is confined to.
    pub own_vendor: Option<String>,
    /// Version that the caller saw; 0 for any.
    pub expected_version: i64,
}

impl Command for CompleteOrder {
    const NAME: &'static str = "CompleteOrder";
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
        order.by_its_vendor(self.own_vendor.as_deref())?;
        order.expect_version(self.expected_version)?;
        let mut change = order.moved(&[Status::Completed], now, "receipt confirmed")?;
        if order.invoice_number.is_none() {
            return Err(Refusal::NotPostedYet);
        }
        let data = json!({ "order_number": order.number });
        change
            .notices
            .push(order.to_buyer("completed", "order_completed", data));
        Ok(change)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixtures;

    #[test]
    fn an_order_completes_only_after_its_debt_is_posted() {
        let delivered = Order {
            status: Status::Delivered,
            ..fixtures::offered()
        };
        let command = CompleteOrder {
            order: delivered.number.clone(),
            own_account: None,
            own_vendor: None,
            expected_version: 0,
        };
        let now = fixtures::now();
        assert_eq!(
            command.decide(Some(delivered.clone()), now),
            Err(Refusal::NotPostedYet)
        );
        let posted = Order {
            invoice_number: Some("INV1".into()),
            ..delivered
        };
        assert_eq!(
            command.decide(Some(posted), now).expect("posted").order.status,
            Status::Completed
        );
        let early = command.decide(Some(fixtures::offered()), now);
        assert!(matches!(early, Err(Refusal::WrongStatus { .. })));
    }
}
