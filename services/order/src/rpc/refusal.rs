//! Every refusal as a fault: the error contract of the service on one page.

use std::time::Duration;

use khaacho_fault::{Fault, reason};

use crate::domain::Refusal;
use crate::domain::quote::Obstacle;

/// Reason inside this service of a message whose conversation moved on; the job is simply run again.
pub const CONVERSATION_MOVED: &str = "CONVERSATION_MOVED";

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::OrderUnknown => Fault::not_found("ORDER_UNKNOWN").say("there is no such order"),
            Refusal::QuoteUnknown => Fault::not_found("QUOTE_UNKNOWN").say("there is no such quote"),
            Refusal::QuoteExpired => Fault::refused("QUOTE_EXPIRED")
                .say("the prices were bound for ten minutes; ask for a new quote"),
            Refusal::QuoteUsed { number } => Fault::refused("QUOTE_USED")
                .say(format!("the quote has become order {number} already"))
                .fact("order_number", number),
            Refusal::WrongStatus { number, now, wanted } => Fault::refused("WRONG_STATUS")
                .say(if now == wanted {
                    format!("order {number} is {} already", spoken(now.name()))
                } else {
                    format!(
                        "order {number} is {} and cannot become {}",
                        spoken(now.name()),
                        spoken(wanted.name())
                    )
                })
                .fact("order_number", number)
                .fact("status", now.name())
                .fact("wanted", wanted.name()),
            Refusal::StaleVersion { number, version } => Fault::conflict(reason::STALE_VERSION)
                .say(format!("order {number} has changed since it was read"))
                .fact("order_number", number)
                .fact("version", version),
            Refusal::NotYourOffer { number } => Fault::refused("NOT_YOUR_OFFER")
                .say(format!("order {number} is offered to another wholesaler"))
                .fact("order_number", number),
            Refusal::OfferGone { number } => Fault::refused("OFFER_GONE")
                .say(format!("order {number} is not on offer any more"))
                .fact("order_number", number),
            // As the other services refuse it: the request lacks a field.
            Refusal::ReasonMissing => Fault::invalid("reason", "is mandatory")
                .because("REASON_MISSING")
                .say("a reason is mandatory"),
            Refusal::InTheWay(obstacle) => in_the_way(&obstacle),
            Refusal::VendorNotEligible { sentence } => Fault::refused("VENDOR_NOT_ELIGIBLE").say(sentence),
            Refusal::BadLines { sentence } => Fault::refused("BAD_LINES").say(sentence),
            Refusal::NotPostedYet => Fault::conflict("NOT_POSTED_YET")
                .say("the invoice is being written; try again in a moment")
                .retry_after_of(Duration::from_secs(1)),
            Refusal::ConversationUnknown => {
                Fault::not_found("CONVERSATION_UNKNOWN").say("there is no such conversation")
            }
            Refusal::ConversationClaimed { by } => Fault::refused("CONVERSATION_CLAIMED")
                .say("another person has taken the conversation over")
                .fact("claimed_by", by),
            Refusal::MessageUnread { newest } => Fault::conflict(reason::STALE_VERSION)
                .say("a newer message has come since the conversation was read")
                .fact("newest_message", newest),
            Refusal::WindowClosed { until } => Fault::refused("WINDOW_CLOSED")
                .say("the last message of the other side is older than 24 hours")
                .fact("window_until", until.to_rfc3339()),
            Refusal::ConversationMoved => {
                Fault::conflict(CONVERSATION_MOVED).say("the conversation moved on")
            }
        }
    }
}

/// What stands in the way, with the numbers that would cure it. Quantities are in thousandths of the sale unit.
fn in_the_way(obstacle: &Obstacle) -> Fault {
    let fault = Fault::refused(obstacle.reason()).say(obstacle.sentence());
    match obstacle {
        Obstacle::Blocked { why } => fault.fact("block_reason", why),
        Obstacle::BadLines { .. } => fault,
        Obstacle::StockShort {
            sku,
            name,
            asked_milli,
            available_milli,
        } => fault
            .fact("short_skus", sku)
            .fact("name", name)
            .fact(format!("asked_milli.{sku}"), asked_milli)
            .fact(format!("available_milli.{sku}"), available_milli),
        Obstacle::NoSingleVendor { names } => fault.fact("names", names.join(", ")),
        Obstacle::CreditShort {
            available_paisa,
            short_paisa,
        } => fault
            .fact("available_paisa", available_paisa)
            .fact("short_paisa", short_paisa),
    }
}

fn spoken(name: &str) -> String {
    name.to_lowercase().replace('_', " ")
}

#[cfg(test)]
mod tests {
    use khaacho_fault::Kind;

    use super::*;
    use crate::domain::Status;

    #[test]
    fn what_is_so_already_is_said_so() {
        let refused = |now, wanted| {
            let number = "ORD1".to_owned();
            Fault::from(Refusal::WrongStatus { number, now, wanted })
        };
        let twice = refused(Status::Cancelled, Status::Cancelled);
        assert_eq!(twice.sentence(), "order ORD1 is cancelled already");
        let late = refused(Status::OutForDelivery, Status::Cancelled);
        assert_eq!(
            late.sentence(),
            "order ORD1 is out for delivery and cannot become cancelled"
        );
    }

    #[test]
    fn a_missing_reason_is_a_missing_field() {
        let fault = Fault::from(Refusal::ReasonMissing);
        assert_eq!((fault.kind(), fault.reason()), (Kind::Invalid, "REASON_MISSING"));
        assert_eq!(fault.violations()[0].field, "reason");
    }

    #[test]
    fn what_stands_in_the_way_comes_with_its_numbers() {
        let short = Fault::from(Refusal::InTheWay(Obstacle::StockShort {
            sku: "RICE".to_owned(),
            name: "Jeera rice".to_owned(),
            asked_milli: 5_000,
            available_milli: 2_000,
        }));
        assert_eq!((short.kind(), short.reason()), (Kind::Refused, "STOCK_SHORT"));
        let fact = |key: &str| short.facts().get(key).map(String::as_str);
        assert_eq!(fact("short_skus"), Some("RICE"));
        assert_eq!(fact("name"), Some("Jeera rice"));
        assert_eq!(fact("asked_milli.RICE"), Some("5000"));
        assert_eq!(fact("available_milli.RICE"), Some("2000"));
        let blocked = Fault::from(Refusal::InTheWay(Obstacle::Blocked {
            why: "cheque bounced".to_owned(),
        }));
        assert_eq!(blocked.reason(), "ORDERING_BLOCKED");
        assert_eq!(blocked.facts()["block_reason"], "cheque bounced");
    }
}
