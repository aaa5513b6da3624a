use khaacho_fault::Fault;
use khaacho_money::{Paisa, Quantity};
use khaacho_pg::Db;
use sqlx::FromRow;
use uuid::Uuid;

use super::vendors::VendorRow;
use crate::domain::quote_lines::Price;
use crate::domain::sku::Sku;
use crate::domain::vendor::Vendor;

/// Everything that anybody offers or has offered of the products. Withdrawn offers count for the version
/// only. At most a basket of a hundred products at a thousand vendors. Not ordered here: an order by the vendors' code lets a planner without statistics walk through all vendors.
pub(super) const OFFERS: &str = "\
select v.*, o.sku, o.price_paisa, o.lead_time_days, o.minimum_quantity, o.version as offer_version,
    o.active and v.active as offered, coalesce(s.on_hand_milli - s.reserved_milli, 0) as available_milli
from inventory.offer o
join inventory.vendor v on v.vendor_id = o.vendor_id
left join inventory.stock s on s.vendor_id = o.vendor_id and s.sku = o.sku
where o.sku = any($1)
limit 100000";

#[derive(Debug, FromRow)]
struct Row {
    #[sqlx(flatten)]
    vendor: VendorRow,
    vendor_id: Uuid,
    sku: String,
    price_paisa: i64,
    lead_time_days: i32,
    minimum_quantity: i32,
    offer_version: i64,
    offered: bool,
    available_milli: i64,
}

/// What the vendors ask for some products.
#[derive(Debug, Default)]
pub(crate) struct Offered {
    /// Active vendors by code, each with at least one active offer.
    pub(crate) vendors: Vec<(Vendor, Vec<Price>)>,
    /// Sum of the versions of all offers of the products: every change of one makes it larger.
    pub(crate) version: i64,
}

/// Prices and stock of the products at all active vendors, in one query.
pub(crate) async fn offered(db: &Db, skus: &[&Sku]) -> Result<Offered, Fault> {
    let skus: Vec<&str> = skus.iter().map(|sku| sku.as_str()).collect();
    let mut rows: Vec<Row> = sqlx::query_as(OFFERS).bind(skus).fetch_all(db.pool()).await?;
    rows.sort_by(|a, b| (&a.vendor.code, &a.sku).cmp(&(&b.vendor.code, &b.sku)));
    let mut found = Offered::default();
    let mut last = None;
    for row in rows {
        found.version = found.version.saturating_add(row.offer_version);
        if !row.offered {
            continue;
        }
        let price = Price {
            sku: Sku::stored(row.sku),
            price: Paisa::new(row.price_paisa),
            lead_time_days: row.lead_time_days.unsigned_abs(),
            minimum_quantity: row.minimum_quantity.unsigned_abs(),
            available: Quantity::from_milli(row.available_milli),
        };
        if last != Some(row.vendor_id) {
            found.vendors.push((row.vendor.try_into()?, Vec::new()));
            last = Some(row.vendor_id);
        }
        if let Some((_, prices)) = found.vendors.last_mut() {
            prices.push(price);
        }
    }
    Ok(found)
}
