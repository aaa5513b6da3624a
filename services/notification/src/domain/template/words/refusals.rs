//! Answers that say no, by their reason. A reason without words here is said with the sentence that came with it.

use khaacho_money::{Paisa, Quantity};

use super::super::refusals::Refused;
use super::replies::echo;
use super::{Body, Words, choice};

pub(super) fn refused(say: &Words, data: &Refused) -> Body {
    let told = match data.reason.as_str() {
        "REASON_MISSING" => Some(say.refused_reason_missing()),
        _ => known(say, data),
    };
    Body::text(told.unwrap_or_else(|| say.sentence(&data.sentence)))
}

pub(super) fn vendor_refused(say: &Words, data: &Refused) -> Body {
    let told = match data.reason.as_str() {
        "REASON_MISSING" => Some(say.vendor_refused_reason_missing()),
        _ => known(say, data),
    };
    Body::text(told.unwrap_or_else(|| say.sentence(&data.sentence)))
}

/// The words of a reason, when it has some and all that they name is there.
fn known(say: &Words, data: &Refused) -> Option<String> {
    let fact = |name: &str| data.facts.get(name).map(String::as_str);
    let order = || fact("order_number").map(echo);
    let money = |name: &str| Some(Paisa::new(fact(name)?.parse().ok()?));
    Some(match data.reason.as_str() {
        "ORDER_UNKNOWN" => say.refused_order_unknown(),
        "QUOTE_UNKNOWN" => say.refused_quote_unknown(),
        "QUOTE_EXPIRED" => say.refused_quote_expired(),
        "QUOTE_USED" => say.refused_quote_used(&order()?),
        "WRONG_STATUS" => wrong_status(say, &order()?, fact("status")?, fact("wanted")?),
        "STALE_VERSION" => say.refused_stale(&order()?),
        "NOT_YOUR_OFFER" => say.refused_not_your_offer(&order()?),
        "OFFER_GONE" => say.refused_offer_gone(&order()?),
        "ORDERING_BLOCKED" => say.account_blocked(&say.sentence(fact("block_reason")?)),
        "CREDIT_SHORT" => say.quote_credit_short(money("short_paisa")?),
        "STOCK_SHORT" => {
            let starting = |start: &str| {
                let mut facts = data.facts.iter();
                let (_, milli) = facts.find(|(name, _)| name.starts_with(start))?;
                Some(Quantity::from_milli(milli.parse().ok()?).to_string())
            };
            let (asked, there) = (starting("asked_milli.")?, starting("available_milli.")?);
            let name = fact("name")?;
            if there == "0" {
                say.quote_stock_none(name, &asked)
            } else {
                say.quote_stock_short(name, &asked, &there)
            }
        }
        _ => return None,
    })
}

fn wrong_status(say: &Words, order: &str, status: &str, wanted: &str) -> String {
    let state = |name: &str| {
        let (status, words) = choice(name, "ORDER_STATUS_");
        say.order_state(&status, &words)
    };
    if status == wanted {
        say.refused_already(order, &state(status))
    } else {
        say.refused_wrong_status(order, &state(status), &state(wanted))
    }
}
