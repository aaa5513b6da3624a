use khaacho_fault::Fault;
use khaacho_pg::Db;

use super::vendors::VendorRow;
use crate::domain::vendor::Vendor;

const PAGE: &str = "select v.* from inventory.vendor v where v.code > $1 order by v.code limit $2";

/// At most `limit` vendors after the code `after` (empty: from the first).
pub(crate) async fn page(db: &Db, after: &str, limit: i64) -> Result<Vec<Vendor>, Fault> {
    let rows = sqlx::query_as::<_, VendorRow>(PAGE)
        .bind(after)
        .bind(limit)
        .fetch_all(db.pool())
        .await?;
    rows.into_iter().map(Vendor::try_from).collect()
}
