//! Adds a product to the catalogue.

use chrono::{DateTime, Utc};
use khaacho_durable::Command;
use serde::Serialize;

use super::product::Product;
use super::refusal::Refusal;

/// The command.
#[derive(Debug, Clone, Serialize)]
pub struct CreateProduct {
    /// The product, without flaws; active and with version 1.
    pub product: Product,
}

/// What was seen.
#[derive(Debug, Clone, Copy)]
pub struct Snapshot {
    /// Whether the key is taken.
    pub exists: bool,
}

impl Command for CreateProduct {
    const NAME: &'static str = "CreateProduct";
    type Snapshot = Snapshot;
    type Decision = ();
    type Refusal = Refusal;

    fn decide(&self, seen: Snapshot, _now: DateTime<Utc>) -> Result<(), Refusal> {
        if seen.exists {
            return Err(Refusal::ProductExists(self.product.sku.clone()));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::product::examples::product;
    use crate::domain::unit::Unit;

    #[test]
    fn a_key_is_given_once() {
        let command = CreateProduct {
            product: product("A-1", "A", &[(Unit::Packet, 1)], 1, ""),
        };
        let decide = |exists| command.decide(Snapshot { exists }, DateTime::UNIX_EPOCH);
        assert_eq!(decide(false), Ok(()));
        assert_eq!(
            decide(true),
            Err(Refusal::ProductExists("A-1".parse().expect("a sku")))
        );
    }
}
