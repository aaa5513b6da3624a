//! An operator gives an order to a vendor.

use chrono::{DateTime, Utc};
use khaacho_durable::Command;
use serde::Serialize;
use serde_json::json;

use super::quote::Choice;
use super::route::Candidate;
use super::route_order::{Move, reservation_attempt};
use super::{Order, Refusal, Status, Vendor};

/// An operator gives an order to a vendor, which counts as accepted once the stock is his.
#[derive(Debug, Clone, Serialize)]
pub struct AssignVendor {
    /// Id or number.
    pub order: String,
    /// Vendor that was asked for.
    pub vendor_id: String,
    /// Why; mandatory.
    pub reason: String,
    /// That vendor with his price; `None` when he cannot supply everything.
    #[serde(skip)]
    pub choice: Option<Choice>,
    /// Why he cannot.
    #[serde(skip)]
    pub lacks: String,
    /// How all were ranked.
    #[serde(skip)]
    pub ranking: Vec<Candidate>,
}

impl Command for AssignVendor {
    const NAME: &'static str = "AssignVendor";
    type Snapshot = Option<Order>;
    type Decision = Move;
    type Refusal = Refusal;

    fn decide(&self, seen: Option<Order>, now: DateTime<Utc>) -> Result<Move, Refusal> {
        let order = seen.ok_or(Refusal::OrderUnknown)?;
        if self.reason.trim().is_empty() {
            return Err(Refusal::ReasonMissing);
        }
        if !matches!(order.status, Status::Pending | Status::SentToVendor) {
            return Err(Refusal::WrongStatus {
                number: order.number.clone(),
                now: order.status,
                wanted: Status::Routed,
            });
        }
        let choice = self.choice.clone().ok_or_else(|| Refusal::VendorNotEligible {
            sentence: self.lacks.clone(),
        })?;
        let note = format!("an operator chose {}: {}", choice.vendor.name, self.reason.trim());
        let mut change = order.moved(&[Status::Routed], now, &note)?;
        change.order.offers += 1;
        change.order.needs_operator = false;
        change.order.leave_vendor();
        (change.order.reason, change.order.reason_text) = (None, None);
        let loses =
            |v: &&Vendor| order.status == Status::SentToVendor && v.vendor_id != choice.vendor.vendor_id;
        if let Some(vendor) = order.vendor.as_ref().filter(loses) {
            let what = format!("withdrawn{}", order.offers);
            let data = json!({ "order_number": order.number, "why": "given_away" });
            change
                .notices
                .push(order.to_vendor(vendor, &what, "vendor_offer_lost", data));
        }
        let reservation_attempt = reservation_attempt(change.order.offers);
        let ranking = self.ranking.clone();
        Ok(Move {
            change,
            choice,
            ranking,
            method: "operator",
            reservation_attempt,
        })
    }
}
