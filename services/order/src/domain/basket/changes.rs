//! Changes of a basket that is priced or asked about.

use super::{decimal, possible};
use crate::domain::Asked;
use crate::domain::echo::echo;
use crate::domain::interpret::{Ask, Line, Meaning, Op, Reason};

/// A basket after a change, and what of the change could not be done.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Changed {
    /// Its lines.
    pub lines: Vec<Asked>,
    /// What is added and not clear: to be asked.
    pub unclear: Vec<Ask>,
    /// One sentence for each thing that stays as it was.
    pub problems: Vec<String>,
    /// Whether anything is different.
    pub any: bool,
}

/// Applies what a message adds, sets and takes away.
pub fn change(basket: &[Asked], meaning: &Meaning) -> Changed {
    let mut out = Changed {
        lines: basket.to_vec(),
        ..Changed::default()
    };
    for line in &meaning.lines {
        out.line(line);
    }
    for ask in &meaning.asks {
        out.ask(basket, ask);
    }
    for named in &meaning.exclude {
        out.remove(&named.phrase, &named.skus);
    }
    out
}

impl Changed {
    fn line(&mut self, line: &Line) {
        let op = line.op.unwrap_or(Op::Add);
        if op == Op::Remove || op == Op::Set && line.milli == Some(0) {
            self.remove(&line.phrase, std::slice::from_ref(&line.sku));
            return;
        }
        let Some(milli) = line.milli.filter(|milli| possible(*milli)) else {
            self.problem(format!("how many of \"{}\"?", echo(&line.phrase)));
            return;
        };
        self.put(&line.sku, milli, line.unit.as_str(), op);
    }

    /// A thing that is not clear by itself may be clear in this basket.
    fn ask(&mut self, basket: &[Asked], ask: &Ask) {
        let named = |line: &&Asked| ask.candidates.contains(&line.sku);
        let inside: Vec<&Asked> = match ask.candidates.as_slice() {
            // "make it 4": of the only thing there is
            [] if ask.op == Some(Op::Set) => basket.iter().collect(),
            _ => basket.iter().filter(named).collect(),
        };
        let phrase = echo(&ask.phrase);
        match (ask.op, inside.as_slice()) {
            (Some(Op::Remove), [only]) => self.remove(&ask.phrase, std::slice::from_ref(&only.sku)),
            (Some(op), [only]) if ask.reason != Reason::Quantity => {
                let Some(milli) = ask.milli.filter(|milli| possible(*milli)) else {
                    self.problem(format!("how many of \"{phrase}\"?"));
                    return;
                };
                let unit = ask
                    .unit
                    .map_or(only.unit.as_str(), |unit| unit.as_str())
                    .to_owned();
                self.put(&only.sku, milli, &unit, op);
            }
            (Some(Op::Add) | None, []) => self.unclear.push(ask.clone()),
            (Some(Op::Remove), []) => self.problem(format!("\"{phrase}\" is not in this basket")),
            _ if ask.candidates.is_empty() => self.problem(format!("not understood: \"{phrase}\"")),
            _ if ask.candidates.len() > 1 => {
                self.problem(format!("which \"{phrase}\"? Write more of its name or its code"));
            }
            _ => self.problem(format!("how many of \"{phrase}\"?")),
        }
    }

    fn put(&mut self, sku: &str, milli: i64, unit: &str, op: Op) {
        self.any = true;
        if op == Op::Set {
            let at = self.lines.iter().position(|l| l.sku == sku);
            self.lines.retain(|l| l.sku != sku);
            let at = at.unwrap_or(self.lines.len()).min(self.lines.len());
            self.lines.insert(at, asked(sku, milli, unit));
            return;
        }
        let same = |l: &&mut Asked| l.sku == sku && l.unit == unit;
        if let Some(line) = self.lines.iter_mut().find(same)
            && let Ok(before) = line.quantity.parse::<khaacho_money::Quantity>()
            && possible(before.milli().saturating_add(milli))
        {
            line.quantity = decimal(before.milli() + milli);
            return;
        }
        self.lines.push(asked(sku, milli, unit));
    }

    fn remove(&mut self, phrase: &str, skus: &[String]) {
        let inside: Vec<&Asked> = self.lines.iter().filter(|l| skus.contains(&l.sku)).collect();
        let keys: std::collections::BTreeSet<&str> = inside.iter().map(|l| l.sku.as_str()).collect();
        let phrase = echo(phrase);
        match keys.len() {
            0 => self.problem(format!("\"{phrase}\" is not in this basket")),
            1 => {
                self.any = true;
                self.lines.retain(|l| !skus.contains(&l.sku));
            }
            _ => self.problem(format!("which \"{phrase}\"? Write more of its name or its code")),
        }
    }

    fn problem(&mut self, sentence: String) {
        self.problems.push(sentence);
    }
}

fn asked(sku: &str, milli: i64, unit: &str) -> Asked {
    Asked {
        sku: sku.to_owned(),
        quantity: decimal(milli),
        unit: unit.to_owned(),
    }
}
