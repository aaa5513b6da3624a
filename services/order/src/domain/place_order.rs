//! A quote becomes an order.

use chrono::{DateTime, Utc};
use khaacho_durable::Command;
use khaacho_ids::OrderId;
use serde::Serialize;

use super::number::order_number;
use super::quote::{Choice, Obstacle, Quote};
use super::status::Status;
use super::{Asked, Order, Refusal};

/// Turns a quote into an order. Its id is derived from the quote, so two confirmations make one order.
#[derive(Debug, Clone, Serialize)]
pub struct PlaceOrder {
    /// Account that the caller is confined to.
    pub own_account: Option<String>,
    /// Quote id; for lines that are quoted on the way it is derived from the request.
    pub quote_id: String,
    /// What was asked, when it is quoted on the way.
    pub asked: Vec<Asked>,
    /// That quote. What peers said is not part of the request's fingerprint.
    #[serde(skip)]
    pub quoted: Option<Quote>,
}

/// What placing sees.
pub struct Snapshot {
    /// The quote.
    pub quote: Option<Quote>,
    /// Number of the order that the quote became.
    pub used_by: Option<String>,
    /// Next number of the sequence.
    pub sequence: i64,
}

/// What placing writes.
#[derive(Debug)]
pub struct Decision {
    /// The order.
    pub order: Order,
    /// Vendors that may take it, best first.
    pub choices: Vec<Choice>,
}

impl PlaceOrder {
    /// The order that this quote becomes.
    pub fn order_id(&self) -> OrderId {
        Self::order_of(&self.quote_id)
    }

    /// The order that a quote becomes, if ever.
    pub fn order_of(quote_id: &str) -> OrderId {
        OrderId::derive(&["order", quote_id])
    }
}

impl Command for PlaceOrder {
    const NAME: &'static str = "PlaceOrder";
    type Snapshot = Snapshot;
    type Decision = Decision;
    type Refusal = Refusal;

    fn decide(&self, seen: Snapshot, now: DateTime<Utc>) -> Result<Decision, Refusal> {
        let quote = seen.quote.ok_or(Refusal::QuoteUnknown)?;
        if self
            .own_account
            .as_ref()
            .is_some_and(|own| *own != quote.buyer.account_id)
        {
            return Err(Refusal::QuoteUnknown);
        }
        if let Some(number) = seen.used_by {
            return Err(Refusal::QuoteUsed { number });
        }
        if quote.expires_at <= now {
            return Err(Refusal::QuoteExpired);
        }
        match &quote.obstacle {
            // Credit is decided by the hold: a payment may have come in since.
            None | Some(Obstacle::CreditShort { .. }) => {}
            Some(it) => return Err(Refusal::InTheWay(it.clone())),
        }
        let order = Order {
            order_id: self.order_id().to_string(),
            number: order_number(seen.sequence, now),
            status: Status::Placed,
            version: 1,
            buyer: quote.buyer,
            vendor: None,
            reservation_attempt: None,
            offers: 0,
            subtotal: quote.subtotal,
            vat: quote.vat,
            total: quote.total,
            vendor_paisa: None,
            placed_at: now,
            updated_at: now,
            delivered_at: None,
            invoice_number: None,
            due_at: None,
            vendor_deadline_at: None,
            reason: None,
            reason_text: None,
            needs_operator: false,
            lines: quote.lines,
        };
        let choices = quote.choices;
        Ok(Decision { order, choices })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixtures;

    fn command() -> PlaceOrder {
        PlaceOrder {
            own_account: None,
            quote_id: "quo_1".into(),
            asked: vec![],
            quoted: None,
        }
    }

    #[test]
    fn a_fresh_quote_becomes_a_placed_order_at_its_prices() {
        let quote = fixtures::quote();
        let seen = Snapshot {
            quote: Some(quote.clone()),
            used_by: None,
            sequence: 42,
        };
        let decided = command().decide(seen, fixtures::now()).expect("fresh");
        assert_eq!(decided.choices, quote.choices);
        let order = decided.order;
        assert_eq!(
            (order.status, order.total, order.lines),
            (Status::Placed, quote.total, quote.lines)
        );
        assert_eq!(order.order_id, command().order_id().to_string());
    }

    #[test]
    fn old_used_foreign_and_hopeless_quotes_are_refused() {
        let now = fixtures::now();
        let quote = fixtures::quote();
        let decide = |command: PlaceOrder, quote: Option<Quote>, used_by: Option<String>, now| {
            command
                .decide(
                    Snapshot {
                        quote,
                        used_by,
                        sequence: 1,
                    },
                    now,
                )
                .expect_err("refused")
        };
        assert_eq!(decide(command(), None, None, now), Refusal::QuoteUnknown);
        let late = now + chrono::Duration::minutes(11);
        assert_eq!(
            decide(command(), Some(quote.clone()), None, late),
            Refusal::QuoteExpired
        );
        let used = decide(command(), Some(quote.clone()), Some("ORD1".into()), now);
        assert_eq!(
            used,
            Refusal::QuoteUsed {
                number: "ORD1".into()
            }
        );
        let foreign = PlaceOrder {
            own_account: Some("acc_other".into()),
            ..command()
        };
        assert_eq!(
            decide(foreign, Some(quote.clone()), None, now),
            Refusal::QuoteUnknown
        );
        let blocked = Quote {
            obstacle: Some(Obstacle::Blocked {
                why: "overdue".into(),
            }),
            ..quote
        };
        assert!(matches!(
            decide(command(), Some(blocked), None, now),
            Refusal::InTheWay(Obstacle::Blocked { .. })
        ));
    }
}
