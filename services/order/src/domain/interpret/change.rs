//! What an item does to an order that exists.

use super::Op;
use super::chunks::Reading;
use super::ideas::{Idea, Ideas};
use super::items::{Item, Parsed};

/// What the item does: taken away, set to a quantity, or added.
pub fn op(reading: &Reading<'_>, parsed: &Parsed, item: &Item) -> Op {
    let own = around(parsed, item);
    if item.swapped_out || item.negated {
        return Op::Remove;
    }
    if item.replaced {
        return Op::Set;
    }
    let instead = parsed
        .items
        .iter()
        .any(|i| i.swapped_out && i.sentence == item.sentence);
    if instead {
        return Op::Add;
    }
    if own.any(&[Idea::Remove, Idea::Cancel]) && item.counted().is_none() {
        return Op::Remove;
    }
    let adds = own.has(Idea::Add) || reading.says(Idea::Add);
    if own.has(Idea::Instead) {
        return Op::Set;
    }
    let sets = own.any(&[Idea::Set, Idea::MakeIt]) && !adds;
    if sets && !item.quantities.is_empty() {
        Op::Set
    } else {
        Op::Add
    }
}

/// The ideas of the clause of an item, and of the ones after it that name nothing.
pub fn around(parsed: &Parsed, item: &Item) -> Ideas {
    let mut out = parsed.clauses.get(item.clause).copied().unwrap_or_default();
    let mut next = item.clause + 1;
    while next < parsed.clauses.len()
        && parsed.sentences[next] == item.sentence
        && !parsed.items.iter().any(|i| i.clause == next)
    {
        out.add(parsed.clauses[next]);
        next += 1;
    }
    out
}
