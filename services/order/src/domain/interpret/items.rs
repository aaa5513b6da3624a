//! Chunks as items: a product, what narrows it, and how much of it.

mod build;
mod lookahead;
mod past;

use super::ideas::Ideas;
use super::quantity::Quantity;

pub use build::items;
pub use past::said as said_before;

/// A word that narrows.
#[derive(Debug, Clone, PartialEq)]
pub enum Narrowing {
    /// Products that the word describes.
    Products(Vec<u32>),
    /// The bigger one or the smaller one, and the products that are called so.
    Size(bool, Vec<u32>),
    /// Sold by weight.
    Loose,
}

/// One thing that is wanted, not wanted, or asked about.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Item {
    /// Mentions of the product, in the order of the text.
    pub mentions: Vec<usize>,
    /// What narrows it.
    pub narrowings: Vec<Narrowing>,
    /// Token after the last word that narrows.
    pub narrowed: Option<usize>,
    /// Words of the phrase when the product is not known.
    pub words: Option<(usize, usize)>,
    /// Quantities and sizes.
    pub quantities: Vec<Quantity>,
    /// Unit without a number.
    pub unit: Option<khaacho_text::Unit>,
    /// Index of the item that it takes its product from.
    pub carried: Option<usize>,
    /// A word that is not understood stands beside the product, so that the product may be another.
    pub doubtful: bool,
    /// Not wanted.
    pub negated: bool,
    /// Another item is an alternative to it.
    pub alternative: bool,
    /// Taken back by a later part of the message.
    pub withdrawn: bool,
    /// Clause in which it begins.
    pub clause: usize,
    /// Sentence in which it begins.
    pub sentence: usize,
    /// First token and the one after the last.
    pub tokens: (usize, usize),
    /// Tokens of the product phrase.
    pub phrase: Option<(usize, usize)>,
    /// A price that stands in it, in paisa.
    pub price_paisa: Option<i64>,
    /// The number before this one was replaced ("from 3 to 5").
    pub replaced: bool,
    /// Stands before "instead".
    pub swapped_out: bool,
}

impl Item {
    /// Whether it names a product.
    pub fn named(&self) -> bool {
        !self.mentions.is_empty() || self.words.is_some() || self.carried.is_some()
    }

    /// Whether a number counts it.
    pub fn counted(&self) -> Option<&Quantity> {
        self.quantities.iter().find(|q| !q.measures())
    }

    /// Whether nothing stands in it.
    pub fn is_empty(&self) -> bool {
        !self.named() && self.narrowings.is_empty() && self.quantities.is_empty() && self.unit.is_none()
    }
}

/// Items and the clauses they stand in.
#[derive(Debug, Default)]
pub struct Parsed {
    pub items: Vec<Item>,
    /// Ideas of each clause.
    pub clauses: Vec<Ideas>,
    /// Whether a question mark ends the sentence of the clause.
    pub asked: Vec<bool>,
    /// Sentence of each clause.
    pub sentences: Vec<usize>,
    /// Tokens that were not understood.
    pub unknown: Vec<(usize, usize)>,
    /// Money that belongs to no item, in paisa.
    pub money: Vec<i64>,
    /// Tokens of that money, one each.
    pub money_at: Vec<(usize, usize)>,
    /// Tokens of money that stands in an item beside another price of it.
    pub spare: Vec<(usize, usize)>,
    /// Plain numbers that no product has.
    pub bare: Vec<Quantity>,
}
