//! From a list to a quote to an order.

use khaacho_durable::Finished;
use khaacho_fault::Fault;
use khaacho_ids::QuoteId;
use serde_json::json;

use super::super::handle_message::{Reply, Talk, is_no};
use super::{open_question, orders, still_waits, taps};
use crate::domain::answer::lines_json;
use crate::domain::basket::{self, Basket, Open, State};
use crate::domain::finish_message::Outcome;
use crate::domain::place_order::PlaceOrder;
use crate::domain::quote::{Obstacle, QUOTE_MINUTES, Quote};
use crate::domain::quote_order::QuoteOrder;
use crate::domain::understand::{ITEMS_MAX, Item, ShopIntent};
use crate::domain::{Asked, Buyer, Refusal};
use crate::store::quote_order;

/// Looks a list up and goes on with it, or says what it means by none of it.
pub(super) async fn order(talk: &Talk<'_>, buyer: &Buyer, items: &[Item]) -> Result<Finished, Fault> {
    if items.len() > ITEMS_MAX {
        let problem = format!("at most {ITEMS_MAX} things in one message; send the rest in another one");
        let reply = ("not_understood", json!({ "problems": [problem] }));
        return refuse(talk, "BAD_LINES", vec![reply]).await;
    }
    let matches = talk.service.peers.matches(&talk.ctx(), items).await?;
    let found = basket::gather(items, matches);
    if found.problems.is_empty() {
        return go_on(talk, buyer, found.lines, found.open).await;
    }
    if let [_] = found.problems.as_slice()
        && let Some((phrase, near)) = &found.unknown
    {
        let suggestions: Vec<_> = near
            .iter()
            .map(|m| json!({ "sku": m.sku, "name": m.name, "price_paisa": m.price_paisa }))
            .collect();
        let data = json!({ "phrase": phrase, "suggestions": suggestions });
        return unreadable(talk, &found, "PRODUCT_UNKNOWN", ("unknown_product", data)).await;
    }
    let reply = ("not_understood", json!({ "problems": found.problems }));
    unreadable(talk, &found, "NOT_UNDERSTOOD", reply).await
}

/// Says what of a list was not understood. When that is all of it, it may have been no list: what waits goes on waiting.
async fn unreadable(talk: &Talk<'_>, found: &Basket, reason: &str, reply: Reply) -> Result<Finished, Fault> {
    if !found.is_empty() {
        return refuse(talk, reason, vec![reply]).await;
    }
    let state = talk.waiting.state.clone();
    let replies = [reply].into_iter().chain(still_waits(&state)).collect();
    talk.answer(Outcome::Refused(reason.to_owned()), state, replies)
        .await
}

/// Says why there is no basket. What waited before is gone: the shop has written another list.
async fn refuse(talk: &Talk<'_>, reason: &str, replies: Vec<Reply>) -> Result<Finished, Fault> {
    talk.answer(Outcome::Refused(reason.to_owned()), State::Idle, replies)
        .await
}

/// Asks the next question, or quotes when none is left.
pub(super) async fn go_on(
    talk: &Talk<'_>,
    buyer: &Buyer,
    lines: Vec<Asked>,
    open: Vec<Open>,
) -> Result<Finished, Fault> {
    if open.is_empty() {
        return quote(talk, buyer, lines, Vec::new()).await;
    }
    let state = State::Choosing {
        lines,
        open,
        question: Some(talk.inbound_id.clone()),
    };
    let question = open_question(&state).into_iter().collect();
    talk.answer(Outcome::Answered, state, question).await
}

/// Prices the basket and asks for confirmation, or says what stands in the way.
pub(super) async fn quote(
    talk: &Talk<'_>,
    buyer: &Buyer,
    asked: Vec<Asked>,
    before: Vec<Reply>,
) -> Result<Finished, Fault> {
    let quote_id = QuoteId::derive(&["chat", &talk.inbound_id]);
    let quoted = talk
        .service
        .quote(&talk.ctx(), quote_id, buyer.clone(), asked.clone())
        .await;
    let quote = match quoted {
        Ok(quote) => quote,
        Err(fault) if is_no(&fault) => return talk.say_no("", &fault).await,
        Err(fault) => return Err(fault),
    };
    let mut replies = before;
    if let Some(obstacle) = &quote.obstacle {
        replies.push(in_the_way(&quote, obstacle, &talk.service.config.support_phone));
        return refuse(talk, obstacle.reason(), replies).await;
    }
    replies.push(to_confirm(&quote, QUOTE_MINUTES));
    let state = State::Confirming {
        quote_id: quote.quote_id.clone(),
    };
    let command = QuoteOrder {
        account_id: buyer.account_id.clone(),
        asked,
        quote,
    };
    talk.carry_out("", command, Outcome::Answered, state, replies)
        .await
}

/// The quote with its buttons, which hold for so many minutes more.
pub(super) fn to_confirm(quote: &Quote, minutes: i64) -> Reply {
    let data = json!({
        "quote_id": quote.quote_id, "lines": lines_json(&quote.lines),
        "subtotal_paisa": quote.subtotal.paisa(), "vat_paisa": quote.vat.paisa(),
        "total_paisa": quote.total.paisa(), "credit_left_paisa": quote.credit_left_paisa,
        "expires_in_minutes": minutes,
    });
    ("quote", data)
}

fn in_the_way(quote: &Quote, obstacle: &Obstacle, support_phone: &str) -> Reply {
    match obstacle {
        Obstacle::Blocked { why } => (
            "account_blocked",
            json!({ "reason": why, "support_phone": support_phone }),
        ),
        Obstacle::BadLines { sentence } => ("not_understood", json!({ "problems": [sentence] })),
        Obstacle::StockShort {
            name,
            asked_milli,
            available_milli,
            ..
        } => (
            "quote_stock_short",
            json!({ "name": name, "asked_milli": asked_milli, "available_milli": available_milli }),
        ),
        Obstacle::NoSingleVendor { names } => ("no_single_vendor", json!({ "names": names })),
        Obstacle::CreditShort {
            available_paisa,
            short_paisa,
        } => (
            "quote_credit_short",
            json!({
                "lines": lines_json(&quote.lines), "total_paisa": quote.total.paisa(),
                "available_paisa": available_paisa, "short_paisa": short_paisa,
            }),
        ),
    }
}

/// Turns the quote that waits into an order.
pub(super) async fn confirm(talk: &Talk<'_>, buyer: &Buyer) -> Result<Finished, Fault> {
    let State::Confirming { quote_id } = talk.waiting.state.clone() else {
        let reply = ("nothing_to_confirm", json!({}));
        return talk.answer(Outcome::Answered, State::Idle, vec![reply]).await;
    };
    let found = quote_order::find(talk.service.door.db().pool(), &quote_id).await?;
    let Some(quote) = found else {
        return talk.say_no("", &Refusal::QuoteUnknown.into()).await;
    };
    let order_id = PlaceOrder::order_of(&quote_id).to_string();
    if let Some(order) = orders::own_order(talk, buyer, &order_id).await? {
        return taps::placed_already(talk, &order, &ShopIntent::Confirm, State::Idle).await;
    }
    if quote.expires_at <= talk.service.clock().now() {
        // Prices may have changed: the basket is quoted anew and needs a new confirmation.
        let expired = vec![("quote_expired", json!({}))];
        return Box::pin(self::quote(talk, buyer, quote.asked, expired)).await;
    }
    let command = PlaceOrder {
        own_account: Some(buyer.account_id.clone()),
        quote_id,
        asked: Vec::new(),
        quoted: None,
    };
    // A refusal makes no order, and so belongs to none.
    talk.carry_out("", command, Outcome::Ordered(order_id), State::Idle, Vec::new())
        .await
}

/// Drops what waits, for the list that will come in its place.
pub(super) async fn change(talk: &Talk<'_>) -> Result<Finished, Fault> {
    let text = "Send the whole list again as it should be, for example: 2 bora chamal, 1 carton wai wai.";
    let reply = ("plain_text", json!({ "text": text }));
    talk.answer(Outcome::Answered, State::Idle, vec![reply]).await
}

/// Drops what waits.
pub(super) async fn cancel_quote(talk: &Talk<'_>) -> Result<Finished, Fault> {
    let reply = match talk.waiting.state {
        State::Idle => {
            let text = "There is nothing to cancel here. To cancel an order, write CANCEL and its number.";
            ("plain_text", json!({ "text": text }))
        }
        _ => ("quote_cancelled", json!({})),
    };
    talk.answer(Outcome::Answered, State::Idle, vec![reply]).await
}
