//! A message together with what the catalogue finds in it.

use khaacho_fault::Fault;
use serde_json::json;

use super::super::handle_message::{Reply, Talk};
use super::{orders, people};
use crate::domain::Buyer;
use crate::domain::basket::State;
use crate::domain::echo::echo;
use crate::domain::finish_message::Outcome;
use crate::domain::heard::Heard;
use crate::domain::interpret::{Awaiting, Intent, Meaning, Message, Party, interpret};

/// A text that was read.
pub(super) struct Read {
    /// The text.
    pub(super) text: String,
    /// What the catalogue finds in it.
    pub(super) heard: Heard,
    /// What it means.
    pub(super) meaning: Meaning,
}

/// Reads a text with the catalogue.
pub(super) async fn read(talk: &Talk<'_>, text: &str) -> Result<Read, Fault> {
    let heard = talk.service.peers.hear(&talk.ctx(), text).await?;
    let awaiting = match talk.waiting.state {
        State::Idle => Awaiting::Nothing,
        State::Choosing { .. } => Awaiting::Answer,
        State::Confirming { .. } => Awaiting::Confirmation,
    };
    let meaning = interpret(&Message {
        text,
        party: Party::Retailer,
        awaiting,
        mentions: &heard.mentions,
    });
    Ok(Read {
        text: text.to_owned(),
        heard,
        meaning,
    })
}

/// What is said beside the main answer, so that no part of a message goes unanswered.
#[derive(Default)]
pub(super) struct Beside {
    /// Comes first.
    pub(super) replies: Vec<Reply>,
    /// Why a person has to look at the message, too.
    human: Option<&'static str>,
}

impl Beside {
    /// Only something to say first.
    pub(super) fn saying(text: String) -> Self {
        Self {
            replies: vec![("plain_text", json!({ "text": text }))],
            human: None,
        }
    }

    /// Only a message without variables first.
    pub(super) fn after(template: &'static str) -> Self {
        Self {
            replies: vec![(template, json!({}))],
            human: None,
        }
    }

    /// The outcome of a message that is answered but for what a person has to look at.
    pub(super) fn outcome(&self) -> Outcome {
        match self.human {
            Some(reason) => Outcome::NeedsHuman(reason.to_owned()),
            None => Outcome::Answered,
        }
    }
}

/// What a message says beside what it orders.
pub(super) async fn beside(talk: &Talk<'_>, buyer: &Buyer, read: &Read) -> Result<Beside, Fault> {
    let mut out = also(talk, buyer, &read.meaning).await?;
    if let Some(text) = not_understood(&read.meaning.unknown) {
        out.replies.insert(0, ("plain_text", json!({ "text": text })));
    }
    Ok(out)
}

/// Has what a message wants beside the first thing said before the answer. Whether a person has to see it.
pub(super) async fn say_aside(talk: &Talk<'_>, buyer: &Buyer, read: &Read) -> Result<bool, Fault> {
    let Beside { replies, human } = also(talk, buyer, &read.meaning).await?;
    talk.say_aside(replies, human);
    Ok(human.is_some())
}

/// Answers to what a message wants beside the first thing.
async fn also(talk: &Talk<'_>, buyer: &Buyer, meaning: &Meaning) -> Result<Beside, Fault> {
    let mut out = Beside::default();
    let kept = people::note(meaning.intent, meaning, talk).is_some();
    for intent in &meaning.also {
        if let Some((reason, text)) = people::note(*intent, meaning, talk) {
            // a message is kept whole: once is enough, but money has its own answer
            if !kept || *intent == Intent::Payment {
                out.human.get_or_insert(reason);
                out.replies.push(("plain_text", json!({ "text": text })));
            }
            continue;
        }
        let ask = match intent {
            Intent::Balance => {
                out.replies.push(orders::balance(talk, buyer).await?);
                continue;
            }
            Intent::Status => "where your order is: write STATUS",
            Intent::Statement => "your statement: write STATEMENT",
            Intent::PriceQuery | Intent::StockQuery => "a price or stock: ask that in a message of its own",
            Intent::DeliveryOk => "goods that came: write COMPLETE when all is right",
            Intent::Repeat => "an earlier order: ask for it in a message of its own",
            _ => continue,
        };
        let text = format!("You also wrote about {ask}.");
        out.replies.push(("plain_text", json!({ "text": text })));
    }
    Ok(out)
}

/// Most phrases that are repeated in one sentence.
const PHRASES_MAX: usize = 5;

/// Words that were not understood, in a sentence; `None` when there are none.
pub(super) fn not_understood(phrases: &[String]) -> Option<String> {
    if phrases.is_empty() {
        return None;
    }
    let quoted: Vec<String> = phrases
        .iter()
        .take(PHRASES_MAX)
        .map(|p| format!("\"{}\"", echo(p)))
        .collect();
    let more = match phrases.len().saturating_sub(PHRASES_MAX) {
        0 => String::new(),
        n => format!(" and {n} more"),
    };
    Some(format!("Not understood: {}{more}.", quoted.join(", ")))
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_is_not_understood_is_repeated_and_counted() {
        let words = |n: usize| (0..n).map(|i| format!("w{i}")).collect::<Vec<_>>();
        assert_eq!(super::not_understood(&[]), None);
        assert_eq!(
            super::not_understood(&words(2)).as_deref(),
            Some("Not understood: \"w0\", \"w1\".")
        );
        let many = super::not_understood(&words(7)).unwrap_or_default();
        assert!(many.ends_with("\"w4\" and 2 more."), "{many}");
    }
}
