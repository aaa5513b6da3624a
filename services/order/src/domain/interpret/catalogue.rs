//! What the order service needs to know of the catalogue: the reply to "what does this text mention".

use khaacho_text::{Size, Unit};

/// How a mention was recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    /// The product's key.
    Key,
    /// An alias or a name: it can stand alone.
    Alias,
    /// A word of names, brands or aliases: it narrows what an alias means.
    Word,
}

/// A place in the text and what it can mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// First byte.
    pub start: usize,
    /// Byte after the last one.
    pub end: usize,
    /// How it was recognised.
    pub how: How,
    /// 0–1000; from [`ACCEPT`] on it needs no confirmation.
    pub score: u16,
    /// Indexes into [`Mentions::products`], ascending.
    pub products: Vec<u32>,
    /// There are more products than are listed, so that it never decides a line.
    pub cut: bool,
}

/// From this score on a mention needs no confirmation.
pub const ACCEPT: u16 = 800;
/// As it stands in the catalogue.
pub const EXACT: u16 = 1000;

/// A product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// Key.
    pub sku: String,
    /// Sale unit.
    pub base_unit: Unit,
    /// Unit when none is stated.
    pub default_unit: Unit,
    /// Sale units in the usual pack.
    pub pack_quantity: u32,
    /// Units it can be ordered in, with their sale units.
    pub order_units: Vec<(Unit, u32)>,
    /// Size of one sale unit.
    pub size: Option<Size>,
    /// Other numbers of the name: pages, watts, pieces.
    pub numbers: Vec<i64>,
}

impl Fact {
    /// Sale units in one of `unit`; a counter is the sale unit. `None` when it is not sold so.
    pub fn factor(&self, unit: Unit) -> Option<u32> {
        if unit == Unit::Piece && !self.order_units.iter().any(|(u, _)| *u == unit) {
            return Some(1);
        }
        self.order_units
            .iter()
            .find(|(u, _)| *u == unit)
            .map(|(_, factor)| *factor)
    }

    /// The unit that a line says: a counter is the sale unit.
    pub fn stated(&self, unit: Unit) -> Unit {
        if unit == Unit::Piece { self.base_unit } else { unit }
    }

    /// Whether it is sold by weight.
    pub fn loose(&self) -> bool {
        self.base_unit == Unit::Kg
    }
}

/// Everything a text mentions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mentions {
    /// Products that the mentions mean, in catalogue order.
    pub products: Vec<Fact>,
    /// In the order of the text; they may overlap.
    pub mentions: Vec<Mention>,
}

impl Mentions {
    /// Those of the text from this byte on, which becomes the first one.
    pub fn behind(&self, from: usize) -> Self {
        self.within(from..usize::MAX)
    }

    /// Those of this part of the text, whose first byte becomes the first one.
    pub fn within(&self, part: std::ops::Range<usize>) -> Self {
        let from = part.start;
        let inside = |m: &&Mention| m.start >= from && m.end <= part.end;
        let moved = self.mentions.iter().filter(inside).map(|m| Mention {
            start: m.start - from,
            end: m.end - from,
            ..m.clone()
        });
        Self {
            products: self.products.clone(),
            mentions: moved.collect(),
        }
    }
}
