//! Sentences: what the interpreter makes of a message, carried out. A sentence never confirms, cancels or completes
//! anything: it is told the word that does.

use khaacho_durable::Finished;
use khaacho_fault::Fault;
use serde_json::json;

use super::super::handle_message::{Reply, Talk};
use super::ordering::Beside;
use super::people::matter;
use super::{Asker, assist, ordering, orders, shelves, still_waits, thanks};
use crate::domain::basket::State;
use crate::domain::echo::echo;
use crate::domain::finish_message::Outcome;
use crate::domain::interpret::{Intent, Meaning, Message, Op, Party, interpret};
use crate::peers::Reading;

/// Reads the message and does what it asks for.
pub(super) async fn handle(asker: &Asker<'_>, reading: Option<Reading>) -> Result<Finished, Fault> {
    let talk = asker.talk;
    let text = talk.said();
    if text.trim().is_empty() {
        return unclear(talk).await;
    }
    let reading = match reading {
        Some(reading) => reading,
        None => talk.service.peers.read(&talk.ctx(), text).await?,
    };
    let message = Message {
        text,
        party: Party::Retailer,
        awaiting: talk.waiting.state.awaiting(),
        mentions: &reading.mentions,
    };
    let meaning = interpret(&message);
    metrics::counter!("messages_read_total", "result" => result(&meaning)).increment(1);
    let (meaning, reading) = match assist::helped(asker, &message, &meaning, &reading).await {
        Some((helped, more)) => {
            let shelf = more.into_iter().chain(reading.shelf).collect();
            (helped, Reading { shelf, ..reading })
        }
        None => (meaning, reading),
    };
    match meaning.intent {
        Intent::Order | Intent::Change | Intent::Repeat => {
            let mut beside = beside(asker, &meaning, &reading).await?;
            beside.replies.extend(not_understood(&meaning));
            match asker.stopped(&beside).await? {
                Some(end) => Ok(end),
                None => goods(asker, &meaning, &reading, beside).await,
            }
        }
        _ => {
            let beside = beside(asker, &meaning, &reading).await?;
            other(asker, &meaning, &reading, beside).await
        }
    }
}

/// How well the message was understood, for the metric.
fn result(meaning: &Meaning) -> &'static str {
    match meaning.intent {
        Intent::Unknown => "unknown",
        _ if !meaning.asks.is_empty() => "asked",
        _ => "clear",
    }
}

/// A list, a change of one, or the last order again.
async fn goods(
    asker: &Asker<'_>,
    meaning: &Meaning,
    reading: &Reading,
    beside: Beside,
) -> Result<Finished, Fault> {
    let adds = meaning.lines.iter().all(|line| line.op == Some(Op::Add))
        && meaning.asks.iter().all(|ask| ask.op == Some(Op::Add));
    match (meaning.intent, &asker.talk.waiting.state) {
        (Intent::Repeat, _) => orders::repeat(asker, beside).await,
        (Intent::Change, State::Confirming { quote_id }) if meaning.order_ref.is_none() => {
            ordering::amend(asker, quote_id, meaning, &reading.shelf, beside).await
        }
        (Intent::Change, State::Choosing { lines, open, .. }) if meaning.order_ref.is_none() => {
            ordering::amend_open(asker, (lines, open), meaning, &reading.shelf, beside).await
        }
        // Nothing waits that could be changed: what is to be added is a list of its own.
        (Intent::Change, _) if meaning.order_ref.is_none() && adds && !meaning.lines.is_empty() => {
            ordering::order(asker, meaning, &reading.shelf, beside).await
        }
        (Intent::Change, _) => for_a_person(asker.talk, meaning, beside).await,
        _ => ordering::order(asker, meaning, &reading.shelf, beside).await,
    }
}

/// Second wishes, which are answered whatever becomes of the first.
async fn beside(asker: &Asker<'_>, meaning: &Meaning, reading: &Reading) -> Result<Beside, Fault> {
    let support_phone = &asker.talk.service.config.support_phone;
    let mut out = Beside::default();
    for intent in &meaning.also {
        match intent {
            Intent::Balance | Intent::Statement => {
                out.replies.push(orders::balance(asker.talk, asker.buyer).await?);
            }
            Intent::PriceQuery | Intent::StockQuery => {
                out.replies.push(shelves::told(meaning, &reading.shelf));
            }
            Intent::Status => out.replies.push(orders::latest(asker.talk, asker.buyer).await?.1),
            Intent::Repeat => out.replies.push(word_for("repeat_order")),
            Intent::DeliveryOk => out.replies.push(word_for("confirm_receipt")),
            other => {
                if let Some(matter) = matter(*other, meaning) {
                    out.replies.push(matter.told(support_phone));
                    out.person = out.person.or(Some(matter.reason));
                }
            }
        }
    }
    Ok(out)
}

/// Words of a list that mean nothing to us.
fn not_understood(meaning: &Meaning) -> Option<Reply> {
    let words: Vec<_> = meaning.unknown.iter().map(|w| echo(w)).collect();
    (!words.is_empty()).then(|| ("words_unknown", json!({ "words": words })))
}

/// Everything that moves no goods.
async fn other(
    asker: &Asker<'_>,
    meaning: &Meaning,
    reading: &Reading,
    beside: Beside,
) -> Result<Finished, Fault> {
    let Asker { talk, buyer, .. } = asker;
    let state = talk.waiting.state.clone();
    let mut replies: Vec<Reply> = Vec::new();
    let mut about = String::new();
    match meaning.intent {
        Intent::Status => {
            let (order, reply) = match &meaning.order_ref {
                Some(number) => orders::named(talk, buyer, number).await?,
                None => orders::latest(talk, buyer).await?,
            };
            about = order;
            replies.push(reply);
        }
        Intent::Balance => replies.push(orders::balance(talk, buyer).await?),
        Intent::Statement => replies.extend(orders::statement(talk, buyer).await?),
        Intent::PriceQuery | Intent::StockQuery => replies.push(shelves::told(meaning, &reading.shelf)),
        Intent::Help => {
            let support_phone = &talk.service.config.support_phone;
            replies.push(("help", json!({ "support_phone": support_phone })));
        }
        Intent::Greeting => replies.push(("greeting", json!({ "shop": buyer.shop_name }))),
        Intent::Thanks => return thanks(talk).await,
        Intent::Confirm => return word_that_does(talk, "place_basket").await,
        Intent::Cancel => return cancel(talk).await,
        Intent::DeliveryOk => return word_that_does(talk, "confirm_receipt").await,
        Intent::Stop | Intent::Start => {
            let outcome = beside.outcome(Outcome::Answered);
            let mut also = beside.replies;
            also.extend(still_waits(&state));
            return talk.consent(meaning.intent == Intent::Stop, outcome, also).await;
        }
        Intent::Human | Intent::Payment | Intent::DeliveryIssue | Intent::Complaint => {
            return for_a_person(talk, meaning, beside).await;
        }
        _ => return unclear(talk).await,
    }
    let outcome = beside.outcome(Outcome::Answered);
    replies.extend(beside.replies);
    if meaning.intent != Intent::Status {
        replies.extend(still_waits(&state));
    }
    talk.answer_about(&about, outcome, state, replies).await
}

async fn for_a_person(talk: &Talk<'_>, meaning: &Meaning, beside: Beside) -> Result<Finished, Fault> {
    let Some(matter) = matter(meaning.intent, meaning) else {
        return unclear(talk).await;
    };
    let state = talk.waiting.state.clone();
    let told = matter.told(&talk.service.config.support_phone);
    let replies = [told]
        .into_iter()
        .chain(beside.replies)
        .chain(still_waits(&state));
    let replies = replies.collect();
    let outcome = Outcome::NeedsHuman(matter.reason.to_owned());
    talk.answer(outcome, state, replies).await
}

async fn cancel(talk: &Talk<'_>) -> Result<Finished, Fault> {
    match talk.waiting.state {
        State::Idle => word_that_does(talk, "cancel_order").await,
        _ => word_that_does(talk, "drop_list").await,
    }
}

/// The sentence seems to ask for something that only a word of its own does.
async fn word_that_does(talk: &Talk<'_>, does: &str) -> Result<Finished, Fault> {
    let state = talk.waiting.state.clone();
    let told = word_for(does);
    let about_basket = ["place_basket", "drop_list"].contains(&does);
    let replies = match still_waits(&state) {
        // it names the same words
        Some(waits) if matches!(state, State::Confirming { .. }) && about_basket => vec![waits],
        Some(waits) => vec![told, waits],
        None => vec![told],
    };
    talk.answer(Outcome::Answered, state, replies).await
}

/// Names the word that does something.
fn word_for(does: &str) -> Reply {
    ("word_that_does", json!({ "does": does }))
}

/// What nobody but a person can read.
pub(super) async fn unread(talk: &Talk<'_>) -> Result<Finished, Fault> {
    let state = talk.waiting.state.clone();
    let kind = talk.waiting.inbound.kind.as_str();
    let outcome = Outcome::NeedsHuman(format!("MEDIA_{}", kind.to_uppercase()));
    talk.answer(outcome, state, vec![("media_unread", json!({ "kind": kind }))])
        .await
}

/// Text that means nothing to us, and pictures and voices, of which nobody reads the content yet.
pub(super) async fn unclear(talk: &Talk<'_>) -> Result<Finished, Fault> {
    let state = talk.waiting.state.clone();
    let kind = talk.waiting.inbound.kind.as_str();
    if talk.said().trim().is_empty() && kind != "text" {
        return unread(talk).await;
    }
    let mut replies = vec![("not_understood", json!({ "problems": [] }))];
    replies.extend(still_waits(&state));
    talk.answer(Outcome::Answered, state, replies).await
}
