//! Sentences of a wholesaler: they move no order and change no stock. What he seems to mean is asked back with the words
//! that do it, and what only a person can do waits for one.

use khaacho_durable::Finished;
use khaacho_fault::Fault;
use serde_json::json;

use super::super::handle_message::{Reply, Talk};
use super::{ask_back, help, partial, updates};
use crate::domain::Vendor;
use crate::domain::ask_back::Meant;
use crate::domain::finish_message::Outcome;
use crate::domain::interpret::{Awaiting, Intent, Message, Party, interpret};

/// Reads the message and answers it.
pub(super) async fn handle(talk: &Talk<'_>, vendor: &Vendor) -> Result<Finished, Fault> {
    let text = talk.said();
    let kind = talk.waiting.inbound.kind.as_str();
    if text.trim().is_empty() {
        if kind == "text" {
            return help(talk).await;
        }
        let reason = format!("MEDIA_{}", kind.to_uppercase());
        return for_a_person(talk, &reason).await;
    }
    let reading = talk.service.peers.read(&talk.ctx(), text).await?;
    let meaning = interpret(&Message {
        text,
        party: Party::Vendor,
        awaiting: Awaiting::Nothing,
        mentions: &reading.mentions,
    });
    if let Some(meant) = Meant::of(&meaning) {
        return ask_back::handle(talk, vendor, meant, meaning.order_ref.as_deref()).await;
    }
    match meaning.intent {
        // He asks, or takes back half of what he says.
        Intent::Accept | Intent::Decline | Intent::Dispatched => for_a_person(talk, "ASKED").await,
        Intent::PartialAccept => partial::handle(talk, vendor, &meaning, &reading.shelf).await,
        Intent::StockUpdate => updates::show(talk, vendor, &meaning, &reading.shelf).await,
        Intent::Human => for_a_person(talk, "ASKED").await,
        _ => help(talk).await,
    }
}

/// A person will have a look.
pub(super) async fn for_a_person(talk: &Talk<'_>, reason: &str) -> Result<Finished, Fault> {
    let outcome = Outcome::NeedsHuman(reason.to_owned());
    let state = talk.waiting.state.clone();
    talk.answer(outcome, state, vec![person(talk, reason)]).await
}

/// Says that a person will have a look.
pub(super) fn person(talk: &Talk<'_>, reason: &str) -> Reply {
    let support_phone = &talk.service.config.support_phone;
    let data = json!({ "matter": reason, "support_phone": support_phone });
    ("vendor_for_person", data)
}
