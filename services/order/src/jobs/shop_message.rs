//! What a shop writes.

mod answers;
mod assist;
mod cart;
mod learning;
mod ordering;
mod orders;
mod people;
mod questions;
mod sentences;
mod shelves;
mod shortage;
mod taps;

use khaacho_durable::Finished;
use khaacho_fault::Fault;
use serde_json::json;

use super::handle_message::{Reply, Talk};
use crate::domain::Buyer;
use crate::domain::basket::State;
use crate::domain::echo::echo;
use crate::domain::finish_message::Outcome;
use crate::domain::understand::{ShopIntent, consent, shop, tap};
use crate::peers::{Blocked, Reading};

use ordering::Beside;
use questions::open_question;

/// Handles a message of a shop: a tap, a command, an answer to the open question, or a sentence.
pub async fn handle(talk: &Talk<'_>, buyer: &Buyer, blocked: Blocked) -> Result<Finished, Fault> {
    let (intent, tapped) = match tap(talk.said()) {
        Some(tap) if talk.waiting.state.asked() == Some(&tap.about) => (tap.intent, true),
        Some(tap) => return taps::outdated(talk, buyer, &tap).await,
        None => (shop(talk.said()), false),
    };
    let asked = Asker { talk, buyer, blocked };
    if talk.waiting.inbound.kind == "order" {
        return cart::handle(&asked).await;
    }
    if let Some(opted_out) = consent(talk.said()) {
        let waits = still_waits(&talk.waiting.state).into_iter().collect();
        return talk.consent(opted_out, Outcome::Answered, waits).await;
    }
    match answers::answer(&asked, &intent, tapped).await? {
        answers::Answered::Ended(finished) => Ok(finished),
        answers::Answered::NoAnswer(reading) => act(&asked, intent, reading).await,
    }
}

/// A message of a shop that may order or not.
struct Asker<'a> {
    talk: &'a Talk<'a>,
    buyer: &'a Buyer,
    blocked: Blocked,
}

impl Asker<'_> {
    /// Ends the message when the shop may not order. What else it asks for is answered all the same.
    async fn stopped(&self, beside: &Beside) -> Result<Option<Finished>, Fault> {
        let Some(reason) = &self.blocked else {
            return Ok(None);
        };
        let support_phone = &self.talk.service.config.support_phone;
        let reply = (
            "account_blocked",
            json!({ "reason": reason, "support_phone": support_phone }),
        );
        let outcome = beside.outcome(Outcome::Refused("ACCOUNT_BLOCKED".to_owned()));
        let replies = beside.replies.iter().cloned().chain([reply]).collect();
        let end = self.talk.answer(outcome, State::Idle, replies).await?;
        Ok(Some(end))
    }
}

/// What waits for an answer, once more: a message of which nothing was understood drops nothing.
pub fn still_waits(state: &State) -> Option<Reply> {
    match state {
        State::Confirming { .. } => Some(("basket_waits", json!({}))),
        State::Idle | State::Choosing { .. } | State::Updating { .. } | State::WhichShop(_) => {
            open_question(state)
        }
    }
}

async fn act(asker: &Asker<'_>, intent: ShopIntent, reading: Option<Reading>) -> Result<Finished, Fault> {
    let Asker { talk, buyer, .. } = asker;
    let state = talk.waiting.state.clone();
    let support_phone = &talk.service.config.support_phone;
    let reply = match intent {
        ShopIntent::Confirm => {
            return match asker.stopped(&Beside::default()).await? {
                Some(end) => Ok(end),
                None => ordering::confirm(talk, buyer).await,
            };
        }
        ShopIntent::Cancel(None, _) => return ordering::cancel_quote(talk).await,
        ShopIntent::Change => return ordering::change(talk).await,
        ShopIntent::Cancel(Some(number), reason) => {
            return orders::cancel(talk, buyer, number, reason).await;
        }
        ShopIntent::Complete(number) => return orders::complete(talk, buyer, number).await,
        ShopIntent::BadNumber(text) => {
            let reply = ("not_found_order", json!({ "number": echo(&text) }));
            let outcome = Outcome::Refused("ORDER_UNKNOWN".to_owned());
            return talk.answer(outcome, state, vec![reply]).await;
        }
        ShopIntent::Forget(phrase) => return learning::forget(asker, &phrase, reading).await,
        ShopIntent::Sentence => return sentences::handle(asker, reading).await,
        ShopIntent::Option(_) | ShopIntent::Ordinal(_) | ShopIntent::Skip => {
            return sentences::unclear(talk).await;
        }
        ShopIntent::Status(number) => return orders::status(talk, buyer, number).await,
        ShopIntent::Balance => orders::balance(talk, buyer).await?,
        ShopIntent::Help => ("help", json!({ "support_phone": support_phone })),
        ShopIntent::Greeting => ("greeting", json!({ "shop": buyer.shop_name })),
        ShopIntent::Thanks => return thanks(talk).await,
    };
    talk.answer(Outcome::Answered, state, vec![reply]).await
}

async fn thanks(talk: &Talk<'_>) -> Result<Finished, Fault> {
    let state = talk.waiting.state.clone();
    let thanks = [("thanks", json!({}))];
    let replies = thanks.into_iter().chain(still_waits(&state)).collect();
    talk.answer(Outcome::Answered, state, replies).await
}
