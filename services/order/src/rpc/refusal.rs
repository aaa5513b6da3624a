//! Every refusal as a fault: the error contract of the service on one page.

use std::time::Duration;

use khaacho_fault::{Fault, reason};

use crate::domain::Refusal;

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
                .say(format!(
                    "order {number} is {} and cannot become {}",
                    spoken(now.name()),
                    spoken(wanted.name())
                ))
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
            Refusal::NoSingleVendor { sentence } => Fault::refused("NO_SINGLE_VENDOR").say(sentence),
            Refusal::StockShort { sentence } => Fault::refused("STOCK_SHORT").say(sentence),
            Refusal::OrderingBlocked { sentence } => Fault::refused("ORDERING_BLOCKED").say(sentence),
            Refusal::ReasonMissing => Fault::refused("REASON_MISSING")
                .say("a reason is mandatory")
                .field("reason", "is mandatory"),
            Refusal::VendorNotEligible { sentence } => Fault::refused("VENDOR_NOT_ELIGIBLE").say(sentence),
            Refusal::BadLines { sentence } => Fault::refused("BAD_LINES").say(sentence),
            Refusal::NotPostedYet => Fault::conflict("NOT_POSTED_YET")
                .say("the invoice is being written; try again in a moment")
                .retry_after_of(Duration::from_secs(1)),
            Refusal::ConversationMoved => {
                Fault::conflict(CONVERSATION_MOVED).say("the conversation moved on")
            }
        }
    }
}

fn spoken(name: &str) -> String {
    name.to_lowercase().replace('_', " ")
}
