//! Credit and stock are secured.

use chrono::{DateTime, Utc};
use khaacho_durable::Command;
use khaacho_planted::{self as planted, Bug};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::quote::Choice;
use super::route::{Candidate, WEIGHTS_VERSION};
use super::status::Status;
use super::{Change, Order, Refusal, answer};

/// Vendors that are tried for stock while an order is secured.
pub const SECURE_ATTEMPTS_MAX: usize = 3;

/// What the peers answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Outcome {
    /// Credit is held and this choice has reserved the stock.
    Secured {
        /// Which choice of the quote, from 0; its attempt is one more.
        choice: usize,
        /// Credit that is left, in paisa.
        credit_left_paisa: i64,
    },
    /// One of them refused.
    Refused {
        /// Reason code of the peer.
        reason: String,
        /// Sentence with what would cure it.
        sentence: String,
    },
}

/// Moves a placed order on with what securing credit and stock brought.
#[derive(Debug, Clone, Serialize)]
pub struct SecureOrder {
    /// Order.
    pub order_id: String,
    /// What the peers answered.
    pub outcome: Outcome,
    /// Whether other attempts may have left reservations behind, or still may.
    pub sweep: bool,
    /// How long the vendor has.
    pub deadline_minutes: u32,
}

/// What securing sees.
pub struct Snapshot {
    /// The order.
    pub order: Order,
    /// The vendors that may take it.
    pub choices: Vec<Choice>,
    /// How they were ranked.
    pub ranking: Vec<Candidate>,
}

/// What securing writes.
#[derive(Debug)]
pub enum Decision {
    /// The order goes to its first vendor.
    Offer(Box<Offered>),
    /// The order ends; credit and stock are given back.
    End(Box<Change>),
    /// The order was cancelled meanwhile; the job that was enqueued then gives everything back.
    Nothing,
}

/// A first offer.
#[derive(Debug)]
pub struct Offered {
    /// The order.
    pub change: Change,
    /// The choice.
    pub choice: Choice,
    /// How it was made.
    pub ranking: Vec<Candidate>,
    /// Version of the weights.
    pub weights_version: &'static str,
    /// Other reservation attempts to give back.
    pub sweep: Vec<i32>,
}

impl Command for SecureOrder {
    const NAME: &'static str = "SecureOrder";
    type Snapshot = Snapshot;
    type Decision = Decision;
    type Refusal = Refusal;

    fn decide(&self, seen: Snapshot, now: DateTime<Utc>) -> Result<Decision, Refusal> {
        let mut order = seen.order;
        if planted::on(Bug::NoFencing) {
            order.status = Status::Placed;
        }
        if order.status != Status::Placed {
            return Ok(Decision::Nothing);
        }
        match &self.outcome {
            Outcome::Secured {
                choice,
                credit_left_paisa,
            } => {
                let index = *choice;
                let choice = seen.choices.get(index).cloned().ok_or(Refusal::QuoteUnknown)?;
                let moves = [Status::Pending, Status::Routed, Status::SentToVendor];
                let mut change = order.moved(&moves, now, "credit held and stock reserved")?;
                let attempt = i32::try_from(index + 1).expect("at most three choices");
                change.order.reservation_attempt = Some(attempt);
                change.order.offers = 1;
                answer::offer(&mut change, &choice, now, self.deadline_minutes);
                change.notices.push(order.to_buyer(
                    "placed",
                    "order_placed",
                    json!({
                        "order_number": order.number, "total_paisa": order.total.paisa(),
                        "vendor": null, "credit_left_paisa": credit_left_paisa,
                    }),
                ));
                let all = 1..=i32::try_from(SECURE_ATTEMPTS_MAX).expect("small");
                let sweep = if self.sweep {
                    all.filter(|n| *n != attempt).collect()
                } else {
                    Vec::new()
                };
                let weights_version = WEIGHTS_VERSION;
                let offered = Offered {
                    change,
                    choice,
                    ranking: seen.ranking,
                    weights_version,
                    sweep,
                };
                Ok(Decision::Offer(Box::new(offered)))
            }
            Outcome::Refused { reason, sentence } => {
                let mut change = order.moved(&[Status::Refused], now, sentence)?;
                change.order.reason = Some(reason.clone());
                change.order.reason_text = Some(sentence.clone());
                change.notices.push(order.to_buyer(
                    "refused",
                    "order_refused",
                    json!({ "order_number": order.number, "reason_sentence": sentence }),
                ));
                Ok(Decision::End(Box::new(change)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixtures;

    fn decide(status: Status, outcome: Outcome) -> Decision {
        let quote = fixtures::quote();
        let order = Order {
            status,
            ..fixtures::order()
        };
        let command = SecureOrder {
            order_id: order.order_id.clone(),
            outcome,
            sweep: true,
            deadline_minutes: 30,
        };
        let seen = Snapshot {
            order,
            choices: quote.choices,
            ranking: quote.ranking,
        };
        command.decide(seen, fixtures::now()).expect("decided")
    }

    #[test]
    fn a_secured_order_goes_to_its_vendor_and_tells_both_sides() {
        let Decision::Offer(offered) = decide(
            Status::Placed,
            Outcome::Secured {
                choice: 0,
                credit_left_paisa: 5,
            },
        ) else {
            panic!("offered");
        };
        assert_eq!(offered.change.order.status, Status::SentToVendor);
        assert_eq!(
            offered.sweep,
            [2, 3],
            "attempts that an interrupted run may have left"
        );
        let templates: Vec<_> = offered
            .change
            .notices
            .iter()
            .map(|n| n.template.as_str())
            .collect();
        assert_eq!(templates, ["vendor_offer", "order_placed"]);
        assert!(offered.change.order.vendor_deadline_at.is_some());
    }

    #[test]
    fn a_refusal_ends_the_order_with_its_reason() {
        let refused = Outcome::Refused {
            reason: "CREDIT_SHORT".into(),
            sentence: "pay Rs 5".into(),
        };
        let Decision::End(change) = decide(Status::Placed, refused) else {
            panic!("ended")
        };
        assert_eq!(
            (change.order.status, change.order.reason.as_deref()),
            (Status::Refused, Some("CREDIT_SHORT"))
        );
    }

    #[test]
    fn an_order_that_was_cancelled_meanwhile_stays_cancelled() {
        let secured = Outcome::Secured {
            choice: 0,
            credit_left_paisa: 5,
        };
        assert!(matches!(decide(Status::Cancelled, secured), Decision::Nothing));
    }
}
