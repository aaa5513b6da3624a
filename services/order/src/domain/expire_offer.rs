//! An offer runs out.

use chrono::{DateTime, Utc};
use khaacho_durable::Command;
use serde::Serialize;
use serde_json::json;

use super::{Change, Order, Refusal, Status};

/// Closes an offer whose deadline has passed; the next vendor will be asked.
#[derive(Debug, Clone, Serialize)]
pub struct ExpireOffer {
    /// Order.
    pub order_id: String,
    /// Which offer, from 1; a later one is not touched.
    pub offer: i32,
}

impl Command for ExpireOffer {
    const NAME: &'static str = "ExpireOffer";
    type Snapshot = Option<Order>;
    /// `None` when the offer was answered in time.
    type Decision = Option<Change>;
    type Refusal = Refusal;

    fn decide(&self, seen: Option<Order>, now: DateTime<Utc>) -> Result<Option<Change>, Refusal> {
        let order = seen.ok_or(Refusal::OrderUnknown)?;
        let open = order.status == Status::SentToVendor && order.offers == self.offer;
        if !open || order.vendor_deadline_at.is_none_or(|deadline| deadline > now) {
            return Ok(None);
        }
        let mut change = order.moved(&[Status::Pending], now, "the vendor did not answer in time")?;
        change.order.leave_vendor();
        if let Some(vendor) = &order.vendor {
            let what = format!("expired{}", order.offers);
            let data = json!({ "order_number": order.number, "why": "expired" });
            change
                .notices
                .push(order.to_vendor(vendor, &what, "vendor_offer_lost", data));
        }
        Ok(Some(change))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixtures;

    #[test]
    fn an_offer_expires_at_its_deadline_and_only_that_offer() {
        let order = fixtures::offered();
        let deadline = order.vendor_deadline_at.expect("asked");
        let expire = |offer| ExpireOffer {
            order_id: order.order_id.clone(),
            offer,
        };
        let early = expire(1).decide(Some(order.clone()), deadline - chrono::Duration::seconds(1));
        assert_eq!(early.expect("decided"), None);
        let other = expire(2).decide(Some(order.clone()), deadline);
        assert_eq!(other.expect("decided"), None);
        let change = expire(1)
            .decide(Some(order.clone()), deadline)
            .expect("decided")
            .expect("expired");
        assert_eq!(
            (change.order.status, change.order.vendor),
            (Status::Pending, None)
        );
    }
}
