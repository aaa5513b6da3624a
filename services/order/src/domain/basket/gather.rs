//! Lines and questions of a message, in the order in which it names them.

use khaacho_money::Quantity;

use super::goods::{Shelf, add};
use super::{OPTIONS_MAX, Open, Why};
use crate::domain::Asked;
use crate::domain::echo::echo;
use crate::domain::interpret::{Ask, Line, Meaning, Op, Reason};
use crate::domain::problem::Problem;

/// What a message asks for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Basket {
    /// Lines that are clear.
    pub lines: Vec<Asked>,
    /// Questions.
    pub open: Vec<Open>,
    /// What cannot be.
    pub problems: Vec<Problem>,
}

impl Basket {
    /// Whether no thing of the message is known, and there is nothing to choose from: then it may have been no list at
    /// all. To be asked before near products are looked up.
    pub fn is_unknown(&self) -> bool {
        let unknown = |open: &Open| open.why == Why::Unknown && open.options.is_empty();
        self.lines.is_empty() && self.open.iter().all(unknown)
    }
}

/// One thing of a message.
pub(super) enum Thing<'a> {
    Line(&'a Line),
    Ask(&'a Ask),
}

/// The things of a message as they stand in it.
pub(super) fn things(meaning: &Meaning) -> Vec<Thing<'_>> {
    let lines = meaning.lines.iter().map(|line| (line.at, Thing::Line(line)));
    let asks = meaning.asks.iter().map(|ask| (ask.at, Thing::Ask(ask)));
    let mut all: Vec<_> = lines.chain(asks).collect();
    all.sort_by_key(|(at, _)| *at);
    all.into_iter().map(|(_, thing)| thing).collect()
}

/// Takes a message that orders for a basket.
pub fn gather(meaning: &Meaning, shelf: &Shelf) -> Basket {
    let mut basket = Basket::default();
    for thing in things(meaning) {
        match thing {
            Thing::Line(line) => match asked(line, shelf) {
                Ok(asked) => {
                    let last = basket.lines.len();
                    add(&mut basket.lines, last, asked, shelf.get(&line.sku));
                }
                Err(problem) => basket.problems.push(problem),
            },
            Thing::Ask(ask) => {
                let at = basket.lines.len() + basket.open.len();
                basket.open.push(open(ask, shelf, at));
            }
        }
    }
    basket
}

/// A line of the interpreter as one that can be quoted, or why it cannot be one.
pub(super) fn asked(line: &Line, shelf: &Shelf) -> Result<Asked, Problem> {
    let milli = line.milli.unwrap_or_default();
    let made = shelf
        .get(&line.sku)
        .and_then(|goods| goods.line(milli, Some(line.unit.as_str())).ok());
    let stated = Quantity::from_milli(milli).to_string();
    made.ok_or_else(|| Problem::NotPossible {
        quantity: echo(&stated),
        phrase: echo(&line.phrase),
    })
}

/// The question about a phrase; its line will be the one after `at` others.
pub(super) fn open(ask: &Ask, shelf: &Shelf, at: usize) -> Open {
    let options: Vec<_> = ask
        .candidates
        .iter()
        .filter_map(|sku| shelf.get(sku))
        .cloned()
        .collect();
    let why = match ask.reason {
        _ if options.is_empty() => Why::Unknown,
        Reason::UnknownProduct => Why::Unknown,
        Reason::Product => Why::Product,
        Reason::Unit => Why::Unit,
        Reason::Fraction => Why::Fraction,
        Reason::Quantity => Why::Quantity,
    };
    let stated = ask.milli.filter(|milli| *milli > 0);
    let kept = stated.filter(|_| matches!(why, Why::Product | Why::Unknown));
    let unit = ask.unit.filter(|_| why != Why::Unit).map_or("", |u| u.as_str());
    Open {
        phrase: ask.phrase.clone(),
        quantity: kept.map_or_else(String::new, |milli| Quantity::from_milli(milli).to_string()),
        unit: unit.to_owned(),
        more: options.len().saturating_sub(OPTIONS_MAX),
        amounts: near(why, stated, ask.range),
        options: options.into_iter().take(OPTIONS_MAX).collect(),
        at: Some(at),
        why,
        sets: ask.op == Some(Op::Set),
        called: Vec::new(),
        each: Vec::new(),
    }
}

/// Quantities that may have been meant: the ends of a range, the whole ones beside a part.
fn near(why: Why, stated: Option<i64>, range: Option<(i64, i64)>) -> Vec<String> {
    let near = match (why, stated, range) {
        (_, _, Some((low, high))) => vec![low, high],
        (Why::Fraction, Some(milli), _) => vec![milli / 1000 * 1000, milli / 1000 * 1000 + 1000],
        _ => Vec::new(),
    };
    let possible = near.into_iter().filter(|milli| *milli > 0);
    possible
        .map(|milli| Quantity::from_milli(milli).to_string())
        .collect()
}
