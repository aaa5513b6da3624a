//! One phone may act for several shops: which one a message is for, and the question when nobody knows.

use chrono::{DateTime, Duration, Utc};
use khaacho_text::fold;
use serde::{Deserialize, Serialize};

use super::basket::State;
use super::echo::echo;
use super::understand::{self, ShopIntent};

/// Answers that may fail before a person has a look.
const FAILED_MAX: u8 = 2;
/// Messages that are kept beside the first one until the question is answered.
const KEPT_MAX: usize = 4;
/// Words that, alone, ask for the question.
const WORDS: [&str; 7] = ["shop", "shops", "pasal", "dukan", "dokan", "पसल", "दुकान"];

/// A shop that somebody may act for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// Account.
    pub account_id: String,
    /// Shop's name.
    pub name: String,
    /// Where it is; may be empty.
    pub place: String,
}

/// The question for which shop something is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// What there is to choose from, as it was shown.
    pub shops: Vec<Choice>,
    /// The message that was answered with it, `inb_…`: its rows name it.
    pub question: String,
    /// What was written before it was asked, to be handled after the answer; empty when nothing was.
    pub waits: String,
    /// What was written after it was asked and is no answer, in its order: handled after that.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kept: Vec<Kept>,
    /// Answers to it that were not understood.
    pub failed: u8,
    /// The shop that was acted for before.
    pub before: Option<Before>,
}

/// A message that waits for the answer, too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// Id, `inb_…`.
    pub inbound_id: String,
    /// What was written, as it is repeated.
    pub words: String,
}

/// Where the talk with a shop stood when another one was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Before {
    /// Account.
    pub account_id: String,
    /// What waited.
    pub state: Box<State>,
}

impl Question {
    /// What goes on with the shop that was chosen, and whether a list of another one is dropped for it.
    pub fn after(self, account_id: &str) -> (State, bool) {
        match self.before {
            Some(before) if before.account_id == account_id => (*before.state, false),
            Some(before) => (State::Idle, *before.state != State::Idle),
            None => (State::Idle, false),
        }
    }

    /// The same with one more message that waits for the answer; without it when there is no more room.
    pub fn keeping(mut self, inbound_id: &str, words: &str) -> (Self, bool) {
        let room = self.kept.len() < KEPT_MAX;
        if room {
            self.kept.push(Kept {
                inbound_id: inbound_id.to_owned(),
                words: echo(words),
            });
        }
        (self, room)
    }

    /// The same after so many answers that nobody understands, and whether a person has to look.
    pub fn again(mut self, failures: u8) -> (Self, bool) {
        self.failed = self.failed.saturating_add(failures);
        let person = self.failed >= FAILED_MAX;
        if person {
            self.failed = 0;
        }
        (self, person)
    }
}

/// What was acted upon last in a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Last {
    /// Account or vendor; empty when nobody knows.
    pub party_id: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// The shop whose turn it still is: the one that was acted for last, within so many minutes or as long as something
/// waits for an answer.
pub fn held(
    shops: &[Choice],
    last: Option<&Last>,
    state: &State,
    now: DateTime<Utc>,
    minutes: u32,
) -> Option<usize> {
    let last = last?;
    let at = place_of(shops, &last.party_id)?;
    let waits = *state != State::Idle;
    let recent = now - last.at <= Duration::minutes(i64::from(minutes));
    (waits || recent).then_some(at)
}

/// The shop with this account.
pub fn place_of(shops: &[Choice], account_id: &str) -> Option<usize> {
    shops.iter().position(|shop| shop.account_id == account_id)
}

/// A message.
#[derive(Debug, Clone, Copy)]
pub struct Heard<'a> {
    /// Id, `inb_…`.
    pub inbound_id: &'a str,
    /// What was written or tapped.
    pub said: &'a str,
    /// Whether that is all of it, or the rest is kept: nothing has to be sent again.
    pub whole: bool,
}

/// What to do with a message of somebody who acts for several shops.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Turn {
    /// It is for this shop.
    For(usize),
    /// It answers the question with this shop.
    Chosen(usize),
    /// It is a button of something that waits no more, and no shop is chosen.
    Outdated,
    /// It has to be asked which one.
    Ask(Question),
    /// It has to be asked once more, after so many answers that nobody understands.
    Again(u8),
    /// It is no answer: it waits for one, too, and it has to be asked once more.
    Keep,
    /// The question is dropped, with what waits for it.
    Dropped,
}

/// Decides about a message; `at` is the shop that is [`held`].
pub fn turn(shops: &[Choice], heard: Heard<'_>, state: &State, at: Option<usize>) -> Turn {
    if let State::WhichShop(question) = state {
        return answered(shops, heard, question);
    }
    let ask = |waits: &str, before| {
        Turn::Ask(Question {
            shops: shops.to_vec(),
            question: heard.inbound_id.to_owned(),
            waits: waits.to_owned(),
            kept: Vec::new(),
            failed: 0,
            before,
        })
    };
    let shop = at.and_then(|at| shops.get(at).map(|shop| (at, shop)));
    if calls_for_it(heard.said) {
        let before = shop.map(|(_, shop)| Before {
            account_id: shop.account_id.clone(),
            state: Box::new(state.clone()),
        });
        return ask("", before);
    }
    match shop {
        Some((at, _)) => Turn::For(at),
        None if understand::tap(heard.said).is_some() => Turn::Outdated,
        None => ask(if heard.whole { heard.said } else { "" }, None),
    }
}

/// Takes a message as the answer to the question.
fn answered(shops: &[Choice], heard: Heard<'_>, question: &Question) -> Turn {
    let said = heard.said;
    if let Some(tap) = understand::tap(said) {
        return match tap.intent {
            _ if tap.about != question.question => Turn::Outdated,
            ShopIntent::Option(n) => row(shops, heard, question, n),
            _ => Turn::Again(1),
        };
    }
    if !heard.whole || said.trim().is_empty() || calls_for_it(said) {
        return Turn::Again(0);
    }
    match understand::shop(said) {
        ShopIntent::Option(n) | ShopIntent::Ordinal(n) => row(shops, heard, question, n),
        ShopIntent::Cancel(None, _) => Turn::Dropped,
        intent => match named(shops, said) {
            Some(at) => Turn::Chosen(at),
            None if can_wait(&intent) && !answers(&question.shops, said) => Turn::Keep,
            None => Turn::Again(1),
        },
    }
}

/// Whether a message means the same when the shop is known later. What confirms, cancels or completes would be about something
/// that its writer has not seen.
fn can_wait(intent: &ShopIntent) -> bool {
    matches!(
        intent,
        ShopIntent::Sentence | ShopIntent::Status(_) | ShopIntent::Balance
    )
}

/// The n-th shop that was shown. One for which the sender may not act any more is asked about anew.
fn row(shops: &[Choice], heard: Heard<'_>, question: &Question, n: usize) -> Turn {
    let shown = n.checked_sub(1).and_then(|n| question.shops.get(n));
    let Some(shown) = shown else {
        return Turn::Again(1);
    };
    match place_of(shops, &shown.account_id) {
        Some(at) => Turn::Chosen(at),
        None => Turn::Ask(Question {
            shops: shops.to_vec(),
            question: heard.inbound_id.to_owned(),
            ..question.clone()
        }),
    }
}

/// The only shop with this name, or with these words in its name.
fn named(shops: &[Choice], said: &str) -> Option<usize> {
    let said = keys(said);
    if said.is_empty() {
        return None;
    }
    let only = |fits: &dyn Fn(&[String]) -> bool| {
        let mut found = (0..shops.len()).filter(|at| fits(&keys(&shops[*at].name)));
        found.next().filter(|_| found.next().is_none())
    };
    only(&|name| name == said).or_else(|| only(&|name| said.iter().all(|word| name.contains(word))))
}

/// Whether it is meant as an answer: a number, or a word of it stands in the name of a shop.
fn answers(shops: &[Choice], said: &str) -> bool {
    if !said.chars().any(char::is_alphabetic) {
        return true;
    }
    let said = keys(said);
    let mut names = shops.iter().flat_map(|shop| keys(&shop.name));
    names.any(|word| said.contains(&word))
}

/// Words as they sound, so that spellings meet.
fn keys(text: &str) -> Vec<String> {
    let words = understand::words(text).into_iter().map(|word| fold(&word));
    words.filter(|word| !word.is_empty()).collect()
}

/// Whether somebody wants to choose again.
fn calls_for_it(said: &str) -> bool {
    match understand::words(said).as_slice() {
        [only] => WORDS.contains(&only.as_str()),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
