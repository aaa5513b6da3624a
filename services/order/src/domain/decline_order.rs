//! A vendor refuses an order.

use chrono::{DateTime, Utc};
use khaacho_durable::Command;
use serde::Serialize;
use serde_json::json;

use super::{Change, Order, Refusal, Status, answer};

/// A vendor refuses the order that he is asked for; the next one will be asked.
#[derive(Debug, Clone, Serialize)]
pub struct DeclineOrder {
    /// Id or number.
    pub order: String,
    /// Who answers; `None` when an operator answers for whoever is asked.
    pub vendor_id: Option<String>,
    /// Why; may be empty.
    pub reason: String,
}

impl Command for DeclineOrder {
    const NAME: &'static str = "DeclineOrder";
    type Snapshot = Option<Order>;
    type Decision = Change;
    type Refusal = Refusal;

    fn decide(&self, seen: Option<Order>, now: DateTime<Utc>) -> Result<Change, Refusal> {
        let order = seen.ok_or(Refusal::OrderUnknown)?;
        answer::asked_now(&order, self.vendor_id.as_deref())?;
        let why = if self.reason.is_empty() {
            "no reason given"
        } else {
            &self.reason
        };
        let mut change = order.moved(&[Status::Pending], now, &format!("the vendor declined: {why}"))?;
        change.order.leave_vendor();
        if let Some(vendor) = &order.vendor {
            let what = format!("declined{}", order.offers);
            let data = json!({ "order_number": order.number });
            change
                .notices
                .push(order.to_vendor(vendor, &what, "vendor_offer_declined", data));
        }
        Ok(change)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixtures;

    #[test]
    fn who_declined_does_not_have_it_any_more_but_its_stock_stays_reserved() {
        let order = fixtures::offered();
        let command = DeclineOrder {
            order: order.number.clone(),
            vendor_id: order.vendor.as_ref().map(|v| v.vendor_id.clone()),
            reason: String::new(),
        };
        let left = command
            .decide(Some(order.clone()), fixtures::now())
            .expect("his offer");
        let told = &left.notices[0];
        assert_eq!(
            (told.template.as_str(), told.to.phone.as_str()),
            ("vendor_offer_declined", "+9779759153901")
        );
        let left = left.order;
        assert_eq!(
            (&left.vendor, left.vendor_paisa, left.vendor_deadline_at),
            (&None, None, None)
        );
        assert_eq!(left.reservation_attempt, order.reservation_attempt);
    }
}
