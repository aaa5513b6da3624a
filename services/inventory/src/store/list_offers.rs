use khaacho_fault::Fault;
use khaacho_ids::VendorId;
use khaacho_pg::Db;
use uuid::Uuid;

use super::offers::{OfferRow, select_offers};
use crate::domain::offer::Offer;
use crate::domain::sku::Sku;

pub(super) const ALL: &str =
    select_offers!("where (o.vendor_id, o.sku) > ($1, $2) order by o.vendor_id, o.sku limit $3");
pub(super) const OF_VENDOR: &str =
    select_offers!("where o.vendor_id = $1 and o.sku > $2 order by o.sku limit $3");
pub(super) const OF_PRODUCT: &str =
    select_offers!("where o.sku = $2 and o.vendor_id > $1 order by o.vendor_id limit $3");
pub(super) const ONE: &str = select_offers!("where o.vendor_id = $1 and o.sku = $2 limit $3");

/// Which offers, and behind which one.
#[derive(Debug, Clone)]
pub(crate) struct Wanted<'a> {
    /// Only this vendor's.
    pub(crate) vendor: Option<VendorId>,
    /// Only of this product.
    pub(crate) sku: Option<&'a Sku>,
    /// Vendor and product of the last offer of the page before.
    pub(crate) after: Option<(VendorId, &'a Sku)>,
}

/// At most `limit` offers by vendor and product.
pub(crate) async fn page(db: &Db, wanted: &Wanted<'_>, limit: i64) -> Result<Vec<Offer>, Fault> {
    let after_vendor = wanted.after.map_or(Uuid::nil(), |(vendor, _)| vendor.uuid());
    let after_sku = wanted.after.map_or("", |(_, sku)| sku.as_str());
    let (statement, vendor, sku) = match (wanted.vendor, wanted.sku) {
        (None, None) => (ALL, after_vendor, after_sku),
        (Some(vendor), None) => (OF_VENDOR, vendor.uuid(), after_sku),
        (None, Some(sku)) => (OF_PRODUCT, after_vendor, sku.as_str()),
        (Some(_), Some(_)) if wanted.after.is_some() => return Ok(Vec::new()),
        (Some(vendor), Some(sku)) => (ONE, vendor.uuid(), sku.as_str()),
    };
    let rows = sqlx::query_as::<_, OfferRow>(statement)
        .bind(vendor)
        .bind(sku)
        .bind(limit)
        .fetch_all(db.pool());
    Ok(rows.await?.into_iter().map(Offer::from).collect())
}
