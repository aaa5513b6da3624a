//! From a list to a quote to an order.

use khaacho_durable::Finished;
use khaacho_fault::Fault;
use khaacho_ids::QuoteId;
use serde_json::json;

use super::super::handle_message::{Reply, Talk, is_no};
use super::{Asker, learning, open_question, orders, shortage, still_waits, taps};
use crate::domain::answer::lines_json;
use crate::domain::basket::{self, Basket, Changed, OPTIONS_MAX, Open, Shelf, State, Why};
use crate::domain::echo::echo;
use crate::domain::finish_message::Outcome;
use crate::domain::interpret::Meaning;
use crate::domain::lessons::Lessons;
use crate::domain::place_order::PlaceOrder;
use crate::domain::problem::Problem;
use crate::domain::quote::{Obstacle, QUOTE_MINUTES, Quote};
use crate::domain::quote_order::QuoteOrder;
use crate::domain::understand::ShopIntent;
use crate::domain::{Asked, Buyer, Line, Refusal};
use crate::store::quote_order;

/// Things of one message; the writer of a longer list is told to split it.
pub(super) const THINGS_MAX: usize = 50;

/// What is said before the answer to a list.
#[derive(Debug, Default)]
pub(super) struct Beside {
    /// Replies.
    pub(super) replies: Vec<Reply>,
    /// Why a person has to look at the message, whatever becomes of the list.
    pub(super) person: Option<&'static str>,
    /// What waited before goes on waiting when nothing can come in its place.
    pub(super) keeps: bool,
    /// Lines with the prices that the shop knows: it is told which are others now.
    pub(super) known: Vec<Line>,
}

impl Beside {
    /// The outcome of the message, unless a person has to see it.
    pub(super) fn outcome(&self, otherwise: Outcome) -> Outcome {
        match self.person {
            Some(reason) => Outcome::NeedsHuman(reason.to_owned()),
            None => otherwise,
        }
    }
}

/// Makes a basket of a message and goes on with it, or says what it means by none of it.
pub(super) async fn order(
    asker: &Asker<'_>,
    meaning: &Meaning,
    shelf: &Shelf,
    mut beside: Beside,
) -> Result<Finished, Fault> {
    let talk = asker.talk;
    let mut found = basket::gather(meaning, shelf);
    talk.teach(Lessons::of_words(&asker.buyer.account_id, &meaning.unknown));
    if found.lines.len() + found.open.len() > THINGS_MAX {
        let problem = Problem::TooMany { limit: THINGS_MAX };
        beside
            .replies
            .push(("not_understood", json!({ "problems": [problem] })));
        return refuse(talk, "BAD_LINES", beside).await;
    }
    let recalled = learning::recalled(asker, &mut found.lines, &mut found.open, shelf).await?;
    beside.replies.extend(recalled);
    let nothing_known = found.is_unknown();
    suggest(talk, &mut found.open).await?;
    if found.problems.is_empty() && nothing_known {
        talk.teach(Lessons::of_unknown(&asker.buyer.account_id, &found.open));
        return unknown(talk, &found, beside).await;
    }
    if found.problems.is_empty() {
        return go_on(asker, found.lines, found.open, beside).await;
    }
    beside
        .replies
        .push(("not_understood", json!({ "problems": found.problems })));
    if nothing_known {
        return still(talk, "NOT_UNDERSTOOD", beside).await;
    }
    refuse(talk, "NOT_UNDERSTOOD", beside).await
}

/// Near products for phrases that are none.
pub(super) async fn suggest(talk: &Talk<'_>, open: &mut [Open]) -> Result<(), Fault> {
    let unknown: Vec<usize> = (0..open.len())
        .filter(|at| open[*at].why == Why::Unknown && open[*at].options.is_empty())
        .collect();
    if unknown.is_empty() {
        return Ok(());
    }
    let phrases: Vec<&str> = unknown.iter().map(|at| open[*at].phrase.as_str()).collect();
    let near = talk.service.peers.near(&talk.ctx(), &phrases).await?;
    for (at, near) in unknown.into_iter().zip(near) {
        open[at].options = near.into_iter().take(OPTIONS_MAX).collect();
    }
    Ok(())
}

/// Nothing of it is known: it may have been no list at all, so what waits goes on waiting.
async fn unknown(talk: &Talk<'_>, found: &Basket, mut beside: Beside) -> Result<Finished, Fault> {
    let reply = match found.open.as_slice() {
        [] => ("not_understood", json!({ "problems": [] })),
        [only] => {
            let near = only.options.iter();
            let near = near.map(|g| json!({ "sku": g.sku, "name": g.name, "price_paisa": g.price_paisa }));
            let data = json!({ "phrase": echo(&only.phrase), "suggestions": near.collect::<Vec<_>>() });
            ("unknown_product", data)
        }
        several => {
            let problems: Vec<_> = several.iter().map(not_understood).collect();
            ("not_understood", json!({ "problems": problems }))
        }
    };
    let reason = match found.open.as_slice() {
        [_] => "PRODUCT_UNKNOWN",
        _ => "NOT_UNDERSTOOD",
    };
    beside.replies.push(reply);
    still(talk, reason, beside).await
}

fn not_understood(open: &Open) -> Problem {
    Problem::Unknown {
        phrase: echo(&open.phrase),
        near: open.options.iter().map(|g| g.name.clone()).collect(),
    }
}

/// Changes the basket that waits, and quotes it anew.
pub(super) async fn amend(
    asker: &Asker<'_>,
    quote_id: &str,
    meaning: &Meaning,
    shelf: &Shelf,
    beside: Beside,
) -> Result<Finished, Fault> {
    let talk = asker.talk;
    let found = quote_order::find(talk.service.door.db().pool(), quote_id).await?;
    let Some(quote) = found else {
        let no = Refusal::QuoteUnknown.into();
        return talk.say_no_after("", &no, beside.replies, beside.person).await;
    };
    let changed = basket::change(&quote.asked, meaning, shelf);
    changed_list(asker, changed, shelf, Vec::new(), beside).await
}

/// Changes a list of which something is still asked; the questions stay.
pub(super) async fn amend_open(
    asker: &Asker<'_>,
    list: (&[Asked], &[Open]),
    meaning: &Meaning,
    shelf: &Shelf,
    beside: Beside,
) -> Result<Finished, Fault> {
    let (lines, open) = list;
    let changed = basket::change(lines, meaning, shelf);
    changed_list(asker, changed, shelf, open.to_vec(), beside).await
}

async fn changed_list(
    asker: &Asker<'_>,
    mut changed: Changed,
    shelf: &Shelf,
    asked_before: Vec<Open>,
    mut beside: Beside,
) -> Result<Finished, Fault> {
    let talk = asker.talk;
    beside.keeps = true;
    let recalled = learning::recalled(asker, &mut changed.lines, &mut changed.open, shelf).await?;
    let mut open = asked_before;
    open.append(&mut changed.open);
    if !changed.problems.is_empty() {
        beside
            .replies
            .push(("not_changed", json!({ "problems": changed.problems })));
        return still(talk, "NOT_UNDERSTOOD", beside).await;
    }
    if changed.lines.len() + open.len() > THINGS_MAX {
        let problem = Problem::ListTooLong { limit: THINGS_MAX };
        beside
            .replies
            .push(("not_changed", json!({ "problems": [problem] })));
        return still(talk, "BAD_LINES", beside).await;
    }
    if changed.lines.is_empty() && open.is_empty() {
        beside.replies.push(("quote_cancelled", json!({})));
        let outcome = beside.outcome(Outcome::Answered);
        return talk.answer(outcome, State::Idle, beside.replies).await;
    }
    beside.replies.extend(recalled);
    suggest(talk, &mut open).await?;
    go_on(asker, changed.lines, open, beside).await
}

/// Says why there is no basket. What waited before is gone when the shop has written another list.
async fn refuse(talk: &Talk<'_>, reason: &str, beside: Beside) -> Result<Finished, Fault> {
    if beside.keeps {
        return still(talk, reason, beside).await;
    }
    let outcome = beside.outcome(Outcome::Refused(reason.to_owned()));
    talk.answer(outcome, State::Idle, beside.replies).await
}

/// Says why nothing was done. What waited before goes on waiting.
async fn still(talk: &Talk<'_>, reason: &str, beside: Beside) -> Result<Finished, Fault> {
    let state = talk.waiting.state.clone();
    let outcome = beside.outcome(Outcome::Refused(reason.to_owned()));
    let replies = beside.replies.into_iter().chain(still_waits(&state)).collect();
    talk.answer(outcome, state, replies).await
}

/// Asks the next question, or quotes when none is left.
pub(super) async fn go_on(
    asker: &Asker<'_>,
    lines: Vec<Asked>,
    open: Vec<Open>,
    mut beside: Beside,
) -> Result<Finished, Fault> {
    if open.is_empty() {
        return quote(asker.talk, asker.buyer, lines, beside).await;
    }
    let talk = asker.talk;
    let state = State::Choosing {
        lines,
        open,
        question: Some(talk.inbound_id.clone()),
        failed: 0,
    };
    beside.replies.extend(open_question(&state));
    let outcome = beside.outcome(Outcome::Answered);
    talk.answer(outcome, state, beside.replies).await
}

/// Prices the basket and asks for confirmation, or says what stands in the way.
pub(super) async fn quote(
    talk: &Talk<'_>,
    buyer: &Buyer,
    asked: Vec<Asked>,
    mut beside: Beside,
) -> Result<Finished, Fault> {
    let quote_id = QuoteId::derive(&["chat", &talk.inbound_id]);
    // News of the order is in the language of this talk.
    let speaker = Buyer {
        language: talk.language(),
        ..buyer.clone()
    };
    let quoted = talk
        .service
        .quote(&talk.ctx(), quote_id, speaker, asked.clone())
        .await;
    let quote = match quoted {
        Ok(quote) => quote,
        Err(fault) if is_no(&fault) => {
            return talk.say_no_after("", &fault, beside.replies, beside.person).await;
        }
        Err(fault) => return Err(fault),
    };
    if let Some(obstacle) = &quote.obstacle {
        beside
            .replies
            .push(in_the_way(&quote, obstacle, &talk.service.config.support_phone));
        // A basket that waits and could not be changed waits on.
        if !beside.keeps
            && let Some(state) = shortage::question(talk, &asked, obstacle).await?
        {
            beside.replies.extend(open_question(&state));
            let outcome = beside.outcome(Outcome::Refused(obstacle.reason().to_owned()));
            return talk.answer(outcome, state, beside.replies).await;
        }
        return refuse(talk, obstacle.reason(), beside).await;
    }
    beside.replies.extend(changed_prices(&beside.known, &quote.lines));
    beside.replies.push(to_confirm(&quote, QUOTE_MINUTES));
    let state = State::Confirming {
        quote_id: quote.quote_id.clone(),
    };
    let command = QuoteOrder {
        account_id: buyer.account_id.clone(),
        asked,
        quote,
    };
    let outcome = beside.outcome(Outcome::Answered);
    talk.carry_out("", command, outcome, state, beside.replies).await
}

/// Which of the lines cost something else than the shop knows.
fn changed_prices(known: &[Line], lines: &[Line]) -> Option<Reply> {
    let changed = lines.iter().filter_map(|line| {
        let before = known.iter().find(|known| known.sku == line.sku)?.unit_price;
        let now = line.unit_price;
        (before != now)
            .then(|| json!({ "name": line.name, "before_paisa": before.paisa(), "now_paisa": now.paisa() }))
    });
    let changed: Vec<_> = changed.collect();
    (!changed.is_empty()).then(|| ("prices_changed", json!({ "items": changed })))
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
        Obstacle::BadLines { sentence, problem } => {
            let problem = problem
                .as_ref()
                .map_or_else(|| json!(sentence), |problem| json!(problem));
            ("not_understood", json!({ "problems": [problem] }))
        }
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
        let expired = Beside {
            replies: vec![("quote_expired", json!({}))],
            known: quote.lines,
            ..Beside::default()
        };
        return Box::pin(self::quote(talk, buyer, quote.asked, expired)).await;
    }
    let command = PlaceOrder {
        own_account: Some(buyer.account_id.clone()),
        quote_id,
        asked: Vec::new(),
        quoted: None,
    };
    talk.teach(Lessons::of_order(&buyer.account_id, &quote.asked));
    // A refusal makes no order, and so belongs to none.
    talk.carry_out("", command, Outcome::Ordered(order_id), State::Idle, Vec::new())
        .await
}

/// Drops what waits, for the list that will come in its place.
pub(super) async fn change(talk: &Talk<'_>) -> Result<Finished, Fault> {
    let reply = ("list_again", json!({}));
    talk.answer(Outcome::Answered, State::Idle, vec![reply]).await
}

/// Drops what waits.
pub(super) async fn cancel_quote(talk: &Talk<'_>) -> Result<Finished, Fault> {
    let reply = match talk.waiting.state {
        State::Idle => ("nothing_to_cancel", json!({})),
        _ => ("quote_cancelled", json!({})),
    };
    talk.answer(Outcome::Answered, State::Idle, vec![reply]).await
}
