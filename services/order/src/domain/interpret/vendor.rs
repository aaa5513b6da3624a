//! What a vendor answers: to an offered order, or about stock and prices.

mod part;
mod phrases;
mod stock;

use super::chunks::Reading;
use super::ideas::{Idea, Ideas};
use super::items::{Item, Parsed};
use super::quantity::Quantity;
use super::read::{Use, empty};
use super::{Intent, Meaning};

use phrases::Phrases;

#[cfg(test)]
mod tests;

/// How sure a sentence is that asks, or takes something back.
const UNSURE: u16 = 500;

/// What the vendor's message means.
pub fn meaning(reading: &Reading<'_>, parsed: &Parsed, uses: &[Use]) -> Meaning {
    let mut out = empty(reading, parsed);
    let mut all = Ideas::default();
    reading.ideas.iter().for_each(|i| all.add(*i));
    let items: Vec<(&Item, Use)> = parsed
        .items
        .iter()
        .zip(uses.iter().copied())
        .filter(|(_, u)| *u != Use::Gone)
        .collect();
    (out.intent, out.confidence) = intent(all, &items, reading, parsed);
    match out.intent {
        Intent::StockUpdate => stock::update(reading, parsed, &items, &mut out),
        Intent::PartialAccept => part::parts(reading, parsed, &items, &mut out),
        _ => {
            for (item, _) in &items {
                out.unknown
                    .push(reading.phrase(item.tokens.0, item.tokens.1).to_owned());
            }
        }
    }
    out
}

fn intent(all: Ideas, items: &[(&Item, Use)], reading: &Reading<'_>, parsed: &Parsed) -> (Intent, u16) {
    let said = Phrases::read(reading);
    let refuses = said.refuses
        || all.any(&[
            Idea::Cannot,
            Idea::NotAfter,
            Idea::Nahi,
            Idea::NotBefore,
            Idea::Except,
        ]);
    if !items.is_empty() {
        return about_goods(all, items, reading, parsed, refuses);
    }
    let (intent, confidence) = about_order(all, said, reading, refuses);
    match intent {
        // "10 bora matra", of whatever the order holds
        Intent::Accept | Intent::Unknown if all.has(Idea::Only) && !parsed.bare.is_empty() => {
            (Intent::PartialAccept, 700)
        }
        // "10 carton dina sakchu": so many of something
        Intent::Accept if parsed.bare.iter().any(counts) => (Intent::PartialAccept, 700),
        Intent::Accept if said.hedged || said.asks => (intent, UNSURE),
        Intent::Decline | Intent::Dispatched if said.asks => (intent, UNSURE),
        _ => (intent, confidence),
    }
}

fn counts(quantity: &Quantity) -> bool {
    quantity.unit.is_some() && !quantity.measures()
}

/// A sentence that names no goods.
fn about_order(all: Ideas, said: Phrases, reading: &Reading<'_>, refuses: bool) -> (Intent, u16) {
    let sorry = all.any(&[Idea::Sorry, Idea::Cancel]) || all.has(Idea::No) && !all.has(Idea::AcceptWord);
    let none =
        all.any(&[Idea::SoldOut]) && !all.any(&[Idea::Yes, Idea::AcceptWord, Idea::Load]) && !said.left;
    if refuses || sorry || none {
        return (Intent::Decline, 900);
    }
    let talks = all.any(&[Idea::Call, Idea::Talk]);
    if all.has(Idea::Person) && talks {
        return (Intent::Human, 900);
    }
    let done = reading.tokens.iter().any(|t| {
        matches!(
            t.text.as_str(),
            "pathaidinchu" | "pathauchu" | "पठाइदिन्छु" | "पठाउँछु" | "pathaidinchhu" | "pathauchhu"
        )
    });
    if all.has(Idea::Load) && !done && !all.has(Idea::AcceptWord) {
        return (Intent::Dispatched, 900);
    }
    if said.left && !all.has(Idea::AcceptWord) {
        return (Intent::Dispatched, 850);
    }
    if all.any(&[Idea::AcceptWord, Idea::Yes]) {
        return (Intent::Accept, 900);
    }
    if all.has(Idea::Load) {
        (Intent::Dispatched, 800)
    } else if talks || all.has(Idea::Person) && all.has(Idea::Need) {
        (Intent::Human, 850)
    } else if said.takes {
        (Intent::Accept, 850)
    } else if all.has(Idea::All) && all.any(&[Idea::Is, Idea::Good]) {
        // "sabai cha"
        (Intent::Accept, 800)
    } else {
        (Intent::Unknown, 300)
    }
}

/// A sentence that names goods.
fn about_goods(
    all: Ideas,
    items: &[(&Item, Use)],
    reading: &Reading<'_>,
    parsed: &Parsed,
    refuses: bool,
) -> (Intent, u16) {
    let offers = items.iter().any(|(i, _)| i.price_paisa.is_some())
        || all.any(&[Idea::StockWord, Idea::Price])
        || !parsed.money.is_empty();
    let partial = all.any(&[Idea::AcceptWord, Idea::Rest, Idea::Except, Idea::Only, Idea::All])
        || all.has(Idea::Yes) && !all.has(Idea::Arrived);
    let excluded = items.iter().any(|(_, used)| *used == Use::Exclude) || refuses;
    // "X stock out, the rest is fine": of an order, not of the stock
    let rest = all.has(Idea::Rest)
        && all.any(&[Idea::Yes, Idea::AcceptWord, Idea::Good])
        && items.iter().all(|(i, _)| i.price_paisa.is_none());
    if (offers || left(reading)) && !excluded && !rest {
        return (Intent::StockUpdate, 900);
    }
    if partial || excluded || parsed.items.iter().any(|i| i.replaced) || gives(reading) {
        return (Intent::PartialAccept, 850);
    }
    if all.has(Idea::Load)
        && !all.any(&[Idea::Arrived, Idea::SoldOut])
        && items.iter().all(|(i, _)| i.quantities.is_empty())
    {
        return (Intent::Dispatched, 800);
    }
    (Intent::StockUpdate, 800)
}

/// "godam ma 12 carton matra bachyo": what is there.
fn left(reading: &Reading<'_>) -> bool {
    let words = [
        "bachyo",
        "bacheko",
        "godam",
        "godown",
        "godaun",
        "बच्यो",
        "बाँकी",
        "गोदाम",
    ];
    reading.tokens.iter().any(|t| words.contains(&t.text.as_str()))
}

/// "can give 10 of the 15".
fn gives(reading: &Reading<'_>) -> bool {
    let words = [
        "can",
        "give",
        "dina",
        "sakchu",
        "sakxu",
        "sakchhu",
        "milcha",
        "दिन",
        "सक्छु",
        "milchha",
        "pugcha",
        "de",
        "payenge",
        "sakta",
        "sakte",
        "dinchu",
    ];
    reading.tokens.iter().any(|t| words.contains(&t.text.as_str()))
}

/// The words of an item with everything that stands behind it, up to the next one: its numbers and prices, too.
fn words_of(reading: &Reading<'_>, parsed: &Parsed, item: &Item) -> String {
    let end = parsed
        .items
        .iter()
        .map(|other| other.tokens.0)
        .filter(|start| *start > item.tokens.0)
        .min();
    let stops = |at: &usize| {
        let token = &reading.tokens[*at];
        token.kind == khaacho_text::Kind::Break || token.is(";") || token.is("?")
    };
    let end = end.unwrap_or(reading.tokens.len());
    let end = (item.tokens.1..end).find(stops).unwrap_or(end);
    let idle = |at: usize| {
        let token = &reading.tokens[at];
        token.kind == khaacho_text::Kind::Sign || reading.ideas[at].any(&[Idea::And, Idea::Filler])
    };
    let mut last = end;
    while last > item.tokens.1 && idle(last - 1) {
        last -= 1;
    }
    reading.phrase(item.tokens.0, last).to_owned()
}
