//! A cart that was put together in the provider's catalogue.

use khaacho_durable::Finished;
use khaacho_fault::Fault;
use serde_json::json;

use super::ordering::{self, Beside};
use super::{Asker, still_waits};
use crate::domain::basket::{Shelf, cart};
use crate::domain::finish_message::Outcome;
use crate::domain::problem::Problem;

/// Makes a basket of the cart, at the prices of now; what the cart says of prices does not count.
pub(super) async fn handle(asker: &Asker<'_>) -> Result<Finished, Fault> {
    let talk = asker.talk;
    let (things, note) = (&talk.waiting.inbound.cart, talk.said().trim());
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
    let keys: Vec<&str> = things.iter().map(|thing| thing.sku.as_str()).collect();
    let shelf = match keys.as_slice() {
        [] => Shelf::new(),
        keys => {
            let text: String = keys
                .join(" ")
                .chars()
                .take(khaacho_text::TEXT_BYTES_MAX / 4)
                .collect();
            talk.service.peers.read(&talk.ctx(), &text).await?.shelf
        }
    };
    let (lines, mut open) = cart(things, &shelf);
    ordering::suggest(talk, &mut open).await?;
    ordering::go_on(asker, lines, open, beside).await
}
