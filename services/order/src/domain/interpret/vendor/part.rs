//! What a vendor can supply of an order, and what not.

use super::phrases::{known, others};
use super::words_of;
use crate::domain::interpret::change::around;
use crate::domain::interpret::chunks::Reading;
use crate::domain::interpret::decide::{Outcome, decide};
use crate::domain::interpret::ideas::{Idea, Ideas};
use crate::domain::interpret::items::{Item, Parsed};
use crate::domain::interpret::quantity::Quantity;
use crate::domain::interpret::read::{Use, named};
use crate::domain::interpret::{Ask, Meaning, Reason, Said};

/// Reads the items of a partial acceptance.
pub fn parts(reading: &Reading<'_>, parsed: &Parsed, items: &[(&Item, Use)], out: &mut Meaning) {
    out.unknown = parsed
        .unknown
        .iter()
        .filter(|(from, to)| !reading.tokens[*from..*to].iter().all(known))
        .map(|(from, to)| reading.phrase(*from, *to).to_owned())
        .collect();
    for ((item, _), lacks) in items.iter().zip(lacking(parsed, items)) {
        out.said.push(Said {
            at: item.tokens.0,
            words: words_of(reading, parsed, item),
        });
        part(reading, parsed, item, lacks, out);
    }
    let bare = parsed.bare.iter();
    if items.is_empty() {
        // "10 bora matra pathauna sakchu": of what, only the order knows
        out.asks.extend(bare.map(|q| nameless(reading, q)));
    } else {
        out.unknown
            .extend(bare.map(|q| reading.phrase(q.tokens.0, q.tokens.1).to_owned()));
    }
    out.rest = rest(reading, parsed, items);
}

/// Whether he supplies whatever he does not name.
fn rest(reading: &Reading<'_>, parsed: &Parsed, items: &[(&Item, Use)]) -> bool {
    let mut all = Ideas::default();
    reading.ideas.iter().for_each(|i| all.add(*i));
    if all.any(&[Idea::Rest, Idea::All, Idea::Except]) || items.is_empty() {
        return !items.is_empty();
    }
    let agrees = [Idea::Yes, Idea::AcceptWord];
    let counts = |clause: usize| {
        items
            .iter()
            .any(|(item, used)| *used != Use::Exclude && item.clause == clause && item.counted().is_some())
    };
    // "…, aru pathauchu"; but "chini 3 bora pathauchu" sends three sacks of sugar
    let apart = (0..parsed.clauses.len()).any(|c| parsed.clauses[c].any(&agrees) && !counts(c));
    let first = items.iter().map(|(item, _)| item.tokens.0).min().unwrap_or(0);
    let before = reading.ideas[..first.min(reading.ideas.len())]
        .iter()
        .any(|ideas| ideas.any(&agrees));
    apart || before || reading.tokens.iter().any(others) && all.any(&agrees)
}

/// Which of the items he has not. "chini ra nun dina sakdina" is about both.
fn lacking(parsed: &Parsed, items: &[(&Item, Use)]) -> Vec<bool> {
    let lacks = |(item, used): &(&Item, Use)| {
        let own = around(parsed, item);
        let none = own.any(&[Idea::SoldOut, Idea::Cannot, Idea::Missing]);
        *used == Use::Exclude || item.quantities.is_empty() && none
    };
    let mut out: Vec<bool> = items.iter().map(lacks).collect();
    for at in (0..items.len().saturating_sub(1)).rev() {
        let ((item, _), (next, _)) = (items[at], items[at + 1]);
        let clause = parsed.clauses.get(item.clause).copied().unwrap_or_default();
        let agrees = clause.any(&[Idea::Yes, Idea::AcceptWord, Idea::Is, Idea::All, Idea::Send]);
        if out[at + 1] && item.quantities.is_empty() && item.sentence == next.sentence && !agrees {
            out[at] = true;
        }
    }
    out
}

fn part(reading: &Reading<'_>, parsed: &Parsed, item: &Item, lacks: bool, out: &mut Meaning) {
    if lacks {
        out.exclude.extend(named(reading, parsed, item));
        return;
    }
    if item.quantities.is_empty() {
        match named(reading, parsed, item) {
            Some(found) => out.supplies.push(found),
            None => out
                .unknown
                .push(reading.phrase(item.tokens.0, item.tokens.1).to_owned()),
        }
        return;
    }
    match decide(reading, item, &parsed.items) {
        Outcome::Line(line) => out.lines.push(line),
        Outcome::Ask(ask) => out.asks.push(ask),
        // None of it.
        Outcome::Nothing => out.exclude.extend(named(reading, parsed, item)),
    }
}

fn nameless(reading: &Reading<'_>, quantity: &Quantity) -> Ask {
    Ask {
        phrase: reading.phrase(quantity.tokens.0, quantity.tokens.1).to_owned(),
        candidates: Vec::new(),
        milli: quantity.milli,
        unit: quantity.unit,
        reason: Reason::UnknownProduct,
        range: quantity.range,
        op: None,
        nameless: true,
        at: quantity.tokens.0,
    }
}
