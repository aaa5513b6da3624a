//! Products of the same kind.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::{CatalogueIndex, Entry, phrases};
use crate::domain::alternatives::{Pack, as_much, distance};
use crate::domain::product::Product;
use crate::domain::sku::Sku;

/// Products of the same kind that are looked at.
const LOOKED_AT_MAX: usize = 200;

impl Entry {
    fn pack(&self) -> Pack {
        Pack {
            size: self.size,
            base_unit: self.product.base_unit,
        }
    }
}

impl CatalogueIndex {
    /// Products of the same category that people call by the same names, the nearest first: most names in common, then
    /// size, then brand. Each with as much of it as `milli` of the product is, when its size gives a whole number.
    pub fn alternatives(&self, sku: &Sku, milli: i64) -> Vec<(Arc<Product>, Option<i64>)> {
        let Some(own) = self.by_sku.get(sku).copied() else {
            return Vec::new();
        };
        let wanted = &self.entries[own];
        let mut common: BTreeMap<usize, usize> = BTreeMap::new();
        for phrase in phrases(&wanted.product) {
            for at in self.by_alias.get(&phrase).into_iter().flatten() {
                *common.entry(*at).or_default() += 1;
            }
        }
        common.remove(&own);
        common.retain(|at, _| self.entries[*at].product.category == wanted.product.category);
        let mut ranked: Vec<(usize, usize)> = common.into_iter().collect();
        ranked.sort_by_key(|(at, names)| {
            let other = &self.entries[*at];
            let brand = other.product.brand != wanted.product.brand;
            (Reverse(*names), distance(wanted.pack(), other.pack()), brand, *at)
        });
        let stand_in = |(at, _): (usize, usize)| {
            let other = &self.entries[at];
            (other.product.clone(), as_much(milli, wanted.pack(), other.pack()))
        };
        ranked.into_iter().take(LOOKED_AT_MAX).map(stand_in).collect()
    }
}
