//! The stock moves to the next vendor.

use chrono::{DateTime, Utc};
use khaacho_durable::Command;
use serde::Serialize;
use serde_json::json;

use super::quote::Choice;
use super::{Change, Line, Order, Refusal, Status, answer};

/// Goes on after the stock of an order was to be moved to its next vendor.
#[derive(Debug, Clone, Serialize)]
pub struct RehomeOrder {
    /// Order.
    pub order_id: String,
    /// Which offer, from 1.
    pub offer: i32,
    /// Whether the stock was moved; otherwise the vendor had not enough.
    pub moved: bool,
    /// How long the vendor has.
    pub deadline_minutes: u32,
}

/// What rehoming sees.
pub struct Snapshot {
    /// The order.
    pub order: Order,
    /// The vendor of the offer.
    pub choice: Choice,
    /// Attempt of his reservation.
    pub reservation_attempt: i32,
    /// Whether an operator chose him, which counts as accepted.
    pub by_operator: bool,
}

/// What rehoming writes.
#[derive(Debug)]
pub enum Decision {
    /// The vendor is asked.
    Asked(Change),
    /// The vendor has it, by an operator's word.
    Taken(Change),
    /// The vendor had not enough; the next one is looked for, and this reservation attempt is closed: a call of it that
    /// was given up may still arrive and would take the present reservation away.
    Short(Change, i32),
    /// The order was cancelled meanwhile; this reservation attempt is given back.
    GiveBack(Order, i32),
}

impl Command for RehomeOrder {
    const NAME: &'static str = "RehomeOrder";
    type Snapshot = Option<Snapshot>;
    type Decision = Decision;
    type Refusal = Refusal;

    fn decide(&self, seen: Option<Snapshot>, now: DateTime<Utc>) -> Result<Decision, Refusal> {
        let seen = seen.ok_or(Refusal::OrderUnknown)?;
        let order = seen.order;
        if order.status != Status::Routed || order.offers != self.offer {
            return Ok(Decision::GiveBack(order, seen.reservation_attempt));
        }
        if !self.moved {
            let note = format!("{} has not enough stock any more", seen.choice.vendor.name);
            let mut change = order.moved(&[Status::Pending], now, &note)?;
            change.order.leave_vendor();
            return Ok(Decision::Short(change, seen.reservation_attempt));
        }
        let steps: &[Status] = if seen.by_operator {
            &[Status::SentToVendor, Status::Accepted]
        } else {
            &[Status::SentToVendor]
        };
        let mut change = order.moved(steps, now, &format!("stock moved to {}", seen.choice.vendor.name))?;
        change.order.reservation_attempt = Some(seen.reservation_attempt);
        answer::offer(&mut change, &seen.choice, now, self.deadline_minutes);
        if !seen.by_operator {
            return Ok(Decision::Asked(change));
        }
        change.order.vendor_deadline_at = None;
        // Nothing is asked of him; he is told what to pack instead.
        change.notices = vec![change.order.to_vendor(
            &seen.choice.vendor,
            &format!("packlist{}", change.order.offers),
            "vendor_pack_list",
            pack_list(&change.order),
        )];
        answer::taken(&mut change);
        Ok(Decision::Taken(change))
    }
}

/// The lines of an order that an operator has given to a vendor.
fn pack_list(order: &Order) -> serde_json::Value {
    let line = |l: &Line| json!({ "name": l.name, "quantity": l.quantity, "unit": l.unit });
    let lines: Vec<_> = order.lines.iter().map(line).collect();
    json!({ "order_number": order.number, "shop": order.buyer.shop_name, "lines": lines })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixtures;

    #[test]
    fn a_vendor_whom_an_operator_chose_learns_what_to_pack() {
        let order = Order {
            status: Status::Routed,
            offers: 2,
            ..fixtures::offered()
        };
        let choice = Choice {
            vendor: fixtures::vendor(2),
            vendor_paisa: 440_000,
        };
        let seen = Snapshot {
            order,
            choice,
            reservation_attempt: 5,
            by_operator: true,
        };
        let command = RehomeOrder {
            order_id: "ord_1".into(),
            offer: 2,
            moved: true,
            deadline_minutes: 30,
        };
        let Decision::Taken(change) = command.decide(Some(seen), fixtures::now()).expect("decided") else {
            panic!("taken")
        };
        assert_eq!(change.order.status, Status::Accepted);
        let told = &change.notices[0];
        assert_eq!(told.template, "vendor_pack_list");
        assert_eq!(
            told.data["lines"][0],
            json!({ "name": "Jeera Masino rice 25 kg", "quantity": "2", "unit": "sack" })
        );
    }
}
