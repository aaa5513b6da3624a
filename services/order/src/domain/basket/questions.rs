//! Questions about a phrase, one after the other, and what their answers make of it.

use khaacho_money::Quantity;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::goods::{Goods, add};
use crate::domain::Asked;
use crate::domain::echo::echo;
use crate::domain::interpret::Amount;

/// Why something is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// Several products fit, or one that is not certain.
    #[default]
    Product,
    /// No product is; the options are near ones, and there may be none.
    Unknown,
    /// It is not sold in the stated unit.
    Unit,
    /// Part of a sale unit.
    Fraction,
    /// No quantity, a range, or one that cannot be.
    Quantity,
    /// Too little of it is there: the options can stand in for it.
    Short,
}

/// A phrase that is not clear yet.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Open {
    /// The words.
    pub phrase: String,
    /// Quantity; empty when it has to be asked.
    pub quantity: String,
    /// Unit; empty for each product's default.
    pub unit: String,
    /// Possible products.
    pub options: Vec<Goods>,
    /// How many more there are.
    #[serde(default)]
    pub more: usize,
    /// How many lines stand before it in what the shop wrote; `None` in states of before that was kept: its line
    /// comes last.
    #[serde(default)]
    pub at: Option<usize>,
    /// Why it is asked.
    #[serde(default)]
    pub why: Why,
    /// Quantities that are near what was written, in `unit`.
    #[serde(default)]
    pub amounts: Vec<String>,
    /// Takes the place of a line of its product.
    #[serde(default)]
    pub sets: bool,
    /// What the shop called the product before that was clear.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub called: Vec<String>,
    /// Thousandths of each option's sale unit, where the options have quantities of their own; 0 asks for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub each: Vec<i64>,
}

/// An answer to a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// A number alone: the n-th product, from 1, or so many of the only one.
    Number(usize),
    /// The n-th of what was shown, from 1: tapped, or said in words.
    Row(usize),
    /// A quantity.
    Amount(Amount),
    /// One of the options by its key, with a quantity when one was said too.
    Product(String, Option<Amount>),
    /// Leave it out.
    Skip,
}

/// What an answer makes of a phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settled {
    /// A line.
    Line(Asked, Goods),
    /// Another question about it.
    Again(Open),
    /// Nothing: it is left out.
    Gone,
}

impl Open {
    /// Whether it is asked which product is meant; otherwise how much of the only one.
    pub fn asks_product(&self) -> bool {
        matches!(self.why, Why::Product | Why::Unknown | Why::Short) || self.options.len() != 1
    }

    /// What the answer makes of it; `None` when it fits nothing.
    pub fn answered(&self, answer: &Answer) -> Option<Settled> {
        match answer {
            Answer::Skip => Some(Settled::Gone),
            Answer::Number(n) | Answer::Row(n) if self.asks_product() => {
                let chosen = self.options.get(n.checked_sub(1)?)?;
                Some(self.chosen(chosen, None))
            }
            Answer::Row(n) => {
                let text = self.amounts.get(n.checked_sub(1)?)?;
                let milli = text.parse::<Quantity>().ok()?.milli();
                self.counted(Amount { milli, unit: None })
            }
            Answer::Number(n) => {
                let milli = i64::try_from(*n).ok()?.checked_mul(1000)?;
                self.counted(Amount { milli, unit: None })
            }
            Answer::Amount(amount) if !self.asks_product() => self.counted(*amount),
            Answer::Amount(_) => None,
            Answer::Product(sku, amount) => {
                let chosen = self.options.iter().find(|o| o.sku == *sku)?;
                Some(self.chosen(chosen, *amount))
            }
        }
    }

    /// The product is known; the quantity may be.
    pub fn chosen(&self, goods: &Goods, stated: Option<Amount>) -> Settled {
        let own = self.quantity.parse::<Quantity>().ok().map(Quantity::milli);
        let (milli, unit) = match (stated, self.each_of(goods)) {
            (Some(stated), _) => (Some(stated.milli), stated.unit.map(|u| u.as_str())),
            (None, Some(each)) => (Some(each), Some(goods.sale_unit())),
            (None, None) => (own, None),
        };
        let unit = unit.unwrap_or(&self.unit);
        let called = self.called_so_far();
        let why = match milli.map(|milli| goods.line(milli, Some(unit))) {
            Some(Ok(line)) => return Settled::Line(Asked { called, ..line }, goods.clone()),
            Some(Err(why)) => why,
            None => Why::Quantity,
        };
        let sold = unit.is_empty() || goods.factor(unit).is_some();
        Settled::Again(Self {
            called,
            each: Vec::new(),
            quantity: String::new(),
            unit: if sold { unit.to_owned() } else { String::new() },
            options: vec![goods.clone()],
            more: 0,
            why,
            ..self.clone()
        })
    }

    /// The same question with these of its options only. Quantities of their own stay with them.
    pub fn narrowed(&self, skus: &[String]) -> Self {
        let kept = |at: &usize| self.options.get(*at).is_some_and(|o| skus.contains(&o.sku));
        let kept: Vec<usize> = (0..self.options.len()).filter(kept).collect();
        Self {
            options: kept
                .iter()
                .filter_map(|at| self.options.get(*at))
                .cloned()
                .collect(),
            each: kept.iter().filter_map(|at| self.each.get(*at)).copied().collect(),
            more: 0,
            ..self.clone()
        }
    }

    /// The option's own quantity.
    fn each_of(&self, goods: &Goods) -> Option<i64> {
        let at = self.options.iter().position(|o| o.sku == goods.sku)?;
        self.each.get(at).copied().filter(|milli| *milli > 0)
    }

    /// What the shop called the product. What stands in for another is not called like it.
    pub fn called_so_far(&self) -> Vec<String> {
        let mut called = self.called.clone();
        let named = matches!(self.why, Why::Product | Why::Unknown) && !self.phrase.is_empty();
        if named && !called.contains(&self.phrase) {
            called.push(self.phrase.clone());
        }
        called
    }

    /// The quantity of the only product.
    fn counted(&self, amount: Amount) -> Option<Settled> {
        let goods = self.options.first()?;
        let unit = amount.unit.map_or(self.unit.as_str(), |u| u.as_str());
        Some(match goods.line(amount.milli, Some(unit)) {
            Ok(line) => {
                let called = self.called.clone();
                Settled::Line(Asked { called, ..line }, goods.clone())
            }
            Err(why) => Settled::Again(Self { why, ..self.clone() }),
        })
    }
}

/// Puts what became of the first question to the lines: the lines then, and the questions that are left.
pub fn settle(lines: &[Asked], open: &[Open], settled: Settled) -> (Vec<Asked>, Vec<Open>) {
    let Some((first, rest)) = open.split_first() else {
        return (lines.to_vec(), Vec::new());
    };
    let (mut lines, mut rest) = (lines.to_vec(), rest.to_vec());
    // A line that does not come leaves those behind it one place further in front.
    let closer = |rest: &mut Vec<Open>| {
        rest.iter_mut()
            .for_each(|open| open.at = open.at.map(|at| at.saturating_sub(1)));
    };
    match settled {
        Settled::Gone => closer(&mut rest),
        Settled::Again(question) => rest.insert(0, question),
        Settled::Line(line, goods) => {
            if first.sets {
                lines.retain(|known| known.sku != line.sku);
            }
            // Questions are answered in their order, so every line that stands before this one is there by now.
            let (at, before) = (first.at.unwrap_or(lines.len()), lines.len());
            add(&mut lines, at, line, Some(&goods));
            if lines.len() == before {
                closer(&mut rest);
            }
        }
    }
    (lines, rest)
}

/// Variables of the question which product is meant; `asked` is what its rows name.
pub fn question(open: &Open, asked: Option<&str>) -> serde_json::Value {
    let option = |(i, g): (usize, &Goods)| {
        let each = open.each_of(g);
        json!({
            "n": i + 1, "sku": g.sku, "name": g.name, "price_paisa": g.price_paisa,
            "quantity": each.map(|milli| Quantity::from_milli(milli).to_string()),
            "unit": each.map(|_| g.sale_unit()),
        })
    };
    let options: Vec<_> = open.options.iter().enumerate().map(option).collect();
    let instead = open.why == Why::Short;
    json!({
        "phrase": echo(&open.phrase), "question": asked, "options": options, "more": open.more, "instead": instead,
    })
}
