//! The message once more, with the offered products for the words that nobody knew. Our own reader finds what belongs to
//! them; whatever it makes of them is a question, and everything else has to stay as it was.

use std::collections::BTreeSet;
use std::ops::Range;

use super::{Edges, Offer, Unread, touch};
use crate::domain::interpret::{
    Ask, EXACT, How, Intent, Line, Meaning, Mention, Mentions, Message, Reason, interpret,
};

/// What the message means with the offers as questions; `None` when they make no difference that may be made.
/// An offer that would change anything but its own phrase is dropped.
pub fn read_again(
    message: &Message<'_>,
    unread: &Unread,
    before: &Meaning,
    offers: &[Offer],
) -> Option<Meaning> {
    let edges = Edges::of(message.text);
    let mut mentions = message.mentions.clone();
    let mut taken: Vec<Range<usize>> = Vec::new();
    let mut offered = BTreeSet::new();
    let mut found = None;
    for offer in offers {
        let mut places = edges.places(message.text, &offer.phrase);
        let inside = |place: &Range<usize>| {
            let mut spans = unread.spans.iter();
            spans.any(|span| span.start <= place.start && place.end <= span.end)
        };
        let free = |place: &Range<usize>| !taken.iter().any(|other| touch(other, place));
        let Some(place) = places.find(|place| inside(place) && free(place)) else {
            continue;
        };
        let with = with(&mentions, &place, offer);
        let mut skus: BTreeSet<&str> = offered.clone();
        skus.extend(offer.products.iter().map(|f| f.sku.as_str()));
        let after = interpret(&Message {
            mentions: &with,
            ..*message
        });
        if let Some(meaning) = as_questions(before, after, &skus) {
            (mentions, offered, found) = (with, skus, Some(meaning));
            taken.push(place);
        }
    }
    found
}

/// The mentions and the offered products at that place.
fn with(mentions: &Mentions, place: &Range<usize>, offer: &Offer) -> Mentions {
    let mut out = mentions.clone();
    let mut products: Vec<u32> = Vec::new();
    for fact in &offer.products {
        let known = out.products.iter().position(|known| known.sku == fact.sku);
        let at = known.unwrap_or_else(|| {
            out.products.push(fact.clone());
            out.products.len() - 1
        });
        products.extend(u32::try_from(at));
    }
    products.sort_unstable();
    let mention = Mention {
        start: place.start,
        end: place.end,
        how: How::Alias,
        score: EXACT,
        products,
        cut: false,
    };
    let at = out.mentions.partition_point(|m| m.start <= mention.start);
    out.mentions.insert(at, mention);
    out
}

/// The second meaning with everything that is new in it as a question; `None` when it is not an order that is the same
/// otherwise.
fn as_questions(before: &Meaning, after: Meaning, offered: &BTreeSet<&str>) -> Option<Meaning> {
    let also = |meaning: &Meaning| -> Vec<Intent> {
        let second = meaning.also.iter().copied();
        second.filter(|intent| *intent != Intent::Thanks).collect()
    };
    let same = after.intent == Intent::Order
        && also(before) == also(&after)
        && before.exclude == after.exclude
        && before.about == after.about
        && before.order_ref == after.order_ref
        && before.amount_paisa == after.amount_paisa
        && before.pay == after.pay;
    if !same {
        return None;
    }
    let (mut old_lines, mut old_asks) = (before.lines.clone(), before.asks.clone());
    let (mut lines, mut asks, mut new) = (Vec::new(), Vec::new(), 0);
    for line in after.lines {
        if took(&mut old_lines, &line) {
            lines.push(line);
        } else {
            asks.push(question_of(line, offered)?);
            new += 1;
        }
    }
    for ask in after.asks {
        if took(&mut old_asks, &ask) {
            asks.push(ask);
        } else {
            asks.push(question(ask, offered)?);
            new += 1;
        }
    }
    // A thing that was unknown may have become one that is asked about; nothing else may be gone.
    let gone = old_asks.iter().all(|ask| ask.candidates.is_empty()) && old_asks.len() <= new;
    let fits = new > 0 && gone && old_lines.is_empty();
    fits.then_some(Meaning { lines, asks, ..after })
}

fn took<T: PartialEq>(list: &mut Vec<T>, thing: &T) -> bool {
    let at = list.iter().position(|known| known == thing);
    at.map(|at| list.remove(at)).is_some()
}

/// A line that our reader would have made of an offer.
fn question_of(line: Line, offered: &BTreeSet<&str>) -> Option<Ask> {
    let ask = Ask {
        phrase: line.phrase,
        candidates: vec![line.sku],
        milli: line.milli,
        unit: Some(line.unit),
        reason: Reason::Product,
        range: None,
        op: line.op,
        nameless: false,
        at: line.at,
    };
    question(ask, offered)
}

/// Which of the offered products is meant. The quantity is kept where our reader has no doubt about it; otherwise it is
/// asked once the product is clear.
fn question(ask: Ask, offered: &BTreeSet<&str>) -> Option<Ask> {
    let ours = ask.candidates.iter().all(|sku| offered.contains(sku.as_str()));
    let clear = ask.reason == Reason::Product && ask.range.is_none();
    let fits = ours && !ask.candidates.is_empty() && ask.op.is_none() && !ask.nameless;
    fits.then(|| Ask {
        milli: ask.milli.filter(|_| clear),
        unit: ask.unit.filter(|_| clear),
        reason: Reason::UnknownProduct,
        ..ask
    })
}
