//! The next vendor is chosen.

use chrono::{DateTime, Utc};
use khaacho_durable::Command;
use serde::Serialize;
use serde_json::json;

use super::quote::Choice;
use super::route::{Candidate, OFFERS_MAX};
use super::secure_order::SECURE_ATTEMPTS_MAX;
use super::{Change, Order, Refusal, Status};

/// Chooses the next vendor of an order whose offer was declined or expired, or hands it to an operator.
#[derive(Debug, Clone, Serialize)]
pub struct RouteOrder {
    /// Order.
    pub order_id: String,
    /// The best vendor that was not asked yet.
    pub choice: Option<Choice>,
    /// How all were ranked.
    #[serde(skip)]
    pub ranking: Vec<Candidate>,
    /// Where operators read; `None` when nobody is configured.
    pub operator_phone: Option<String>,
}

/// What routing writes.
#[derive(Debug)]
pub enum Decision {
    /// The stock is moved to this vendor, who is asked then.
    Next(Box<Move>),
    /// Nobody is left: an operator has to act.
    Escalate(Box<Change>),
    /// The order went on without us.
    Nothing,
}

/// A vendor that the stock is moved to.
#[derive(Debug)]
pub struct Move {
    /// The order.
    pub change: Change,
    /// The vendor.
    pub choice: Choice,
    /// How all were ranked.
    pub ranking: Vec<Candidate>,
    /// `scored` or `operator`.
    pub method: &'static str,
    /// Attempt of the new reservation.
    pub reservation_attempt: i32,
}

/// The attempt of the reservation for the `offer`-th vendor. The attempts before belong to securing the order.
pub fn reservation_attempt(offer: i32) -> i32 {
    i32::try_from(SECURE_ATTEMPTS_MAX).expect("small") + offer
}

impl Command for RouteOrder {
    const NAME: &'static str = "RouteOrder";
    type Snapshot = Option<Order>;
    type Decision = Decision;
    type Refusal = Refusal;

    fn decide(&self, seen: Option<Order>, now: DateTime<Utc>) -> Result<Decision, Refusal> {
        let order = seen.ok_or(Refusal::OrderUnknown)?;
        if order.status != Status::Pending || order.needs_operator {
            return Ok(Decision::Nothing);
        }
        let choice = self.choice.clone().filter(|_| order.offers < OFFERS_MAX);
        let Some(choice) = choice else {
            return Ok(Decision::Escalate(Box::new(self.escalate(&order, now)?)));
        };
        let mut change = order.moved(&[Status::Routed], now, &format!("chose {}", choice.vendor.name))?;
        change.order.offers += 1;
        let reservation_attempt = reservation_attempt(change.order.offers);
        let ranking = self.ranking.clone();
        Ok(Decision::Next(Box::new(Move {
            change,
            choice,
            ranking,
            method: "scored",
            reservation_attempt,
        })))
    }
}

impl RouteOrder {
    fn escalate(&self, order: &Order, now: DateTime<Utc>) -> Result<Change, Refusal> {
        let why = format!("{} wholesalers were asked and none took it", order.offers);
        let mut change = order.moved(&[], now, &why)?;
        change.order.leave_vendor();
        change.order.needs_operator = true;
        change.order.reason = Some("NO_VENDOR_ANSWERED".to_owned());
        change.order.reason_text = Some(why.clone());
        let number = json!({ "order_number": order.number });
        change
            .notices
            .push(order.to_buyer(&format!("delayed{}", order.offers), "order_delayed", number));
        if let Some(phone) = &self.operator_phone {
            let data = json!({ "order_number": order.number, "why": why });
            let what = format!("escalated{}", order.offers);
            change
                .notices
                .push(order.to_operator(phone, &what, "order_escalated_operator", data));
        }
        Ok(change)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixtures;

    fn decide(offers: i32, choice: Option<Choice>) -> Decision {
        let order = Order {
            status: Status::Pending,
            offers,
            ..fixtures::offered()
        };
        let operator_phone = Some("+9779800000000".to_owned());
        let command = RouteOrder {
            order_id: order.order_id.clone(),
            choice,
            ranking: vec![],
            operator_phone,
        };
        command.decide(Some(order), fixtures::now()).expect("decided")
    }

    #[test]
    fn at_most_three_vendors_are_asked_then_an_operator_acts() {
        let choice = fixtures::quote().choices.pop();
        assert!(matches!(decide(2, choice.clone()), Decision::Next(_)));
        for stuck in [decide(3, choice), decide(1, None)] {
            let Decision::Escalate(change) = stuck else {
                panic!("escalated")
            };
            assert!(change.order.needs_operator && change.order.status == Status::Pending);
            let order = &change.order;
            assert_eq!(
                (&order.vendor, order.vendor_paisa, order.vendor_deadline_at),
                (&None, None, None)
            );
            assert_eq!(order.reservation_attempt, Some(1), "the stock stays where it is");
            assert_eq!(change.notices.len(), 2, "shop and operator are told");
        }
    }
}
