//! Products as a conversation keeps them, and lines of them.

use std::collections::BTreeMap;

use khaacho_money::Quantity;
use khaacho_text::Unit;
use serde::{Deserialize, Serialize};

use super::Why;
use crate::domain::Asked;

/// Largest quantity of one line, in thousandths of the sale unit: a million.
const MILLI_MAX: i64 = 1_000_000_000;

/// Products by key.
pub type Shelf = BTreeMap<String, Goods>;

/// A unit that a product is sold in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SoldIn {
    /// Canonical unit.
    pub unit: String,
    /// Sale units in it.
    pub factor: u32,
}

/// A product that somebody may mean.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Goods {
    /// Product.
    pub sku: String,
    /// Name.
    pub name: String,
    /// Lowest price of a sale unit, in paisa; 0 when nobody offers it.
    pub price_paisa: i64,
    /// Most that one vendor has now, thousandths of the sale unit. Not kept with a question: it would be of yesterday.
    #[serde(skip)]
    pub available_milli: i64,
    /// Unit when none is stated; empty in states of before it was kept.
    #[serde(default)]
    pub default_unit: String,
    /// Units it is sold in; empty in states of before they were kept: then the catalogue decides later.
    #[serde(default)]
    pub units: Vec<SoldIn>,
}

impl Goods {
    /// Sale units in one of `unit`.
    pub fn factor(&self, unit: &str) -> Option<u32> {
        self.units.iter().find(|u| u.unit == unit).map(|u| u.factor)
    }

    /// The smallest thing that can be ordered.
    pub fn sale_unit(&self) -> &str {
        let smallest = self.units.iter().find(|u| u.factor == 1);
        smallest.map_or(self.default_unit.as_str(), |u| u.unit.as_str())
    }

    /// Whether parts of a sale unit are sold.
    fn loose(&self) -> bool {
        self.sale_unit() == Unit::Kg.as_str()
    }

    /// So much of it as a line.
    ///
    /// # Errors
    /// Why it cannot be one: not sold in that unit, part of a sale unit, or more than anybody can order.
    pub fn line(&self, milli: i64, unit: Option<&str>) -> Result<Asked, Why> {
        let unit = unit.filter(|unit| !unit.is_empty());
        if self.units.is_empty() {
            return Ok(self.asked(milli, unit.unwrap_or(&self.default_unit)));
        }
        let grams = unit == Some(Unit::Gram.as_str()) && self.loose() && milli % 1000 == 0;
        if grams {
            return self.line(milli / 1000, Some(Unit::Kg.as_str()));
        }
        let stated = unit.unwrap_or(&self.default_unit);
        // one each, whatever that is
        let counter = stated == Unit::Piece.as_str() && self.factor(stated).is_none();
        let stated = if counter { self.sale_unit() } else { stated };
        let factor = self.factor(stated).ok_or(Why::Unit)?;
        let sale = milli
            .checked_mul(i64::from(factor))
            .filter(|sale| (1..=MILLI_MAX).contains(sale))
            .ok_or(Why::Quantity)?;
        if sale % 1000 != 0 && !self.loose() {
            return Err(Why::Fraction);
        }
        Ok(self.asked(milli, stated))
    }

    fn asked(&self, milli: i64, unit: &str) -> Asked {
        Asked {
            sku: self.sku.clone(),
            quantity: Quantity::from_milli(milli).to_string(),
            unit: unit.to_owned(),
            called: Vec::new(),
        }
    }

    /// How it is sold, for people: `carton of 30, packet`.
    pub fn sold_in(&self) -> String {
        let told = self.units.iter().map(|u| match u.factor {
            1 => u.unit.clone(),
            factor => format!("{} of {factor}", u.unit),
        });
        told.collect::<Vec<_>>().join(", ")
    }
}

/// Thousandths of a line's unit; nothing when it is no number, which no line of ours is.
pub fn milli(line: &Asked) -> i64 {
    line.quantity.parse::<Quantity>().map_or(0, Quantity::milli)
}

/// Adds a line to a list: more of a product that stands there already is one line with it.
pub fn add(lines: &mut Vec<Asked>, at: usize, line: Asked, goods: Option<&Goods>) {
    let known = lines.iter_mut().find(|known| known.sku == line.sku);
    let Some(known) = known else {
        let at = at.min(lines.len());
        return lines.insert(at, line);
    };
    known.called.extend(line.called.iter().cloned());
    if known.unit == line.unit {
        let sum = milli(known).saturating_add(milli(&line));
        known.quantity = Quantity::from_milli(sum).to_string();
        return;
    }
    let in_sale_units = |line: &Asked| {
        let factor = goods.and_then(|g| g.factor(&line.unit))?;
        milli(line).checked_mul(i64::from(factor))
    };
    match (in_sale_units(known), in_sale_units(&line), goods) {
        (Some(before), Some(more), Some(goods)) => {
            known.quantity = Quantity::from_milli(before.saturating_add(more)).to_string();
            known.unit = goods.sale_unit().to_owned();
        }
        // Units of before they were kept: whoever reserves adds the lines up.
        _ => lines.push(Asked {
            called: Vec::new(),
            ..line
        }),
    }
}
