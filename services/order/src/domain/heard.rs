//! What the catalogue finds in a message, and what people are told about the products.

use std::collections::BTreeMap;

use super::basket::Product;
use super::interpret::Mentions;

/// Answer of the catalogue to a whole message.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Heard {
    /// What stands where, for the reader of the message.
    pub mentions: Mentions,
    /// The products that are mentioned, by key.
    pub products: BTreeMap<String, Product>,
}

impl Heard {
    /// The product; by its key alone when nothing else is known of it.
    pub fn product(&self, sku: &str) -> Product {
        self.products.get(sku).cloned().unwrap_or_else(|| Product {
            sku: sku.to_owned(),
            name: sku.to_owned(),
            ..Product::default()
        })
    }
}
