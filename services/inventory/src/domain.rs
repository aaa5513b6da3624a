//! The nouns of the service and every decision about them: synchronous and pure.

pub mod adjust_stock;
pub mod alias;
pub mod alternatives;
pub mod catalogue_index;
pub mod consume;
pub mod create_product;
pub mod flaw;
pub mod forget_alias;
pub mod import;
pub mod learn_phrases;
pub mod load_demo;
pub mod matcher;
pub mod offer;
pub mod product;
pub mod quote_lines;
pub mod refusal;
pub mod register_vendor;
pub mod release;
pub mod reservation;
pub mod reserve;
pub mod revoke_alias;
pub mod set_alias;
pub mod set_offer;
pub mod set_vendor_language;
pub mod size;
pub mod sku;
pub mod stock;
pub mod unit;
pub mod vendor;
pub mod words;

/// Most lines of a basket and of a reservation: one order fits one set of row locks.
pub const LINES_MAX: usize = 100;

/// Most of an order unit that one line may ask for. Every product of it with a factor and a price stays far
/// inside 64 bits.
pub const QUANTITY_MAX_UNITS: i64 = 1_000_000;
