use chrono::{DateTime, Utc};
use khaacho_fault::Fault;
use khaacho_ids::VendorId;
use khaacho_pg::Db;
use sqlx::FromRow;
use uuid::Uuid;

use crate::domain::sku::Sku;

pub(super) const PAGE: &str = "\
select m.* from inventory.stock_move m
where m.vendor_id = $1 and m.sku = $2 and m.seq < $3
order by m.seq desc
limit $4";

/// A move of stock as it is stored.
#[derive(Debug, FromRow)]
pub(crate) struct MoveRow {
    pub(crate) vendor_id: Uuid,
    pub(crate) sku: String,
    pub(crate) seq: i64,
    pub(crate) kind: String,
    pub(crate) on_hand_delta_milli: i64,
    pub(crate) reserved_delta_milli: i64,
    pub(crate) reservation_id: Option<Uuid>,
    pub(crate) order_id: Option<Uuid>,
    pub(crate) reason: String,
    pub(crate) cause: String,
    pub(crate) trace_id: String,
    pub(crate) at: DateTime<Utc>,
}

/// At most `limit` moves of a stock row before the number `before`, newest first.
pub(crate) async fn page(
    db: &Db,
    vendor: VendorId,
    sku: &Sku,
    before: i64,
    limit: i64,
) -> Result<Vec<MoveRow>, Fault> {
    let rows = sqlx::query_as::<_, MoveRow>(PAGE)
        .bind(vendor.uuid())
        .bind(sku.as_str())
        .bind(before)
        .bind(limit)
        .fetch_all(db.pool());
    Ok(rows.await?)
}
