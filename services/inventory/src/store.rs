//! The tables of the service. Only these modules know them.
//!
//! Locks are taken in one order: reservations by id, then stock rows by vendor and product, always
//! `for no key update`. Two orders cannot deadlock, whatever the order of their lines.

pub(crate) mod adjust_stock;
pub(crate) mod aliases;
pub(crate) mod catalogue;
pub(crate) mod consume;
pub(crate) mod create_product;
pub(crate) mod drift;
pub(crate) mod explain_stock;
pub(crate) mod find_aliases;
pub(crate) mod find_vendor;
pub(crate) mod forget_alias;
pub(crate) mod get_product;
pub(crate) mod get_vendor;
pub(crate) mod learn_phrases;
pub(crate) mod list_aliases;
pub(crate) mod list_moves;
pub(crate) mod list_offers;
pub(crate) mod list_products;
pub(crate) mod list_reservations;
pub(crate) mod list_vendors;
pub(crate) mod load_demo;
pub(crate) mod match_products;
mod moves;
mod offers;
mod products;
pub(crate) mod quote_lines;
pub(crate) mod register_vendor;
pub(crate) mod release;
mod reservations;
pub(crate) mod reserve;
pub(crate) mod revoke_alias;
pub(crate) mod search_products;
pub(crate) mod set_alias;
pub(crate) mod set_offer;
pub(crate) mod set_vendor_language;
#[cfg(test)]
mod tests;
pub(crate) mod unmatched_phrases;
mod vendors;

use chrono::{DateTime, Utc};
use khaacho_durable::Tx;
use khaacho_fault::Fault;

/// When, by whom, caused by what, in which trace: what every row of a change carries.
struct Stamp {
    at: DateTime<Utc>,
    actor: String,
    cause: String,
    trace_id: String,
}

impl Stamp {
    fn of(tx: &Tx) -> Self {
        let ctx = tx.ctx();
        Self {
            at: tx.now(),
            actor: ctx.principal().subject.clone(),
            cause: ctx.cause().to_owned(),
            trace_id: ctx.trace().trace_id(),
        }
    }
}

/// A stored text that the program does not know: a newer version of it wrote the row, or a hand did.
fn unreadable(column: &str, text: &str) -> Fault {
    Fault::bug(format!("the column {column} holds {text:?}"))
}
