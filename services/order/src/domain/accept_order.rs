//! A vendor takes an order.

use chrono::{DateTime, Utc};
use khaacho_durable::Command;
use serde::Serialize;

use super::{Change, Order, Refusal, Status, answer};

/// A vendor takes the order that he is asked for.
#[derive(Debug, Clone, Serialize)]
pub struct AcceptOrder {
    /// Id or number.
    pub order: String,
    /// Who answers; `None` when an operator answers for whoever is asked.
    pub vendor_id: Option<String>,
}

impl Command for AcceptOrder {
    const NAME: &'static str = "AcceptOrder";
    type Snapshot = Option<Order>;
    type Decision = Change;
    type Refusal = Refusal;

    fn decide(&self, seen: Option<Order>, now: DateTime<Utc>) -> Result<Change, Refusal> {
        let order = seen.ok_or(Refusal::OrderUnknown)?;
        answer::asked_now(&order, self.vendor_id.as_deref())?;
        let mut change = order.moved(&[Status::Accepted], now, "the vendor accepted")?;
        change.order.vendor_deadline_at = None;
        answer::taken(&mut change);
        Ok(change)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixtures;

    #[test]
    fn only_the_asked_vendor_can_take_it_and_only_once() {
        let order = fixtures::offered();
        let asked = order.vendor.as_ref().map(|v| v.vendor_id.clone());
        let by = |vendor_id: Option<&str>| AcceptOrder {
            order: order.number.clone(),
            vendor_id: vendor_id.map(str::to_owned),
        };
        let now = fixtures::now();
        let change = by(asked.as_deref())
            .decide(Some(order.clone()), now)
            .expect("his offer");
        assert_eq!((change.order.status, change.notices.len()), (Status::Accepted, 2));
        let other = by(Some("ven_other")).decide(Some(order.clone()), now);
        assert!(matches!(other, Err(Refusal::NotYourOffer { .. })));
        let again = by(asked.as_deref()).decide(Some(change.order), now);
        assert!(matches!(again, Err(Refusal::OfferGone { .. })));
    }
}
