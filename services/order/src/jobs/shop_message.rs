//! What a shop writes.

mod ordering;
mod orders;
mod taps;

use khaacho_durable::Finished;
use khaacho_fault::Fault;
use serde_json::json;

use super::handle_message::{Reply, Talk, capitalised};
use crate::domain::Buyer;
use crate::domain::basket::{self, Answer, State};
use crate::domain::echo::echo;
use crate::domain::finish_message::Outcome;
use crate::domain::understand::{Item, ShopIntent, shop, tap};
use crate::peers::Blocked;

/// Handles a message of a shop.
pub async fn handle(talk: &Talk<'_>, buyer: &Buyer, blocked: Blocked) -> Result<Finished, Fault> {
    let intent = match tap(talk.said()) {
        Some(tap) if talk.waiting.state.asked() == Some(&tap.about) => tap.intent,
        Some(tap) => return taps::outdated(talk, buyer, &tap).await,
        None => shop(talk.said()),
    };
    if let State::Choosing { lines, open, .. } = &talk.waiting.state {
        let answer = match &intent {
            ShopIntent::Option(n) => Some(Answer::Number(*n)),
            ShopIntent::Unclear | ShopIntent::Items(_) => Some(Answer::Text(talk.said().to_owned())),
            _ => None,
        };
        if let Some((lines, open)) = answer.and_then(|a| basket::choose(lines, open, &a)) {
            return ordering::go_on(talk, buyer, lines, open).await;
        }
        let instead = match &intent {
            // An open question has nothing to confirm yet, and its basket must not get lost.
            ShopIntent::Option(_) | ShopIntent::Unclear | ShopIntent::Confirm => Some(Vec::new()),
            ShopIntent::Items(items) => too_much(items),
            _ => None,
        };
        if let Some(before) = instead {
            return ask_again(talk, before).await;
        }
    }
    act(talk, buyer, blocked, intent).await
}

/// What stands in the place of quantities and can be none, in words; `None` when all are possible.
fn too_much(items: &[Item]) -> Option<Vec<Reply>> {
    let problems: Vec<_> = items.iter().filter_map(basket::impossible).collect();
    let text = capitalised(&problems.join("; "));
    (!problems.is_empty()).then(|| vec![("plain_text", json!({ "text": text }))])
}

/// The open question once more, after what there is to say.
async fn ask_again(talk: &Talk<'_>, mut replies: Vec<Reply>) -> Result<Finished, Fault> {
    let state = talk.waiting.state.clone();
    let outcome = if replies.is_empty() {
        Outcome::Answered
    } else {
        Outcome::Refused("NOT_UNDERSTOOD".to_owned())
    };
    replies.extend(open_question(&state));
    talk.answer(outcome, state, replies).await
}

/// The question that is asked now.
fn open_question(state: &State) -> Option<Reply> {
    match state {
        State::Choosing { open, .. } => open
            .first()
            .map(|first| ("choose_product", basket::question(first, state.asked()))),
        State::Idle | State::Confirming { .. } => None,
    }
}

/// What waits for an answer, once more: a message of which nothing was understood drops nothing.
fn still_waits(state: &State) -> Option<Reply> {
    match state {
        State::Confirming { .. } => {
            let text = "Your basket still waits: reply CONFIRM to place it, CHANGE to correct it or CANCEL to drop it.";
            Some(("plain_text", json!({ "text": text })))
        }
        State::Idle | State::Choosing { .. } => open_question(state),
    }
}

async fn act(
    talk: &Talk<'_>,
    buyer: &Buyer,
    blocked: Blocked,
    intent: ShopIntent,
) -> Result<Finished, Fault> {
    let state = talk.waiting.state.clone();
    let support_phone = &talk.service.config.support_phone;
    let reply = match intent {
        ShopIntent::Items(_) | ShopIntent::Confirm if blocked.is_some() => {
            let reason = blocked.unwrap_or_default();
            let reply = (
                "account_blocked",
                json!({ "reason": reason, "support_phone": support_phone }),
            );
            let outcome = Outcome::Refused("ACCOUNT_BLOCKED".to_owned());
            return talk.answer(outcome, State::Idle, vec![reply]).await;
        }
        ShopIntent::Items(items) => return ordering::order(talk, buyer, &items).await,
        ShopIntent::Confirm => return ordering::confirm(talk, buyer).await,
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
        ShopIntent::Option(_) | ShopIntent::Unclear => return unclear(talk, state).await,
        ShopIntent::Status(number) => return orders::status(talk, buyer, number).await,
        ShopIntent::Balance => orders::balance(talk, buyer).await?,
        ShopIntent::Help => ("help", json!({ "support_phone": support_phone })),
        ShopIntent::Greeting => ("greeting", json!({ "shop": buyer.shop_name })),
        ShopIntent::Thanks => {
            let replies = [("thanks", json!({}))]
                .into_iter()
                .chain(still_waits(&state))
                .collect();
            return talk.answer(Outcome::Answered, state, replies).await;
        }
    };
    talk.answer(Outcome::Answered, state, vec![reply]).await
}

/// Text that means nothing to us, and pictures and voices, of which nobody reads the content yet.
async fn unclear(talk: &Talk<'_>, state: State) -> Result<Finished, Fault> {
    let kind = talk.waiting.inbound.kind.as_str();
    if talk.said().trim().is_empty() && kind != "text" {
        let what = kind_in_words(kind);
        let text = format!("We got your {what}, but can only read text so far. Please write what you need.");
        let outcome = Outcome::NeedsHuman(format!("MEDIA_{}", kind.to_uppercase()));
        return talk
            .answer(outcome, state, vec![("plain_text", json!({ "text": text }))])
            .await;
    }
    let mut replies = vec![("not_understood", json!({ "problems": [] }))];
    replies.extend(still_waits(&state));
    talk.answer(Outcome::Answered, state, replies).await
}

/// A kind of message as people call it; what they cannot have sent on purpose is just a message.
fn kind_in_words(kind: &str) -> &str {
    match kind {
        "image" => "picture",
        "audio" => "voice message",
        "contacts" => "contact",
        "order" => "catalogue order",
        "video" | "document" | "sticker" | "location" => kind,
        _ => "message",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_of_providers_are_words_of_people() {
        assert_eq!(kind_in_words("image"), "picture");
        assert_eq!(kind_in_words("video"), "video");
        for kind in ["unsupported", "request_welcome", "system", "a new kind"] {
            assert_eq!(kind_in_words(kind), "message", "{kind}");
        }
    }
}
