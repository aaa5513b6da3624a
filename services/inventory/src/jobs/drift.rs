//! Watches that every stock row is the sum of its moves and promises what its reservations say.

use std::time::Duration;

use khaacho_fault::Fault;
use khaacho_ids::VendorId;
use khaacho_lifecycle::Stop;
use khaacho_pg::Db;

use crate::metrics;
use crate::store::drift::{advance, compare};

/// Compares until the stop.
pub(crate) async fn watch(db: Db, every: Duration, stop: Stop) {
    let mut failing = false;
    loop {
        match look(&db).await {
            Ok(_) => failing = false,
            // told once: the pool tells about the database
            Err(fault) if !failing => {
                failing = true;
                tracing::warn!(error = ?fault, "stock could not be compared with its moves");
            }
            Err(_) => {}
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(every) => {}
        }
    }
}

/// One comparison. Returns the drift in thousandths of sale units, without sign.
pub(crate) async fn look(db: &Db) -> Result<i64, Fault> {
    let rows = compare(db).await?;
    let total = rows.first().map_or(0, |row| row.total_milli);
    metrics::drift(total);
    for row in &rows {
        tracing::error!(
            vendor.id = %VendorId::from(row.vendor_id),
            product.sku = %row.sku,
            stock.on_hand_drift_milli = row.on_hand,
            stock.reserved_drift_milli = row.reserved,
            stock.promised_drift_milli = row.promised,
            stock.moves_missing = row.missing,
            "stock differs from its moves or reservations"
        );
    }
    advance(db).await?;
    Ok(total)
}
