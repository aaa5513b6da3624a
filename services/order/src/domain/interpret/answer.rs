//! Answers to a question: a quantity alone, or words that name one of its options.

use std::collections::BTreeSet;

use khaacho_text::{Kind, Unit};

use super::catalogue::{Fact, Mentions};
use super::chunks::{self, What};
use super::ideas::Idea;
use super::items::items;
use super::narrow::candidates;

/// A quantity that stands alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amount {
    /// Thousandths, more than zero.
    pub milli: i64,
    /// Unit, as stated.
    pub unit: Option<Unit>,
}

/// Words that turn a quantity into something else than an answer.
const OTHERWISE: &[Idea] = &[
    Idea::Correct,
    Idea::NotAfter,
    Idea::NotBefore,
    Idea::Nahi,
    Idea::No,
    Idea::Cancel,
    Idea::Stop,
    Idea::Remove,
    Idea::Except,
    Idea::HowMuch,
    Idea::What,
    Idea::When,
    Idea::Where,
    Idea::Or,
    Idea::Ask,
    Idea::Paid,
    Idea::WillPay,
    Idea::PayWord,
    Idea::Arrived,
    Idea::Coming,
    Idea::Late,
    Idea::Broken,
    Idea::Missing,
    Idea::Wrong,
    Idea::Return,
    Idea::Spoiled,
    Idea::Bad,
    Idea::Dear,
    Idea::Price,
    Idea::BalanceWord,
    Idea::StatementWord,
];

/// Reads `2`, `2 bora`, `dui ota dinus`. `None` for everything that says more or leaves a choice.
pub fn amount(text: &str) -> Option<Amount> {
    let nothing = Mentions::default();
    let reading = chunks::read(text, &nothing);
    let (mut stated, mut unit) = (None, None);
    for chunk in &reading.chunks {
        match &chunk.what {
            What::Quantity(quantity) if stated.is_none() => stated = Some(*quantity),
            What::Unit(own) if unit.is_none() => unit = Some(*own),
            What::Word(ideas) if !ideas.any(OTHERWISE) => {}
            What::Stop if !reading.tokens.get(chunk.from).is_some_and(|t| t.is("?")) => {}
            _ => return None,
        }
    }
    let quantity = stated.filter(|q| !q.negative && !q.odd_unit && q.range.is_none())?;
    Some(Amount {
        milli: quantity.milli.filter(|milli| *milli > 0)?,
        unit: quantity.unit.or(unit),
    })
}

/// Whether somebody wants something to be sent or counts goods, whatever they are.
pub fn wishes(text: &str) -> bool {
    let nothing = Mentions::default();
    let reading = chunks::read(text, &nothing);
    let counts = |what: &What| matches!(what, What::Quantity(q) if q.unit.is_some() || q.milli.is_some_and(|m| m <= 200_000));
    reading.says_any(&[Idea::Send, Idea::Need, Idea::Add]) || reading.chunks.iter().any(|c| counts(&c.what))
}

/// Those of the `options` that an answer names: `phrase` is what was asked about and `answer` what was written then,
/// which both stand in `text`, one behind the other. The words of the answer count alone first, as in "mayos veg";
/// then with the phrase, as a variant or a size does: "veg wala", "1 litre".
pub fn named_among(text: &str, answer_from: usize, mentions: &Mentions, options: &[String]) -> Vec<String> {
    let alone = mentions.behind(answer_from);
    let answer = text.get(answer_from..).unwrap_or("");
    // Of a single option the phrase itself is a name, so that only the answer can say anything.
    let together = (options.len() > 1).then_some((text, mentions, answer_from));
    for (text, mentions, from) in std::iter::once((answer, &alone, 0)).chain(together) {
        let reading = chunks::read(text, mentions);
        let parsed = items(&reading);
        // an item that ends before the answer begins is what was asked about, once more
        let answers = |to: usize| {
            let last = to.checked_sub(1).and_then(|last| reading.tokens.get(last));
            last.is_some_and(|token| token.end > from)
        };
        let meant = parsed.items.iter();
        let meant = meant.filter(|i| !i.withdrawn && !i.negated && answers(i.tokens.1));
        let fitting = meant.filter_map(|item| {
            let found = candidates(&reading, item, &parsed.items);
            let fits = among(options, found.facts(mentions));
            (!fits.is_empty() && fits.len() < options.len().max(2)).then_some(fits)
        });
        if let Some(fewest) = fitting.min_by_key(Vec::len) {
            return fewest;
        }
    }
    let words: Vec<_> = khaacho_text::tokens(answer);
    let one_word = words.iter().filter(|t| t.kind == Kind::Word).count() == 1;
    if one_word {
        return described(&alone, options);
    }
    Vec::new()
}

/// Products that a text names: one list for each thing that it speaks of.
pub fn named_in(text: &str, mentions: &Mentions) -> Vec<Vec<String>> {
    let reading = chunks::read(text, mentions);
    let parsed = items(&reading);
    let meant = parsed.items.iter().filter(|i| !i.withdrawn && !i.negated);
    let skus = meant.map(|item| {
        let found = candidates(&reading, item, &parsed.items);
        found.facts(mentions).map(|f| f.sku.clone()).collect::<Vec<_>>()
    });
    skus.filter(|skus| !skus.is_empty()).collect()
}

/// Options that the only word of the answer describes, whatever else it describes: "veg", "khulla" of several.
fn described(alone: &Mentions, options: &[String]) -> Vec<String> {
    let products = alone.mentions.iter().flat_map(|m| m.products.iter());
    let fits = among(options, products.filter_map(|p| alone.products.get(*p as usize)));
    if fits.len() < options.len() {
        fits
    } else {
        Vec::new()
    }
}

/// Those of the options that are among the products.
fn among<'a>(options: &[String], products: impl Iterator<Item = &'a Fact>) -> Vec<String> {
    let skus: BTreeSet<&str> = products.map(|f| f.sku.as_str()).collect();
    let fits = options.iter().filter(|o| skus.contains(o.as_str()));
    fits.cloned().collect()
}
