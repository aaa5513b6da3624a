//! What a vendor answers: to an offered order, or about stock and prices.

use super::change::around;
use super::chunks::Reading;
use super::decide::{Outcome, decide};
use super::ideas::{Idea, Ideas};
use super::items::{Item, Parsed};
use super::read::{Use, empty, named};
use super::{Ask, Intent, Line, Meaning, Reason};

/// From here on a number of units without a price may be the price: thousandths.
const LARGE: i64 = 1_000_000;

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
        Intent::StockUpdate => items
            .iter()
            .for_each(|(item, _)| stock(reading, parsed, item, &mut out)),
        Intent::PartialAccept => items
            .iter()
            .for_each(|(item, used)| part(reading, parsed, item, *used, &mut out)),
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
    let refuses = all.any(&[
        Idea::Cannot,
        Idea::NotAfter,
        Idea::Nahi,
        Idea::NotBefore,
        Idea::Except,
    ]);
    if items.is_empty() {
        let sorry = all.any(&[Idea::Sorry, Idea::Cancel]) || all.has(Idea::No) && !all.has(Idea::AcceptWord);
        let none = all.any(&[Idea::SoldOut]) && !all.any(&[Idea::Yes, Idea::AcceptWord, Idea::Load]);
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
        if all.any(&[Idea::AcceptWord, Idea::Yes]) {
            return (Intent::Accept, 900);
        }
        return if all.has(Idea::Load) {
            (Intent::Dispatched, 800)
        } else if talks || all.has(Idea::Person) && all.has(Idea::Need) {
            (Intent::Human, 850)
        } else {
            (Intent::Unknown, 300)
        };
    }
    let offers = items.iter().any(|(i, _)| i.price_paisa.is_some())
        || all.any(&[Idea::StockWord, Idea::Price])
        || !parsed.money.is_empty();
    let partial = all.any(&[Idea::AcceptWord, Idea::Rest, Idea::Except, Idea::Only, Idea::All])
        || all.has(Idea::Yes) && !all.has(Idea::Arrived);
    let excluded = items.iter().any(|(_, used)| *used == Use::Exclude) || refuses;
    if offers && !excluded {
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
    let sold_out = around(parsed, item).has(Idea::SoldOut) && item.quantities.is_empty() || item.negated;
    let zero = item.counted().is_some_and(|q| q.milli == Some(0));
    let priced = item
        .price_paisa
        .or_else(|| parsed.money.first().copied().filter(|_| parsed.items.len() == 1));
    if !sold_out && !zero && (!item.quantities.is_empty() || priced.is_none()) {
        match decide(reading, item, &parsed.items) {
            // "maida ab 3350 bori" is a price, or a very large stock
            Outcome::Line(line) if priced.is_none() && line.milli >= Some(LARGE) => out.asks.push(Ask {
                phrase: line.phrase,
                candidates: vec![line.sku],
                milli: line.milli,
                unit: Some(line.unit),
                reason: Reason::Quantity,
                range: None,
                op: None,
                nameless: false,
                at: line.at,
            }),
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
            phrase: super::decide::phrase(reading, item),
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

/// What the vendor can supply, and what not.
fn part(reading: &Reading<'_>, parsed: &Parsed, item: &Item, used: Use, out: &mut Meaning) {
    let own = around(parsed, item);
    let lacks = item.quantities.is_empty() && own.any(&[Idea::SoldOut, Idea::Cannot, Idea::Missing]);
    if used == Use::Exclude || lacks {
        out.exclude.extend(named(reading, parsed, item));
        return;
    }
    if item.quantities.is_empty() {
        out.unknown
            .push(reading.phrase(item.tokens.0, item.tokens.1).to_owned());
        return;
    }
    match decide(reading, item, &parsed.items) {
        Outcome::Line(line) => out.lines.push(line),
        Outcome::Ask(ask) => out.asks.push(ask),
        Outcome::Nothing => {}
    }
}
