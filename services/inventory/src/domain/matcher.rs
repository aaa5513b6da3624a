//! Finds products in free text. An index in memory, built from all active products at once and never changed: names,
//! Devanagari names, brands, sizes, keys and aliases, under the spellings that people use for them.
//!
//! It says what stands where and which products that can mean. What a message asks for is the reader's business.

mod build;
mod find;
mod search;
mod vocabulary;

#[cfg(test)]
mod tests;

use std::collections::HashMap;

use khaacho_text::{Size, Unit};

use vocabulary::Vocabulary;

/// A product as the matcher sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Described {
    /// Key.
    pub sku: String,
    /// Name, with its size.
    pub name: String,
    /// Name in Nepali; may be empty.
    pub name_ne: String,
    /// Brand; empty for none.
    pub brand: String,
    /// Spellings that people type.
    pub aliases: Vec<String>,
    /// Sale unit.
    pub base_unit: Unit,
    /// Unit when none is stated.
    pub default_unit: Unit,
    /// Sale units in the usual pack.
    pub pack_quantity: u32,
    /// Units it can be ordered in, with their sale units.
    pub order_units: Vec<(Unit, u32)>,
}

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
    /// 0–1000: 1000 as it stands in the catalogue, [`ACCEPT`] and more for other spellings of it, less for guesses.
    pub score: u16,
    /// Indexes into [`Found::products`], ascending.
    pub products: Vec<u32>,
    /// There are more products than are listed.
    pub cut: bool,
}

/// A product as the reader of mentions needs it.
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
    /// Size of one sale unit, as the name says it.
    pub size: Option<Size>,
    /// Other numbers of the name: pages, watts, pieces.
    pub numbers: Vec<i64>,
}

/// Everything a text mentions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// Products that the mentions mean.
    pub products: Vec<Fact>,
    /// In the order of the text; they may overlap, the reader chooses.
    pub mentions: Vec<Mention>,
}

/// From this score on a mention needs no confirmation.
pub const ACCEPT: u16 = 800;
/// Below this score nothing is reported.
pub const REPORT: u16 = 500;
/// Most products listed for one mention.
const LISTED_MAX: usize = 200;
/// Most mentions of one text.
const MENTIONS_MAX: usize = 1_000;

/// The index.
#[derive(Debug, Default)]
pub struct Matcher {
    products: Vec<Described>,
    facts: Vec<Fact>,
    by_key: HashMap<String, u32>,
    vocabulary: Vocabulary,
    /// (phrase so far, next word) → longer phrase. Phrase 0 is empty.
    steps: HashMap<(u32, u32), u32>,
    /// Products of each phrase; none when it is only a beginning.
    phrases: Vec<Phrase>,
    /// Products that each word describes.
    by_word: Vec<Vec<u32>>,
}

#[derive(Debug, Default)]
struct Phrase {
    alias: Vec<u32>,
    /// An alias with its two words turned round.
    turned: bool,
    /// Only narrows: `120 page`.
    narrows: Vec<u32>,
}

impl Matcher {
    /// Number of products.
    pub fn len(&self) -> usize {
        self.products.len()
    }

    /// What the readers of mentions need of the product with this key.
    pub fn fact(&self, sku: &str) -> Option<&Fact> {
        let at = self.by_key.get(&sku.to_lowercase())?;
        self.facts.get(*at as usize)
    }

    /// Whether there is no product.
    pub fn is_empty(&self) -> bool {
        self.products.is_empty()
    }
}
