//! A cart that was put together in the provider's catalogue.

use khaacho_durable::Finished;
use khaacho_fault::Fault;
use serde_json::json;

use super::ordering::{self, Beside};
use super::{Asker, sentences, still_waits};
use crate::domain::basket::{Why, cart, key};
use crate::domain::finish_message::Outcome;
use crate::domain::lessons::Lessons;
use crate::domain::problem::Problem;

/// Makes a basket of the cart, at the prices of now; what the cart says of prices does not count.
pub(super) async fn handle(asker: &Asker<'_>) -> Result<Finished, Fault> {
    let talk = asker.talk;
    let (things, note) = (&talk.waiting.inbound.cart, talk.said().trim());
    if things.is_empty() {
        // Nothing of it could be read, and its note alone means nothing.
        return sentences::unread(talk).await;
    }
    let mut beside = Beside::default();
    if !note.is_empty() {
        // "tomorrow before ten": words beside a cart are for a person, who sees them with the order.
        let support_phone = &talk.service.config.support_phone;
        let data = json!({ "matter": "CART_NOTE", "support_phone": support_phone });
        beside.replies.push(("for_person", data));
        beside.person = Some("CART_NOTE");
    }
    if let Some(end) = asker.stopped(&beside).await? {
        return Ok(end);
    }
    if things.len() > ordering::THINGS_MAX {
        let problem = Problem::TooMany {
            limit: ordering::THINGS_MAX,
        };
        beside
            .replies
            .push(("not_understood", json!({ "problems": [problem] })));
        let state = talk.waiting.state.clone();
        beside.replies.extend(still_waits(&state));
        let outcome = beside.outcome(Outcome::Refused("BAD_LINES".to_owned()));
        return talk.answer(outcome, state, beside.replies).await;
    }
    let keys: Vec<String> = things.iter().map(key).collect();
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let shelf = talk.service.peers.shelf_of(&talk.ctx(), &keys).await?;
    let (lines, mut open) = cart(things, &shelf);
    ordering::suggest(talk, &mut open).await?;
    let unknown = open.iter().filter(|open| open.why == Why::Unknown);
    talk.teach(Lessons::of_unknown(&asker.buyer.account_id, unknown));
    ordering::go_on(asker, lines, open, beside).await
}
