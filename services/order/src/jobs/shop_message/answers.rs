//! Answers to the open question: a tap, a number, a quantity, a name, or words that narrow.

use khaacho_durable::Finished;
use khaacho_fault::Fault;
use serde_json::json;

use super::super::handle_message::Reply;
use super::{Asker, open_question, ordering};
use crate::domain::Asked;
use crate::domain::basket::{Answer, OPTIONS_MAX, Open, Settled, State, Why, settle};
use crate::domain::finish_message::Outcome;
use crate::domain::interpret::{
    Amount, Awaiting, Intent, Meaning, Message, Party, amount, interpret, named_among, named_in,
};
use crate::domain::lessons::Lessons;
use crate::domain::understand::ShopIntent;
use crate::peers::Reading;

/// Answers that may fail before a person has a look.
const FAILED_MAX: u8 = 2;
/// Most characters of a phrase that are read together with its answer.
const PHRASE_MAX: usize = 200;

/// Whether the message was an answer.
pub(super) enum Answered {
    /// It was, or it was one that nobody understands.
    Ended(Finished),
    /// It was not; with what the catalogue finds in it, if that was looked up.
    NoAnswer(Option<Reading>),
}

enum Found {
    Settled(Settled),
    /// It may have been meant as an answer.
    Nothing,
    /// Something else.
    Other(Option<Reading>),
}

/// Takes the message as an answer to the open question, if there is one.
pub(super) async fn answer(asker: &Asker<'_>, intent: &ShopIntent, tapped: bool) -> Result<Answered, Fault> {
    let state = &asker.talk.waiting.state;
    let State::Choosing { lines, open, .. } = state else {
        return Ok(Answered::NoAnswer(None));
    };
    let Some(first) = open.first() else {
        return Ok(Answered::NoAnswer(None));
    };
    let found = match intent {
        ShopIntent::Skip => {
            if first.why == Why::Unknown {
                asker
                    .talk
                    .teach(Lessons::of_unknown(&asker.buyer.account_id, [first]));
            }
            first.answered(&Answer::Skip).into()
        }
        ShopIntent::Option(n) if tapped => first.answered(&Answer::Row(*n)).into(),
        ShopIntent::Ordinal(n) => first.answered(&Answer::Row(*n)).into(),
        ShopIntent::Option(n) => first.answered(&Answer::Number(*n)).into(),
        // An open question has nothing to confirm yet, and its basket must not get lost.
        ShopIntent::Confirm => return Ok(Answered::Ended(ask_again(asker, 0).await?)),
        ShopIntent::Sentence => in_words(asker, first).await?,
        _ => Found::Other(None),
    };
    match found {
        Found::Settled(settled) => {
            let (lines, open) = settle(lines, open, settled);
            Ok(Answered::Ended(go_on(asker, lines, open).await?))
        }
        Found::Nothing => Ok(Answered::Ended(ask_again(asker, 1).await?)),
        Found::Other(reading) => Ok(Answered::NoAnswer(reading)),
    }
}

impl From<Option<Settled>> for Found {
    fn from(settled: Option<Settled>) -> Self {
        settled.map_or(Self::Nothing, Self::Settled)
    }
}

async fn go_on(asker: &Asker<'_>, lines: Vec<Asked>, open: Vec<Open>) -> Result<Finished, Fault> {
    if lines.is_empty() && open.is_empty() {
        let reply = ("list_empty", json!({}));
        return asker
            .talk
            .answer(Outcome::Answered, State::Idle, vec![reply])
            .await;
    }
    ordering::go_on(asker, lines, open, ordering::Beside::default()).await
}

/// The open question once more. After the second answer that nobody understands, a person has a look.
async fn ask_again(asker: &Asker<'_>, failures: u8) -> Result<Finished, Fault> {
    let mut state = asker.talk.waiting.state.clone();
    let mut replies: Vec<Reply> = Vec::new();
    let mut outcome = Outcome::Answered;
    if let State::Choosing { failed, .. } = &mut state {
        *failed = failed.saturating_add(failures);
        if *failed >= FAILED_MAX {
            *failed = 0;
            outcome = Outcome::NeedsHuman("NOT_UNDERSTOOD".to_owned());
            replies.push(("answer_unclear", json!({})));
        }
    }
    replies.extend(open_question(&state));
    asker.talk.answer(outcome, state, replies).await
}

/// An answer in words.
async fn in_words(asker: &Asker<'_>, first: &Open) -> Result<Found, Fault> {
    let talk = asker.talk;
    let said = talk.said();
    if said.trim().is_empty() {
        return Ok(Found::Other(None));
    }
    if let Some(amount) = amount(said).filter(|_| !first.asks_product()) {
        return Ok(first.answered(&Answer::Amount(amount)).into());
    }
    let phrase: String = first.phrase.chars().take(PHRASE_MAX).collect();
    let together = format!("{phrase} {said}");
    let (text, from) = if together.len() <= khaacho_text::TEXT_BYTES_MAX {
        (together.as_str(), phrase.len() + 1)
    } else {
        (said, 0)
    };
    let read = talk.service.peers.read(&talk.ctx(), text).await?;
    let alone = Reading {
        mentions: read.mentions.behind(from),
        shelf: read.shelf.clone(),
        catalogue: read.catalogue,
    };
    let meaning = meant(said, &alone);
    let things = meaning.lines.len() + meaning.asks.len() + meaning.exclude.len();
    if things > 1 || is_another_matter(&meaning) {
        return Ok(Found::Other(Some(alone)));
    }
    let options: Vec<String> = first.options.iter().map(|o| o.sku.clone()).collect();
    let fits = named_among(text, from, &read.mentions, &options);
    let named = things > 0;
    let stated = |sku: &str| {
        let together = || stated(&meant(text, &read), sku).filter(|_| !named);
        stated(&meaning, sku).or_else(together)
    };
    let settled = match fits.as_slice() {
        [only] => first.answered(&Answer::Product(only.clone(), stated(only))),
        [] if first.why == Why::Unknown => renamed(first, said, &alone, stated),
        [] => None,
        several => Some(Settled::Again(first.narrowed(several))),
    };
    Ok(match settled {
        Some(settled) => Found::Settled(settled),
        None if is_another_list(&meaning) => Found::Other(Some(alone)),
        None => Found::Nothing,
    })
}

fn meant(text: &str, reading: &Reading) -> Meaning {
    interpret(&Message {
        text,
        party: Party::Retailer,
        awaiting: Awaiting::Answer,
        mentions: &reading.mentions,
    })
}

/// The quantity that a message states of a product.
fn stated(meaning: &Meaning, sku: &str) -> Option<Amount> {
    let line = meaning.lines.iter().find(|line| line.sku == sku)?;
    Some(Amount {
        milli: line.milli?,
        unit: Some(line.unit),
    })
}

/// Another name for a thing that was unknown.
fn renamed(
    first: &Open,
    said: &str,
    alone: &Reading,
    stated: impl Fn(&str) -> Option<Amount>,
) -> Option<Settled> {
    let named = named_in(said, &alone.mentions);
    let [skus] = named.as_slice() else { return None };
    if let [sku] = skus.as_slice() {
        return Some(first.chosen(alone.shelf.get(sku)?, stated(sku)));
    }
    let options: Vec<_> = skus
        .iter()
        .filter_map(|sku| alone.shelf.get(sku))
        .cloned()
        .collect();
    Some(Settled::Again(Open {
        phrase: said.to_owned(),
        called: first.called_so_far(),
        more: options.len().saturating_sub(OPTIONS_MAX),
        options: options.into_iter().take(OPTIONS_MAX).collect(),
        why: Why::Product,
        ..first.clone()
    }))
}

/// A correction of the list, or a matter that has nothing to do with the question: a price, a payment, a complaint.
fn is_another_matter(meaning: &Meaning) -> bool {
    !matches!(meaning.intent, Intent::Order | Intent::Unknown | Intent::Confirm)
}

/// Another list, of which something is known.
fn is_another_list(meaning: &Meaning) -> bool {
    let mut asks = meaning.asks.iter();
    let known = asks.any(|ask| !ask.candidates.is_empty() && ask.milli.is_some_and(|milli| milli > 0));
    meaning.intent == Intent::Order && (known || !meaning.lines.is_empty())
}
