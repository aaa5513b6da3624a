//! What only a person can do, and what nobody understands. The message is kept with its reason; the answer says so and
//! no more.

use khaacho_durable::Finished;
use khaacho_fault::Fault;
use khaacho_money::Paisa;
use serde_json::json;

use super::super::handle_message::{Reply, Talk};
use super::hearing::{Read, not_understood};
use super::{missed, still_waits};
use crate::domain::basket::State;
use crate::domain::finish_message::Outcome;
use crate::domain::interpret::{Intent, Meaning, Pay};

/// Why a person has to look at it, and what is told; `None` when nobody has to.
pub(super) fn note(intent: Intent, meaning: &Meaning, talk: &Talk<'_>) -> Option<(&'static str, String)> {
    let phone = talk.service.config.support_phone.trim();
    let call = if phone.is_empty() {
        String::new()
    } else {
        format!(" You can also call {phone}.")
    };
    told(intent, meaning, &call)
}

fn told(intent: Intent, meaning: &Meaning, call: &str) -> Option<(&'static str, String)> {
    let amount = match meaning.amount_paisa {
        Some(paisa) => format!("{} ", Paisa::new(paisa)),
        None => String::new(),
    };
    let kept = "Your message is kept for a person of our team to read.";
    Some(match (intent, meaning.pay) {
        (Intent::Payment, Some(Pay::Promise)) => (
            "PAYMENT_PROMISE",
            format!("You write that you will pay {amount}later. {kept} Nothing is booked by it.{call}"),
        ),
        (Intent::Payment, _) => (
            "PAYMENT_CLAIM",
            format!(
                "You write that {amount}is paid. {kept} Your balance changes when they have found the payment, not \
                 before.{call}"
            ),
        ),
        (Intent::Complaint, _) => ("COMPLAINT", format!("We are sorry. {kept}{call}")),
        (Intent::DeliveryIssue, _) => (
            "DELIVERY_ISSUE",
            format!(
                "We are sorry that something is wrong with the goods. {kept} Nothing is booked by it yet.{call}"
            ),
        ),
        (Intent::Human, _) => ("HUMAN", format!("{kept}{call}")),
        (Intent::Stop, _) => (
            "STOP",
            format!("Messages cannot be switched off from here yet. {kept} Until then they go on.{call}"),
        ),
        (Intent::Start, _) => (
            "START",
            format!("Messages cannot be switched on or off from here yet. {kept}{call}"),
        ),
        _ => return None,
    })
}

/// Keeps a message for a person and says so.
pub(super) async fn hand_over(talk: &Talk<'_>, read: &Read) -> Result<Finished, Fault> {
    let meaning = &read.meaning;
    match note(meaning.intent, meaning, talk) {
        Some((reason, text)) => hand_over_saying(talk, "", reason, text).await,
        None => unclear(talk, read).await,
    }
}

/// Keeps a message about an order, or about none, for a person.
pub(super) async fn hand_over_saying(
    talk: &Talk<'_>,
    about: &str,
    reason: &str,
    text: String,
) -> Result<Finished, Fault> {
    let outcome = Outcome::NeedsHuman(reason.to_owned());
    let state = talk.waiting.state.clone();
    let reply: Reply = ("plain_text", json!({ "text": text }));
    let replies = [reply].into_iter().chain(still_waits(&state)).collect();
    talk.answer_about(about, outcome, state, replies).await
}

/// Text that means nothing to us.
pub(super) async fn unclear(talk: &Talk<'_>, read: &Read) -> Result<Finished, Fault> {
    let told = not_understood(&read.meaning.unknown);
    let problems: Vec<&str> = told.iter().map(|text| text.trim_end_matches('.')).collect();
    let state = talk.waiting.state.clone();
    let reply: Reply = ("not_understood", json!({ "problems": problems }));
    if matches!(state, State::Choosing { .. }) {
        // no answer to the question, and perhaps nothing to say about it
        let replies = told.is_some().then_some(reply).into_iter().collect();
        return missed(talk, replies).await;
    }
    let replies = [reply].into_iter().chain(still_waits(&state)).collect();
    talk.answer(Outcome::Answered, state, replies).await
}

/// What has no words to read.
pub(super) async fn unread(talk: &Talk<'_>) -> Result<Finished, Fault> {
    let state = talk.waiting.state.clone();
    let mut replies: Vec<Reply> = vec![("not_understood", json!({ "problems": [] }))];
    replies.extend(still_waits(&state));
    talk.answer(Outcome::Answered, state, replies).await
}

/// Pictures and voices, of which nobody reads the content yet, and messages without any.
pub(super) async fn unreadable(talk: &Talk<'_>) -> Result<Finished, Fault> {
    let kind = talk.waiting.inbound.kind.as_str();
    let state = talk.waiting.state.clone();
    if kind == "text" {
        return unread(talk).await;
    }
    let what = kind_in_words(kind);
    let text = format!("We got your {what}, but can only read text so far. Please write what you need.");
    let outcome = Outcome::NeedsHuman(format!("MEDIA_{}", kind.to_uppercase()));
    talk.answer(outcome, state, vec![("plain_text", json!({ "text": text }))])
        .await
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
    use crate::domain::interpret::{Awaiting, Mentions, Message, Party, interpret};

    #[test]
    fn kinds_of_providers_are_words_of_people() {
        assert_eq!(kind_in_words("image"), "picture");
        assert_eq!(kind_in_words("video"), "video");
        for kind in ["unsupported", "request_welcome", "system", "a new kind"] {
            assert_eq!(kind_in_words(kind), "message", "{kind}");
        }
    }

    /// Nothing is claimed to be done: each of these only waits for a person.
    #[test]
    fn what_a_person_has_to_do_is_not_said_to_be_done() {
        for (text, reason, says) in [
            ("5000 tireko", "PAYMENT_CLAIM", "Rs 5,000 is paid"),
            ("bholi tirchu", "PAYMENT_PROMISE", "you will pay later"),
            ("manche sanga kura garnu cha", "HUMAN", "a person"),
            ("stop", "STOP", "cannot be switched off"),
            ("service ekdam kharab", "COMPLAINT", "sorry"),
        ] {
            let none = Mentions::default();
            let meaning = interpret(&Message {
                text,
                party: Party::Retailer,
                awaiting: Awaiting::Nothing,
                mentions: &none,
            });
            let (found, words) = told(meaning.intent, &meaning, "").expect(text);
            assert_eq!(found, reason, "{text}");
            assert!(
                words.contains(says) && words.contains("is kept for a person"),
                "{text}: {words}"
            );
        }
    }
}
