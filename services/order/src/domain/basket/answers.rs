//! Answers to the question that is open.

use super::{Open, Product, Wants, decimal, possible};
use crate::domain::Asked;
use crate::domain::heard::Heard;
use crate::domain::interpret::{Intent, Meaning};

/// Measures, which name a pack rather than one of the order units.
const MEASURES: [&str; 5] = ["kg", "g", "l", "ml", "piece"];

/// Lines and questions after an answer.
pub type Answered = (Vec<Asked>, Vec<Open>);

/// Takes the n-th option of the first question, from 1. `None` when it has none or wants no product.
pub fn pick(lines: &[Asked], open: &[Open], n: usize) -> Option<Answered> {
    let first = open.first().filter(|o| o.wants != Wants::Quantity)?;
    let chosen = first.options.get(n.checked_sub(1)?)?.clone();
    let (quantity, unit) = (first.quantity.clone(), first.unit.clone());
    Some(settle(lines, open, chosen, quantity, unit))
}

/// Goes on without the thing that the first question is about.
pub fn leave_out(lines: &[Asked], open: &[Open]) -> Answered {
    let (gone, rest) = open.split_first().map_or((None, &[][..]), |(o, r)| (o.at, r));
    let later = |o: &Open| Open {
        at: o
            .at
            .map(|at| at.saturating_sub(usize::from(gone.is_some_and(|g| g < at)))),
        ..o.clone()
    };
    (lines.to_vec(), rest.iter().map(later).collect())
}

/// Takes an answer in words: what the message means; `completed` when it was read together with the quantity that is
/// known already. It may name another product only where no product was known. `None` when it answers nothing, or is a
/// list of its own.
pub fn answer(
    lines: &[Asked],
    open: &[Open],
    meaning: &Meaning,
    heard: &Heard,
    completed: bool,
) -> Option<Answered> {
    let first = open.first()?;
    let clean = meaning.unknown.is_empty() && meaning.exclude.is_empty() && meaning.intent == Intent::Order;
    if !clean {
        return None;
    }
    match (meaning.lines.as_slice(), meaning.asks.as_slice()) {
        ([line], []) => {
            let milli = line.milli.filter(|milli| possible(*milli))?;
            let of_options = first.options.iter().any(|p| p.sku == line.sku);
            if !of_options && first.wants != Wants::Name {
                return None;
            }
            let product = heard.product(&line.sku);
            let unit = line.unit.as_str().to_owned();
            Some(settle(lines, open, product, decimal(milli), unit))
        }
        ([], [ask]) if first.wants != Wants::Quantity && (completed || ask.stated.is_none()) => {
            narrowed(lines, open, &ask.candidates, heard)
        }
        _ => None,
    }
}

/// Words that name one of the options, fewer of them, or other products.
fn narrowed(lines: &[Asked], open: &[Open], candidates: &[String], heard: &Heard) -> Option<Answered> {
    let first = open.first()?;
    let fits = |p: &&Product| candidates.contains(&p.sku);
    let mut within: Vec<Product> = first.options.iter().filter(fits).cloned().collect();
    if within.is_empty() && (first.wants != Wants::Name || candidates.is_empty()) {
        return None;
    }
    if within.is_empty() {
        let others = candidates.iter().take(super::OPTIONS_MAX);
        within = others.map(|sku| heard.product(sku)).collect();
    } else if within.len() == first.options.len() && within.len() > 1 {
        return None;
    }
    if let [only] = within.as_slice() {
        let (quantity, unit) = (first.quantity.clone(), first.unit.clone());
        return Some(settle(lines, open, only.clone(), quantity, unit));
    }
    let mut open = open.to_vec();
    open[0].options = within;
    open[0].more = 0;
    Some((lines.to_vec(), open))
}

/// Puts the product in its place among the lines, or asks how much of it when that is not clear.
fn settle(lines: &[Asked], open: &[Open], product: Product, quantity: String, unit: String) -> Answered {
    let known = product.units.is_empty() || unit.is_empty();
    let sold = known || MEASURES.contains(&unit.as_str()) || product.units.contains(&unit);
    let mut rest = open.to_vec();
    if quantity.is_empty() || !sold {
        if let Some(first) = rest.first_mut() {
            let why = if sold {
                first.why.clone()
            } else {
                format!("{} is not sold by the {unit}", product.name)
            };
            *first = Open {
                options: vec![product],
                quantity: String::new(),
                wants: Wants::Quantity,
                more: 0,
                why,
                ..first.clone()
            };
        }
        return (lines.to_vec(), rest);
    }
    let line = Asked {
        sku: product.sku,
        quantity,
        unit,
    };
    // Questions are answered in their order, so every line that stands before this one is there by now.
    let at = rest
        .first()
        .and_then(|o| o.at)
        .unwrap_or(lines.len())
        .min(lines.len());
    let mut lines = lines.to_vec();
    lines.insert(at, line);
    if !rest.is_empty() {
        rest.remove(0);
    }
    (lines, rest)
}
