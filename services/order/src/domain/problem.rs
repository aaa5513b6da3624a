//! What is wrong with a list, as facts: whoever tells it finds the words.

use serde::{Deserialize, Serialize};

/// One thing that is wrong with a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Problem {
    /// One message names more things than are read.
    TooMany {
        /// The most.
        limit: usize,
    },
    /// The list would get longer than lists may be.
    ListTooLong {
        /// The most.
        limit: usize,
    },
    /// A phrase that is no product.
    Unknown {
        /// The words.
        phrase: String,
        /// Names of near products.
        near: Vec<String>,
    },
    /// A quantity that nobody can order.
    NotPossible {
        /// The quantity.
        quantity: String,
        /// The words for the product.
        phrase: String,
    },
    /// Something in it is not possible, and nobody says what.
    Impossible {},
    /// What is to be taken out is not in the basket.
    NotInBasket {
        /// The words.
        phrase: String,
    },
    /// What is to be taken out may be several things, or none.
    UnclearRemoval {
        /// The words.
        phrase: String,
    },
    /// The catalogue has no such product.
    NoProduct {
        /// What was given as one.
        name: String,
    },
    /// It is not sold in this unit.
    UnitNotSold {
        /// Product.
        name: String,
        /// The unit; empty when none was named.
        unit: String,
    },
    /// Parts of it are not sold.
    WholeOnly {
        /// Product.
        name: String,
        /// Quantity, in `unit`.
        quantity: String,
        /// Unit.
        unit: String,
    },
    /// Everybody who has it sells only more of it.
    BelowMinimum {
        /// Product.
        name: String,
        /// The least, in sale units.
        limit: u32,
    },
}
