use khaacho_durable::{Transact, Tx};
use khaacho_fault::{Fault, reason};

use super::load_demo;
use crate::domain::register_vendor::{RegisterVendor, Snapshot};
use crate::domain::vendor::{Vendor, numbered_code};

const TAKEN: &str = "\
select exists (select from inventory.vendor where code = $1),
    exists (select from inventory.vendor where phone = $2)";

/// The next number behind all that were given and all that are in use.
const NEXT_NUMBER: &str = "\
update inventory.catalogue
set vendor_number = 1 + greatest(vendor_number,
    (select coalesce(max(substring(code from '^V([0-9]{1,9})$')::bigint), 0) from inventory.vendor))
returning vendor_number";

impl Transact for RegisterVendor {
    type Reply = Vendor;

    async fn load(&self, tx: &mut Tx) -> Result<Snapshot, Fault> {
        let code = match &self.code {
            Some(code) => code.clone(),
            None => numbered_code(sqlx::query_scalar(NEXT_NUMBER).fetch_one(tx.conn()).await?),
        };
        let (code_taken, phone_taken) = sqlx::query_as::<_, (bool, bool)>(TAKEN)
            .bind(&code)
            .bind(self.particulars.phone.as_str())
            .fetch_one(tx.conn())
            .await?;
        Ok(Snapshot {
            code,
            code_taken,
            phone_taken,
        })
    }

    async fn save(&self, decision: Vendor, tx: &mut Tx) -> Result<Vendor, Fault> {
        let added = load_demo::insert_vendors(tx, std::slice::from_ref(&decision)).await?;
        if added == 0 {
            // another vendor with the code or phone came between: look again
            return Err(Fault::conflict(reason::CONCURRENT_UPDATE));
        }
        Ok(decision)
    }
}
