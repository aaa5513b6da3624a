use khaacho_fault::Fault;
use khaacho_ids::VendorId;
use khaacho_pg::Db;

use super::vendors::VendorRow;
use crate::domain::vendor::Vendor;

const BY_ID: &str = "select v.* from inventory.vendor v where v.vendor_id = $1";
const BY_CODE: &str = "select v.* from inventory.vendor v where v.code = $1";

/// The vendor with this id.
pub(crate) async fn by_id(db: &Db, id: VendorId) -> Result<Option<Vendor>, Fault> {
    let row = sqlx::query_as::<_, VendorRow>(BY_ID)
        .bind(id.uuid())
        .fetch_optional(db.pool())
        .await?;
    row.map(Vendor::try_from).transpose()
}

/// The vendor with this code, in its one spelling.
pub(crate) async fn by_code(db: &Db, code: &str) -> Result<Option<Vendor>, Fault> {
    let row = sqlx::query_as::<_, VendorRow>(BY_CODE)
        .bind(code)
        .fetch_optional(db.pool())
        .await?;
    row.map(Vendor::try_from).transpose()
}
