//! What a message changes in a basket that waits for its confirmation.

use super::Open;
use super::gather::{Thing, asked, open, things};
use super::goods::{Shelf, add};
use crate::domain::Asked;
use crate::domain::echo::echo;
use crate::domain::interpret::{Ask, Line, Meaning, Op};
use crate::domain::problem::Problem;

/// A basket after a change.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Changed {
    /// Lines that are clear.
    pub lines: Vec<Asked>,
    /// Questions.
    pub open: Vec<Open>,
    /// What could not be done.
    pub problems: Vec<Problem>,
}

/// Changes a basket as a message says: adds, sets and takes away. A phrase that fits several products means the one that
/// stands in the basket, if there is exactly one.
pub fn change(before: &[Asked], meaning: &Meaning, shelf: &Shelf) -> Changed {
    let mut out = Changed {
        lines: before.to_vec(),
        ..Changed::default()
    };
    for thing in things(meaning) {
        match thing {
            Thing::Line(line) => out.line(line, shelf),
            Thing::Ask(ask) => out.ask(ask, shelf),
        }
    }
    out
}

impl Changed {
    fn line(&mut self, line: &Line, shelf: &Shelf) {
        if line.op == Some(Op::Remove) {
            return self.remove(&line.sku, &line.phrase);
        }
        match asked(line, shelf) {
            Ok(asked) => self.put(asked, line.op, shelf),
            Err(problem) => self.problems.push(problem),
        }
    }

    fn put(&mut self, line: Asked, op: Option<Op>, shelf: &Shelf) {
        let known = self.lines.iter().position(|known| known.sku == line.sku);
        match (op, known) {
            (Some(Op::Set), Some(at)) => self.lines[at] = line,
            _ => {
                let last = self.lines.len();
                let goods = shelf.get(&line.sku).cloned();
                add(&mut self.lines, last, line, goods.as_ref());
            }
        }
    }

    fn remove(&mut self, sku: &str, phrase: &str) {
        let before = self.lines.len();
        self.lines.retain(|line| line.sku != sku);
        if self.lines.len() == before {
            let phrase = echo(phrase);
            self.problems.push(Problem::NotInBasket { phrase });
        }
    }

    fn ask(&mut self, ask: &Ask, shelf: &Shelf) {
        let mut here = self
            .lines
            .iter()
            .filter(|line| ask.candidates.contains(&line.sku));
        let only = match (here.next(), here.next()) {
            (Some(only), None) => Some(only.clone()),
            // "make it 4 cartons" of the only thing that there is
            (None, None) if ask.nameless => match self.lines.as_slice() {
                [only] => Some(only.clone()),
                _ => None,
            },
            _ => None,
        };
        match (ask.op, only) {
            (Some(Op::Remove), Some(only)) => self.remove(&only.sku, &ask.phrase),
            (Some(Op::Remove), None) => {
                let phrase = echo(&ask.phrase);
                self.problems.push(Problem::UnclearRemoval { phrase });
            }
            (op, Some(only)) if self.counted(ask, op, &only, shelf) => {}
            _ => {
                let at = self.lines.len() + self.open.len();
                self.open.push(open(ask, shelf, at));
            }
        }
    }

    /// Sets or adds the stated quantity of what stands in the basket already. Says whether it could.
    fn counted(&mut self, ask: &Ask, op: Option<Op>, only: &Asked, shelf: &Shelf) -> bool {
        let Some(milli) = ask.milli.filter(|milli| *milli > 0 && ask.range.is_none()) else {
            return false;
        };
        let unit = ask.unit.map_or(only.unit.as_str(), |u| u.as_str());
        let line = match shelf.get(&only.sku) {
            Some(goods) => goods.line(milli, Some(unit)).ok(),
            // What is in the basket has been priced: the catalogue says whether it is sold so.
            None => Some(Asked {
                sku: only.sku.clone(),
                quantity: khaacho_money::Quantity::from_milli(milli).to_string(),
                unit: unit.to_owned(),
                called: Vec::new(),
            }),
        };
        let Some(line) = line else { return false };
        self.put(line, op, shelf);
        true
    }
}
