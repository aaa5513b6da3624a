use khaacho_fault::Fault;
use khaacho_pg::Db;
use khaacho_phone::Phone;

use super::vendors::VendorRow;
use crate::domain::vendor::Vendor;

const BY_PHONE: &str = "select v.* from inventory.vendor v where v.phone = $1";

/// The vendor that the phone belongs to.
pub(crate) async fn by_phone(db: &Db, phone: &Phone) -> Result<Option<Vendor>, Fault> {
    let row = sqlx::query_as::<_, VendorRow>(BY_PHONE)
        .bind(phone.as_str())
        .fetch_optional(db.pool())
        .await?;
    row.map(Vendor::try_from).transpose()
}
