//! What is left of a product, or its price. Every number is stock, a price or a size, or it is named as not understood.

use super::words_of;
use crate::domain::interpret::change::around;
use crate::domain::interpret::chunks::{Reading, What};
use crate::domain::interpret::decide::{Outcome, decide, phrase};
use crate::domain::interpret::ideas::Idea;
use crate::domain::interpret::items::{Item, Parsed};
use crate::domain::interpret::narrow::candidates;
use crate::domain::interpret::quantity::Quantity;
use crate::domain::interpret::read::{Use, named};
use crate::domain::interpret::{Ask, Line, Meaning, Reason, Said};

/// From here on a number of units without a price may be the price: thousandths.
const LARGE: i64 = 1_000_000;

/// Reads the items of an update.
pub fn update(reading: &Reading<'_>, parsed: &Parsed, items: &[(&Item, Use)], out: &mut Meaning) {
    let mut free: Vec<&Quantity> = parsed.bare.iter().collect();
    for (item, _) in items {
        out.said.push(Said {
            at: item.tokens.0,
            words: words_of(reading, parsed, item),
        });
        match beside(parsed, item, &mut free) {
            // Two prices.
            _ if inside(parsed, item, &parsed.spare) => ask(reading, parsed, item, out),
            Beside::Nothing => stock(reading, parsed, item, out),
            Beside::Price(paisa) => {
                let priced = Item {
                    price_paisa: Some(paisa),
                    ..(*item).clone()
                };
                stock(reading, parsed, &priced, out);
            }
            Beside::Unclear => ask(reading, parsed, item, out),
        }
    }
    let lone = parsed.items.len() == 1;
    let spent = usize::from(lone && parsed.items[0].price_paisa.is_none());
    let spare = parsed.money_at.iter().skip(spent).copied();
    let numbers = free.iter().map(|q| q.tokens).chain(spare);
    // A number that nothing could read.
    let strange = reading
        .chunks
        .iter()
        .filter(|c| c.what == What::Noise && reading.noted.noise.get(c.from).is_some_and(Option::is_none));
    for (from, to) in numbers.chain(strange.map(|c| (c.from, c.to))) {
        out.unknown.push(reading.phrase(from, to).to_owned());
    }
}

/// What a plain number behind an item is.
enum Beside {
    Nothing,
    /// "50 bora, 2150": what one of them costs.
    Price(i64),
    /// "1 bora 4500": one is left, or one costs that?
    Unclear,
}

/// Where the next item begins.
fn end(parsed: &Parsed, item: &Item) -> Option<usize> {
    let starts = parsed.items.iter().map(|other| other.tokens.0);
    starts.filter(|start| *start > item.tokens.0).min()
}

/// Whether one of these stands with the item, before the next one.
fn inside(parsed: &Parsed, item: &Item, places: &[(usize, usize)]) -> bool {
    let end = end(parsed, item);
    places
        .iter()
        .any(|(from, to)| *from >= item.tokens.0 && end.is_none_or(|end| *to <= end))
}

/// Takes the plain numbers behind an item, up to the next one.
fn beside(parsed: &Parsed, item: &Item, free: &mut Vec<&Quantity>) -> Beside {
    let end = end(parsed, item);
    let behind = |q: &&Quantity| q.tokens.0 >= item.tokens.1 && end.is_none_or(|end| q.tokens.1 <= end);
    let (own, others): (Vec<&Quantity>, Vec<&Quantity>) = free.iter().copied().partition(behind);
    let [only] = own.as_slice() else {
        if own.is_empty() {
            return Beside::Nothing;
        }
        *free = others;
        return Beside::Unclear;
    };
    let plain = only.unit.is_none() && !only.odd_unit;
    let price = only.milli.filter(|milli| plain && *milli >= 10_000);
    let priced = item.price_paisa.is_some() || !parsed.money.is_empty();
    let count = item
        .counted()
        .filter(|_| item.quantities.len() <= 2 && !item.negated);
    match (price, count) {
        // The number is named by itself.
        _ if priced => Beside::Nothing,
        (Some(milli), Some(count)) if count.milli != Some(1000) => {
            *free = others;
            Beside::Price(milli / 10)
        }
        _ => {
            *free = others;
            Beside::Unclear
        }
    }
}

/// Nothing is changed of it; its words are named.
fn ask(reading: &Reading<'_>, parsed: &Parsed, item: &Item, out: &mut Meaning) {
    let found = named(reading, parsed, item);
    let reason = if found.is_some() {
        Reason::Quantity
    } else {
        Reason::UnknownProduct
    };
    out.asks.push(Ask {
        phrase: phrase(reading, item),
        candidates: found.map(|n| n.skus).unwrap_or_default(),
        milli: item.counted().and_then(|q| q.milli),
        unit: item.counted().and_then(|q| q.unit).or(item.unit),
        reason,
        range: None,
        op: None,
        nameless: false,
        at: item.tokens.0,
    });
}

/// "coke crate 780", or a number without a unit beside the prices of others: so many, or so much?
fn unclear(reading: &Reading<'_>, parsed: &Parsed, item: &Item) -> bool {
    let plain = item
        .counted()
        .is_some_and(|q| q.unit.is_none() && !q.times && q.milli != Some(0));
    let prices = parsed.items.iter().any(|i| i.price_paisa.is_some())
        || !parsed.money.is_empty()
        || reading.says(Idea::Price);
    plain && item.price_paisa.is_none() && (item.unit.is_some() || prices) && !reading.says(Idea::StockWord)
}

/// "maida 50 kg is now Rs 3180": the weight is the size of what has the price, and no stock.
fn sized(reading: &Reading<'_>, parsed: &Parsed, item: &Item) -> bool {
    let [only] = item.quantities.as_slice() else {
        return false;
    };
    let found = candidates(reading, item, &parsed.items);
    let size = only.size().filter(|_| only.measures());
    let mut facts = found.facts(reading.mentions);
    size.is_some() && facts.any(|f| f.size == size)
}

/// What is left of a product, or its price.
fn stock(reading: &Reading<'_>, parsed: &Parsed, item: &Item, out: &mut Meaning) {
    let alone = item.quantities.len() == 1;
    let bare = item
        .counted()
        .filter(|q| alone && (q.unit.is_none() && item.unit.is_none() || q.describes));
    if let Some(price) = bare
        .and_then(|q| q.milli)
        .filter(|_| item.price_paisa.is_none() && reading.says(Idea::Price) && !reading.says(Idea::StockWord))
    {
        // "price change: SKU 6,250"
        let unit = bare.and_then(|q| q.unit).or(item.unit);
        let priced = Item {
            quantities: Vec::new(),
            price_paisa: Some(price / 10),
            unit,
            ..item.clone()
        };
        stock(reading, parsed, &priced, out);
        return;
    }
    let unit = item.unit.filter(|_| item.price_paisa.is_some());
    let stated = item.counted().and_then(|q| q.unit);
    // "tin 30 ota": the counter counts tins
    let stated = stated.filter(|stated| *stated != khaacho_text::Unit::Piece);
    if unit
        .zip(stated)
        .is_some_and(|(priced, counted)| priced != counted)
    {
        // "kilo ko 92, 30 bora": a price of one unit and a stock in another
        ask(reading, parsed, item, out);
        return;
    }
    if unclear(reading, parsed, item) {
        ask(reading, parsed, item, out);
        return;
    }
    let counts = item.counted().is_some_and(|q| q.milli != Some(0));
    let clause = parsed.clauses.get(item.clause).copied().unwrap_or_default();
    if counts && (item.negated || clause.has(Idea::SoldOut)) {
        // "40 bora sakiyo": are they left, or gone?
        ask(reading, parsed, item, out);
        return;
    }
    let sold_out = around(parsed, item).has(Idea::SoldOut) && item.quantities.is_empty() || item.negated;
    let zero = item.counted().is_some_and(|q| q.milli == Some(0));
    let priced = item
        .price_paisa
        .or_else(|| parsed.money.first().copied().filter(|_| parsed.items.len() == 1));
    let counted = !item.quantities.is_empty() && !sized(reading, parsed, item);
    if !sold_out && !zero && (counted || priced.is_none()) {
        match decide(reading, item, &parsed.items) {
            // "maida ab 3350 bori" is a price, or a very large stock
            Outcome::Line(line) if priced.is_none() && line.milli >= Some(LARGE) => {
                ask(reading, parsed, item, out);
            }
            Outcome::Line(mut line) => {
                line.price_paisa = priced;
                out.lines.push(line);
            }
            Outcome::Ask(ask) => out.asks.push(ask),
            Outcome::Nothing => {}
        }
        return;
    }
    let milli = if sold_out || zero { Some(0) } else { None };
    let found = named(reading, parsed, item);
    match found.as_ref().map(|n| n.skus.as_slice()) {
        Some([sku]) => {
            let Some(fact) = reading.mentions.products.iter().find(|f| f.sku == *sku) else {
                return;
            };
            let stated = item
                .counted()
                .and_then(|q| q.unit)
                .or(item.unit)
                .filter(|u| fact.factor(*u).is_some());
            let unit = fact.stated(stated.unwrap_or(fact.default_unit));
            out.lines.push(Line {
                phrase: found.as_ref().map_or_else(String::new, |n| n.phrase.clone()),
                sku: sku.clone(),
                milli,
                unit,
                factor: fact.factor(unit).unwrap_or(1),
                op: None,
                price_paisa: priced,
                score: 1000,
                at: item.tokens.0,
            });
        }
        skus => out.asks.push(Ask {
            phrase: phrase(reading, item),
            candidates: skus.unwrap_or_default().to_vec(),
            milli,
            unit: item.unit,
            reason: if skus.is_some() {
                Reason::Product
            } else {
                Reason::UnknownProduct
            },
            range: None,
            op: None,
            nameless: false,
            at: item.tokens.0,
        }),
    }
}
