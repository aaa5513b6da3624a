//! Which products an item can mean.

use khaacho_text::Unit;

use super::catalogue::{Fact, How, Mention, Mentions};
use super::chunks::Reading;
use super::items::{Item, Narrowing};
use super::quantity::Quantity;

/// Products that an item can mean, before its unit is looked at.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Candidates {
    /// Indexes, ascending.
    pub products: Vec<u32>,
    /// 0–1000, the least sure of its mentions.
    pub score: u16,
    /// Something in the item fits none of them, or there are more than are listed.
    pub doubtful: bool,
    /// Unit that the product phrase itself says: `chini packet`.
    pub said: Option<Unit>,
}

impl Candidates {
    pub fn facts<'a>(&'a self, mentions: &'a Mentions) -> impl Iterator<Item = &'a Fact> {
        self.products.iter().map(|p| &mentions.products[*p as usize])
    }

    /// Keeps what fits, unless nothing does. Says whether anything did.
    pub fn keep(&mut self, fits: impl Fn(u32) -> bool) -> bool {
        let fewer: Vec<u32> = self.products.iter().copied().filter(|p| fits(*p)).collect();
        let any = !fewer.is_empty();
        if any {
            self.products = fewer;
        }
        any
    }
}

/// The products of an item by its words and sizes.
pub fn candidates(reading: &Reading<'_>, item: &Item, items: &[Item]) -> Candidates {
    let mentions = reading.mentions;
    let varies = !item.narrowings.is_empty() || item.quantities.iter().any(Quantity::measures);
    if let Some(source) = item
        .carried
        .and_then(|i| items.get(i))
        .filter(|s| !varies && s.carried.is_none())
    {
        return candidates(reading, source, items);
    }
    let source = item.carried.and_then(|i| items.get(i)).unwrap_or(item);
    let longest = |m: &&usize| {
        let mention = &mentions.mentions[**m];
        (mention.how == How::Key, mention.end - mention.start)
    };
    // of two phrases of the same length the first one names the product
    let Some(main) = source.mentions.iter().rev().max_by_key(longest).copied() else {
        return Candidates::default();
    };
    if item.carried.is_some() {
        return of_family(mentions, main, item);
    }
    let mut out = Candidates {
        products: mentions.mentions[main].products.clone(),
        score: mentions.mentions[main].score,
        doubtful: mentions.mentions[main].cut || item.doubtful,
        said: unit_in(reading, main),
    };
    for other in item.mentions.iter().filter(|m| **m != main) {
        let fits = narrow_by_mention(&mut out, mentions, *other);
        out.doubtful |= !fits;
        out.score = out.score.min(mentions.mentions[*other].score);
        out.said = out.said.or(unit_in(reading, *other));
    }
    narrow_all(&mut out, mentions, item);
    out
}

/// What is taken from the item before: the narrowest family that the new words describe. "wai wai veg" is too narrow
/// for "chicken wala", "wai wai" inside it is not.
fn of_family(mentions: &Mentions, main: usize, item: &Item) -> Candidates {
    let whole = &mentions.mentions[main];
    let mut families: Vec<&Mention> = mentions
        .mentions
        .iter()
        .filter(|m| m.how != How::Word && m.start >= whole.start && m.end <= whole.end)
        .collect();
    families.sort_by_key(|m| m.products.len());
    let mut last = Candidates::default();
    for family in families {
        last = Candidates {
            products: family.products.clone(),
            score: family.score,
            doubtful: family.cut || item.doubtful,
            said: None,
        };
        let sized = narrow_all(&mut last, mentions, item);
        let loose = item.narrowings.contains(&Narrowing::Loose);
        let fits = !loose || last.facts(mentions).any(Fact::loose);
        if sized && !last.doubtful && fits {
            break;
        }
    }
    last
}

/// Says whether thulo and sano decided anything.
fn narrow_all(out: &mut Candidates, mentions: &Mentions, item: &Item) -> bool {
    let mut decided = true;
    for narrowing in &item.narrowings {
        narrow(out, mentions, narrowing);
    }
    for size in sizes(item) {
        let wanted = size.size();
        out.doubtful |= !out.keep(|p| wanted.is_some() && mentions.products[p as usize].size == wanted);
    }
    for narrowing in &item.narrowings {
        if let Narrowing::Size(big, named) = narrowing {
            decided &= by_size(out, mentions, *big, named);
        }
    }
    decided
}

/// Weights and volumes that describe: those beside a count, and those with a word like `wala`.
pub fn sizes(item: &Item) -> impl Iterator<Item = &Quantity> {
    let counted = item.counted().is_some();
    let measures = item.quantities.iter().filter(|q| q.measures());
    measures.filter(move |q| counted || q.describes)
}

/// A unit word inside a product phrase.
fn unit_in(reading: &Reading<'_>, mention: usize) -> Option<Unit> {
    let mention = &reading.mentions.mentions[mention];
    let inside = reading
        .tokens
        .iter()
        .filter(|t| t.start >= mention.start && t.end <= mention.end);
    let mut units = inside
        .filter_map(|t| Unit::of_key(&t.key))
        .filter(|u| u.measure().is_none() && *u != Unit::Piece);
    units.next().filter(|_| mention.how == How::Alias)
}

fn narrow_by_mention(out: &mut Candidates, mentions: &Mentions, other: usize) -> bool {
    let other = &mentions.mentions[other];
    if out.keep(|p| other.products.binary_search(&p).is_ok()) {
        return true;
    }
    let words = mentions
        .mentions
        .iter()
        .filter(|m| m.how == How::Word && m.start >= other.start && m.end <= other.end);
    let mut any = false;
    for word in words {
        any |= out.keep(|p| word.products.binary_search(&p).is_ok());
    }
    any
}

fn narrow(out: &mut Candidates, mentions: &Mentions, narrowing: &Narrowing) {
    match narrowing {
        Narrowing::Products(list) => out.doubtful |= !out.keep(|p| list.binary_search(&p).is_ok()),
        Narrowing::Loose => {
            out.keep(|p| mentions.products[p as usize].loose());
        }
        Narrowing::Size(..) => {}
    }
}

/// Thulo and sano decide where products are called so, or where exactly two sizes are left.
fn by_size(out: &mut Candidates, mentions: &Mentions, big: bool, named: &[u32]) -> bool {
    if out.keep(|p| named.binary_search(&p).is_ok()) {
        return true;
    }
    let size = |p: u32| mentions.products[p as usize].size;
    let mut sizes: Vec<_> = out.products.iter().filter_map(|p| size(*p)).collect();
    sizes.sort_unstable();
    sizes.dedup();
    let all = out.products.iter().all(|p| size(*p).is_some());
    if let ([small, large], true) = (sizes.as_slice(), all)
        && small.measure == large.measure
    {
        let wanted = if big { *large } else { *small };
        return out.keep(|p| size(p) == Some(wanted));
    }
    false
}
