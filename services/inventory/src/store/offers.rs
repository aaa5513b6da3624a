//! Rows of offers with their stock.

use khaacho_money::{Paisa, Quantity};
use sqlx::FromRow;
use uuid::Uuid;

use crate::domain::offer::{Offer, Terms};
use crate::domain::sku::Sku;

/// `select` of offers with their stock from `inventory.offer o`; a condition and an order follow.
macro_rules! select_offers {
    ($rest:literal) => {
        concat!(
            "select o.vendor_id, o.sku, o.price_paisa, o.lead_time_days, o.minimum_quantity, o.active, ",
            "o.version, coalesce(s.on_hand_milli, 0) as on_hand_milli, coalesce(s.reserved_milli, 0) as reserved_milli ",
            "from inventory.offer o ",
            "left join inventory.stock s on s.vendor_id = o.vendor_id and s.sku = o.sku ",
            $rest
        )
    };
}
pub(super) use select_offers;

/// An offer as it is stored.
#[derive(Debug, FromRow)]
pub(super) struct OfferRow {
    vendor_id: Uuid,
    sku: String,
    price_paisa: i64,
    lead_time_days: i32,
    minimum_quantity: i32,
    active: bool,
    version: i64,
    on_hand_milli: i64,
    reserved_milli: i64,
}

impl From<OfferRow> for Offer {
    fn from(row: OfferRow) -> Self {
        Self {
            vendor_id: row.vendor_id.into(),
            sku: Sku::stored(row.sku),
            terms: Terms {
                price: Paisa::new(row.price_paisa),
                lead_time_days: row.lead_time_days.unsigned_abs(),
                minimum_quantity: row.minimum_quantity.unsigned_abs(),
                active: row.active,
            },
            on_hand: Quantity::from_milli(row.on_hand_milli),
            reserved: Quantity::from_milli(row.reserved_milli),
            version: row.version,
        }
    }
}
