//! What a message says that is ordered, and what of it is not clear.

use std::collections::BTreeMap;

use super::{OPTIONS_MAX, Open, Product, Wants, decimal, possible};
use crate::domain::Asked;
use crate::domain::echo::echo;
use crate::domain::heard::Heard;
use crate::domain::interpret::{Ask, Line, Meaning, Reason};

/// Products that may be meant by words that no product has, by those words.
pub type Near = BTreeMap<String, Vec<Product>>;

/// A basket after a message was read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Basket {
    /// Lines that are clear.
    pub lines: Vec<Asked>,
    /// Questions.
    pub open: Vec<Open>,
    /// What was not understood or cannot be, one sentence each, when nothing else of the message is known.
    pub problems: Vec<String>,
    /// The first unknown phrase with near products, likewise.
    pub unknown: Option<(String, Vec<Product>)>,
}

impl Basket {
    /// Whether no thing of the message is known: then it may have been no list at all.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.open.is_empty()
    }
}

enum Thing {
    Line(Asked),
    Open(Open),
}

/// Puts together what a message orders. A thing that is not clear is a question, unless nothing of the message is known:
/// then it is only told.
pub fn gather(text: &str, meaning: &Meaning, heard: &Heard, near: &Near) -> Basket {
    let mut basket = Basket::default();
    let mut things: Vec<(usize, Thing)> = Vec::new();
    let mut known = false;
    for line in &meaning.lines {
        let (thing, clear) = of_line(line, heard, &mut basket);
        known |= clear;
        things.push((place(text, &line.phrase), thing));
    }
    for ask in &meaning.asks {
        let (open, clear) = of_ask(ask, heard, near, &mut basket);
        known |= clear;
        things.push((place(text, &ask.phrase), Thing::Open(open)));
    }
    if !known {
        if basket.problems.is_empty() && meaning.unknown.is_empty() {
            // the reader leaves out what is ordered none of
            basket.problems.push("0 of a thing is not possible".to_owned());
        }
        return basket;
    }
    basket.problems.clear();
    basket.unknown = None;
    things.sort_by_key(|(place, _)| *place);
    for (at, (_, thing)) in things.into_iter().enumerate() {
        match thing {
            Thing::Line(line) => basket.lines.push(line),
            Thing::Open(open) => basket.open.push(Open { at: Some(at), ..open }),
        }
    }
    basket
}

/// Where the phrase stands; what is not found as it was typed comes last.
fn place(text: &str, phrase: &str) -> usize {
    text.find(phrase).unwrap_or(usize::MAX)
}

/// The line, and whether its quantity is possible.
fn of_line(line: &Line, heard: &Heard, basket: &mut Basket) -> (Thing, bool) {
    let milli = line.milli.unwrap_or(0);
    if possible(milli) {
        let asked = Asked {
            sku: line.sku.clone(),
            quantity: decimal(milli),
            unit: line.unit.as_str().to_owned(),
        };
        return (Thing::Line(asked), true);
    }
    let why = impossible(&decimal(milli), &line.phrase);
    basket.problems.push(why.clone());
    let open = Open {
        phrase: line.phrase.clone(),
        unit: line.unit.as_str().to_owned(),
        options: vec![heard.product(&line.sku)],
        wants: Wants::Quantity,
        why,
        ..Open::default()
    };
    (Thing::Open(open), false)
}

/// The question, and whether it is about something that is known.
fn of_ask(ask: &Ask, heard: &Heard, near: &Near, basket: &mut Basket) -> (Open, bool) {
    let unit = ask.unit.map_or("", |unit| unit.as_str()).to_owned();
    let quantity = ask.milli.filter(|milli| possible(*milli));
    let cannot = ask.range.is_none() && quantity.is_none() && ask.stated.is_some();
    let mut open = Open {
        phrase: ask.phrase.clone(),
        quantity: quantity.map(decimal).unwrap_or_default(),
        unit,
        ..Open::default()
    };
    if ask.candidates.is_empty() {
        let near = near.get(&ask.phrase).cloned().unwrap_or_default();
        let names: Vec<&str> = near.iter().map(|p| p.name.as_str()).collect();
        let hint = match names.as_slice() {
            [] => String::new(),
            names => format!("; near: {}", names.join(", ")),
        };
        let phrase = echo(&ask.phrase);
        basket
            .problems
            .push(format!("not understood: \"{phrase}\"{hint}"));
        basket.unknown.get_or_insert((phrase, near.clone()));
        open.options = near;
        open.wants = Wants::Name;
        return (open, false);
    }
    open.more = ask.candidates.len().saturating_sub(OPTIONS_MAX);
    let shown = ask.candidates.iter().take(OPTIONS_MAX);
    open.options = shown.map(|sku| heard.product(sku)).collect();
    if cannot {
        let stated = ask.stated.as_deref().unwrap_or_default();
        open.why = impossible(stated, &ask.phrase);
        basket.problems.push(open.why.clone());
    }
    if let [only] = open.options.as_slice()
        && ask.reason != Reason::Product
    {
        if open.why.is_empty() {
            open.why = why(ask, only);
        }
        open.quantity.clear();
        open.wants = Wants::Quantity;
    }
    (open, !cannot)
}

/// Why the quantity of a clear product does not do; empty when there is none.
fn why(ask: &Ask, product: &Product) -> String {
    let name = &product.name;
    let unit = ask.unit.map_or("", |unit| unit.as_str());
    match (ask.reason, ask.range, ask.milli) {
        (_, Some((low, high)), _) => format!("{} or {}? one number is needed", decimal(low), decimal(high)),
        (Reason::Unit, ..) if !unit.is_empty() => format!("{name} is not sold by the {unit}"),
        (Reason::Fraction, _, Some(milli)) => {
            let wanted = format!("{} {unit}", decimal(milli));
            format!("{name} is only sold whole, not {}", wanted.trim_end())
        }
        _ => String::new(),
    }
}

fn impossible(stated: &str, phrase: &str) -> String {
    format!("{} of \"{}\" is not possible", echo(stated), echo(phrase))
}
