//! The catalogue in memory: finds the products that words mean. Built from all active products at once and
//! never changed; a new catalogue is a new index.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use super::product::Product;
use super::size::Size;
use super::sku::Sku;
use super::unit::Unit;
use super::words;

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
    /// Word of a key, name, brand or alias → products.
    by_word: BTreeMap<String, Vec<usize>>,
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
        for product in products {
            index.add(product);
        }
        index
    }

    fn add(&mut self, product: Product) {
        let at = self.entries.len();
        let mut phrases: BTreeSet<String> = product.aliases.iter().map(|alias| words::key(alias)).collect();
        phrases.extend([words::key(product.short_name()), words::key(&product.name_ne)]);
        phrases.remove("");
        let mut entry_words: HashSet<String> = words::words(&product.brand).into_iter().collect();
        for phrase in phrases {
            entry_words.extend(phrase.split(' ').map(str::to_owned));
            self.alias_words_max = self.alias_words_max.max(phrase.split(' ').count());
            self.by_alias.entry(phrase).or_default().push(at);
        }
        let key_words = words::words(product.sku.as_str());
        let all: BTreeSet<&String> = entry_words.iter().chain(&key_words).collect();
        for word in all {
            self.by_word.entry(word.clone()).or_default().push(at);
        }
        self.by_sku.insert(product.sku.clone(), at);
        let size = product.size();
        self.entries.push(Entry {
            product: Arc::new(product),
            words: entry_words,
            size,
        });
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

    /// Products of which every word of the query begins a word (or that have the key), best first, at most
    /// `limit`.
    pub fn search(&self, query: &str, limit: usize) -> Vec<Arc<Product>> {
        let wanted = words::words(query);
        let Some(first) = wanted.first() else {
            return Vec::new();
        };
        let key: Option<usize> = query
            .parse::<Sku>()
            .ok()
            .and_then(|sku| self.by_sku.get(&sku).copied());
        let found: BTreeSet<usize> = key.into_iter().chain(self.beginning_with(first)).collect();
        let mut ranked: Vec<(u32, usize)> = found
            .into_iter()
            .filter_map(|at| {
                if key == Some(at) {
                    return Some((u32::MAX, at));
                }
                let each = wanted.iter().map(|word| self.rank(at, word));
                each.sum::<Option<u32>>().map(|rank| (rank, at))
            })
            .collect();
        ranked.sort_by_key(|(rank, at)| (std::cmp::Reverse(*rank), *at));
        ranked
            .into_iter()
            .take(limit)
            .map(|(_, at)| self.entries[at].product.clone())
            .collect()
    }

    /// Products that have a word with this beginning.
    fn beginning_with<'a>(&'a self, start: &'a str) -> impl Iterator<Item = usize> + 'a {
        let from = self
            .by_word
            .range::<str, _>((std::ops::Bound::Included(start), std::ops::Bound::Unbounded));
        from.take_while(move |(word, _)| word.starts_with(start))
            .flat_map(|(_, at)| at.iter().copied())
    }

    /// How well one word of a query fits: a whole word better than its beginning, `None` not at all.
    fn rank(&self, at: usize, word: &str) -> Option<u32> {
        let entry = &self.entries[at];
        if entry.words.contains(word) {
            return Some(10);
        }
        let key = entry.product.sku.as_str().to_ascii_lowercase();
        let begins =
            entry.words.iter().any(|w| w.starts_with(word)) || key.split('-').any(|w| w.starts_with(word));
        begins.then_some(3)
    }
}
