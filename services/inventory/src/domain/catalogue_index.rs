//! The catalogue in memory: finds the products that words mean. Built from all active products at once and
//! never changed; a new catalogue is a new index.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use super::matcher::{Described, Fact, Found, Matcher};
use super::product::Product;
use super::size::Size;
use super::sku::Sku;
use super::unit::Unit;
use super::words;

mod alternatives;
mod matching;
mod near;
#[cfg(test)]
mod tests;

pub use matching::{Candidate, Match, Phrase, StatedUnit};

/// The index.
#[derive(Debug, Default)]
pub struct CatalogueIndex {
    version: i64,
    /// By key, ascending.
    entries: Vec<Entry>,
    by_sku: HashMap<Sku, usize>,
    /// Normalised alias or name → products.
    by_alias: BTreeMap<String, Vec<usize>>,
    /// Words of the longest alias.
    alias_words_max: usize,
    /// Finds products in whole messages, and while somebody types.
    matcher: Matcher,
}

/// One product with what it is compared by.
#[derive(Debug)]
struct Entry {
    product: Arc<Product>,
    /// Words of name, brand and aliases: what narrows a choice.
    words: HashSet<String>,
    size: Option<Size>,
}

impl Entry {
    fn is_loose(&self) -> bool {
        self.product.base_unit == Unit::Kg
    }
}

impl CatalogueIndex {
    /// Indexes the active products; `version` tells this catalogue from later ones.
    pub fn build(version: i64, mut products: Vec<Product>) -> Self {
        products.retain(|product| product.active);
        products.sort_by(|a, b| a.sku.cmp(&b.sku));
        let mut index = Self {
            version,
            ..Self::default()
        };
        index.matcher = Matcher::build(products.iter().map(Described::from).collect());
        for product in products {
            index.add(product);
        }
        index
    }

    fn add(&mut self, product: Product) {
        let at = self.entries.len();
        let mut entry_words: HashSet<String> = words::words(&product.brand).into_iter().collect();
        for phrase in phrases(&product) {
            entry_words.extend(phrase.split(' ').map(str::to_owned));
            self.alias_words_max = self.alias_words_max.max(phrase.split(' ').count());
            self.by_alias.entry(phrase).or_default().push(at);
        }
        self.by_sku.insert(product.sku.clone(), at);
        let size = product.size();
        self.entries.push(Entry {
            product: Arc::new(product),
            words: entry_words,
            size,
        });
    }

    /// The middle of the products' usual prices of a sale unit, in paisa; 0 of an empty catalogue.
    pub fn median_price(&self) -> i64 {
        let prices = self.entries.iter().map(|e| e.product.typical_wholesale.paisa());
        let mut prices: Vec<i64> = prices.filter(|price| *price > 0).collect();
        prices.sort_unstable();
        prices.get(prices.len() / 2).copied().unwrap_or(0)
    }

    /// What the readers of mentions need of a product.
    pub fn fact(&self, sku: &Sku) -> Option<&Fact> {
        self.matcher.fact(sku.as_str())
    }

    /// Version of the catalogue that was indexed.
    pub fn version(&self) -> i64 {
        self.version
    }

    /// Number of products.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is no product at all.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Products that every word of the query fits, as a whole word, its beginning or with a slip of the finger; best
    /// first, at most `limit`.
    pub fn search(&self, query: &str, limit: usize) -> Vec<Arc<Product>> {
        let found = self.matcher.search(query, limit);
        let product = |described: &Described| self.product(&described.sku);
        found.into_iter().filter_map(product).collect()
    }

    /// What a message mentions.
    pub fn find(&self, text: &str) -> Found {
        self.matcher.find(text)
    }

    /// The product with this key.
    pub fn product(&self, sku: &str) -> Option<Arc<Product>> {
        let sku = sku.parse::<Sku>().ok()?;
        self.by_sku.get(&sku).map(|at| self.entries[*at].product.clone())
    }
}

/// Normalised aliases and names of a product.
fn phrases(product: &Product) -> BTreeSet<String> {
    let mut phrases: BTreeSet<String> = product.aliases.iter().map(|alias| words::key(alias)).collect();
    phrases.extend([words::key(product.short_name()), words::key(&product.name_ne)]);
    phrases.remove("");
    phrases
}

impl From<&Product> for Described {
    fn from(product: &Product) -> Self {
        let order_units = product.order_units.iter().map(|u| (text_unit(u.unit), u.factor));
        Self {
            sku: product.sku.to_string(),
            name: product.name.clone(),
            name_ne: product.name_ne.clone(),
            brand: product.brand.clone(),
            aliases: product.aliases.clone(),
            base_unit: text_unit(product.base_unit),
            default_unit: text_unit(product.default_unit()),
            pack_quantity: product.pack_quantity,
            order_units: order_units.collect(),
        }
    }
}

/// The unit as the readers of text know it. Both have the same canonical words; a test holds them together.
fn text_unit(unit: Unit) -> khaacho_text::Unit {
    khaacho_text::Unit::of_canonical(unit.as_str()).unwrap_or(khaacho_text::Unit::Piece)
}
