//! Words that nobody could read, and what a language model takes them for. What it says is a stranger's text: it can
//! only name products of our catalogue that the shop is then asked about. It is never asked how much of something is
//! wanted: quantities and units are what our own reader finds in the message.

mod private;
mod read_again;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::ops::Range;

use khaacho_text::{Kind, Unit, number_word, tokens};
use serde::Deserialize;

use super::basket::{OPTIONS_MAX, Shelf};
use super::interpret::{Fact, How, Intent, Meaning, Mentions, Reason, named_in, wishes};

pub use private::masked;
pub use read_again::read_again;

/// Most phrases that are asked about at once.
const PHRASES_MAX: usize = 8;
/// Most characters of a phrase.
const PHRASE_MAX: usize = 60;
/// Most digits of a number that counts goods.
const COUNT_DIGITS_MAX: usize = 4;
/// Most characters of a message that is told as a whole.
const TEXT_MAX: usize = 400;
/// Most proposals of an answer; whoever says more did not answer the question.
const PROPOSALS_MAX: usize = 16;
/// Most names for one phrase; the first ones count.
const NAMES_MAX: usize = 3;
/// Most characters of a name.
const NAME_MAX: usize = 80;

/// What of a message nobody could read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// The phrases, as typed.
    pub phrases: Vec<String>,
    /// The message with what is nobody's business masked, where nothing of it was understood.
    pub text: Option<String>,
    /// Where words stand that something may be proposed for.
    spans: Vec<Range<usize>>,
}

/// Products that a phrase may stand for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Proposal {
    /// The phrase.
    pub phrase: String,
    /// What the goods may be called, best first.
    pub products: Vec<String>,
}

/// A proposal that names products of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The phrase.
    pub phrase: String,
    /// The products, best name first.
    pub products: Vec<Fact>,
}

/// What a list leaves unread, or a message that wants something of which nothing is understood; `None` when there is
/// nothing to ask. A word that stands alone in a list, uncounted, is mostly no thing at all, and is not worth a question.
///
/// While something `waits` for an answer, a message of which no thing is known may be no list at all. It drops nothing
/// then, and nothing is made of it.
pub fn unread(text: &str, meaning: &Meaning, mentions: &Mentions, waits: bool) -> Option<Unread> {
    let known = !meaning.lines.is_empty() || meaning.asks.iter().any(|ask| !ask.candidates.is_empty());
    let whole = match meaning.intent {
        Intent::Order if known || !waits => false,
        Intent::Unknown if !waits && text.chars().count() <= TEXT_MAX && wishes(text) => true,
        _ => return None,
    };
    let left = spans(text, meaning, whole);
    let phrases = left.iter().filter_map(|span| text.get(span.clone()));
    let phrases = phrases.filter(|phrase| says_something(phrase) && masked(phrase) == **phrase);
    let phrases: Vec<String> = phrases.map(str::to_owned).take(PHRASES_MAX).collect();
    (!phrases.is_empty()).then(|| Unread {
        phrases,
        text: whole.then(|| masked(text)),
        spans: if whole { beside(text, mentions) } else { left },
    })
}

/// Places of the words that became unknown things, and of those that became nothing and are counted, or of `all`;
/// neighbours are one place.
fn spans(text: &str, meaning: &Meaning, all: bool) -> Vec<Range<usize>> {
    let things = meaning
        .asks
        .iter()
        .filter(|ask| ask.reason == Reason::UnknownProduct && ask.candidates.is_empty() && !ask.nameless)
        .map(|ask| (&ask.phrase, true));
    let words = meaning.unknown.iter().map(|word| (word, all));
    let edges = Edges::of(text);
    let mut found: Vec<(Range<usize>, bool)> = Vec::new();
    for (phrase, thing) in things.chain(words) {
        let free = |place: &Range<usize>| !found.iter().any(|(other, _)| touch(other, place));
        let place = edges.places(text, phrase).find(free);
        found.extend(place.map(|place| (place.clone(), thing || edges.counted(&place))));
    }
    found.sort_by_key(|(place, _)| place.start);
    let mut joined: Vec<(Range<usize>, bool)> = Vec::new();
    for (place, thing) in found {
        let between = |last: &Range<usize>| text.get(last.end..place.start).unwrap_or("-");
        match joined.last_mut() {
            Some((last, known)) if between(last).chars().all(|c| c == ' ') => {
                last.end = place.end;
                *known |= thing;
            }
            _ => joined.push((place, thing)),
        }
    }
    let things = joined.into_iter().filter(|(_, thing)| *thing);
    things.map(|(place, _)| place).collect()
}

/// The text between the products that are named in it.
fn beside(text: &str, mentions: &Mentions) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut from = 0;
    let mut known: Vec<_> = mentions.mentions.iter().filter(|m| m.how != How::Word).collect();
    known.sort_by_key(|m| m.start);
    for mention in known {
        if mention.start > from {
            out.push(from..mention.start);
        }
        from = from.max(mention.end);
    }
    out.push(from..text.len());
    out
}

fn touch(one: &Range<usize>, other: &Range<usize>) -> bool {
    one.start < other.end && other.start < one.end
}

/// Where tokens begin and end.
struct Edges {
    starts: Vec<usize>,
    ends: Vec<usize>,
    /// Which of the tokens are numbers that may count goods.
    counts: Vec<bool>,
}

impl Edges {
    fn of(text: &str) -> Self {
        let tokens = tokens(text);
        Self {
            starts: tokens.iter().map(|t| t.start).collect(),
            ends: tokens.iter().map(|t| t.end).collect(),
            counts: tokens
                .iter()
                .map(|t| t.kind == Kind::Number && t.key.len() <= COUNT_DIGITS_MAX)
                .collect(),
        }
    }

    /// Whether a number stands right before or behind the place.
    fn counted(&self, place: &Range<usize>) -> bool {
        let behind = self.starts.partition_point(|start| *start < place.end);
        let before = self
            .ends
            .partition_point(|end| *end <= place.start)
            .checked_sub(1);
        let counts = |at: usize| self.counts.get(at).copied().unwrap_or(false);
        counts(behind) || before.is_some_and(counts)
    }

    /// Where the phrase stands as whole words, exactly as written.
    fn places<'a>(&'a self, text: &'a str, phrase: &'a str) -> impl Iterator<Item = Range<usize>> + 'a {
        let filled = Some(text).filter(|_| !phrase.is_empty()).into_iter();
        let all = filled.flat_map(move |text| text.match_indices(phrase));
        all.map(|(start, found)| start..start + found.len())
            .filter(|place| {
                self.starts.binary_search(&place.start).is_ok() && self.ends.binary_search(&place.end).is_ok()
            })
    }
}

/// Whether it is short, and more than numbers and units.
fn says_something(phrase: &str) -> bool {
    let word = |token: &khaacho_text::Token| {
        token.kind == Kind::Word && Unit::of_key(&token.key).is_none() && number_word(&token.key).is_none()
    };
    phrase.chars().count() <= PHRASE_MAX && tokens(phrase).iter().any(word)
}

/// What an answer proposes; `None` when it is no answer to the question.
pub fn proposals(answer: &str) -> Option<Vec<Proposal>> {
    #[derive(Deserialize)]
    struct Said {
        proposals: Vec<Proposal>,
    }
    let said: Said = serde_json::from_str(answer).ok()?;
    if said.proposals.len() > PROPOSALS_MAX {
        return None;
    }
    let name = |name: &String| {
        let line: String = name
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect();
        let line = line.trim();
        let fits = !line.is_empty() && line.chars().count() <= NAME_MAX;
        fits.then(|| line.to_owned())
    };
    let kept = said.proposals.into_iter().filter_map(|proposal| {
        let products: Vec<String> = proposal
            .products
            .iter()
            .filter_map(name)
            .take(NAMES_MAX)
            .collect();
        let fits = proposal.phrase.chars().count() <= PHRASE_MAX && !products.is_empty();
        fits.then_some(Proposal { products, ..proposal })
    });
    Some(kept.collect())
}

/// The names of all proposals, a line each, for the catalogue to read.
pub fn names(proposals: &[Proposal]) -> String {
    let names = proposals.iter().flat_map(|p| &p.products);
    names.map(String::as_str).collect::<Vec<_>>().join("\n")
}

/// What the names mean in the catalogue: each one thing or nothing. `mentions` are those of [`names`].
pub fn offers(proposals: &[Proposal], mentions: &Mentions) -> Vec<Offer> {
    let mut from = 0;
    let mut out = Vec::new();
    for proposal in proposals {
        let mut products: Vec<Fact> = Vec::new();
        for name in &proposal.products {
            let line = from..from + name.len();
            from = line.end + 1;
            let found = mentions.within(line);
            let skus = match named_in(name, &found).as_slice() {
                [] => described(name, &found),
                [skus] => skus.clone(),
                _ => continue,
            };
            let facts = skus
                .iter()
                .filter_map(|sku| mentions.products.iter().find(|f| f.sku == *sku));
            for fact in facts {
                if !products.iter().any(|known| known.sku == fact.sku) {
                    products.push(fact.clone());
                }
            }
        }
        if !products.is_empty() {
            let phrase = proposal.phrase.clone();
            out.push(Offer { phrase, products });
        }
    }
    out
}

/// Products that every word of a name describes, when they are few.
fn described(name: &str, found: &Mentions) -> Vec<String> {
    let mut left: Option<BTreeSet<u32>> = None;
    for word in tokens(name).iter().filter(|token| token.kind == Kind::Word) {
        let here = found.mentions.iter();
        let here = here.filter(|m| !m.cut && m.start <= word.start && word.end <= m.end);
        let here: BTreeSet<u32> = here.flat_map(|m| m.products.iter().copied()).collect();
        left = Some(left.map_or_else(|| here.clone(), |left| &left & &here));
    }
    let few = left.filter(|left| left.len() <= OPTIONS_MAX).unwrap_or_default();
    let sku = |at: u32| Some(found.products.get(at as usize)?.sku.clone());
    few.into_iter().filter_map(sku).collect()
}

/// Keys of offered products whose price the shelf does not know.
pub fn unpriced<'a>(offers: &'a [Offer], shelf: &Shelf) -> Vec<&'a str> {
    let skus = offers
        .iter()
        .flat_map(|offer| &offer.products)
        .map(|fact| fact.sku.as_str());
    skus.filter(|sku| !is_sold(sku, shelf)).collect()
}

/// The offers with what somebody sells.
pub fn sold(offers: Vec<Offer>, shelf: &Shelf) -> Vec<Offer> {
    let kept = offers.into_iter().map(|mut offer| {
        offer.products.retain(|fact| is_sold(&fact.sku, shelf));
        offer
    });
    kept.filter(|offer| !offer.products.is_empty()).collect()
}

fn is_sold(sku: &str, shelf: &Shelf) -> bool {
    shelf.get(sku).is_some_and(|goods| goods.price_paisa > 0)
}
