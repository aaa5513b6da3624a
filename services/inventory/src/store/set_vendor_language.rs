use khaacho_durable::{Transact, Tx};
use khaacho_fault::Fault;

use super::Stamp;
use super::vendors::VendorRow;
use crate::domain::set_vendor_language::{Decision, SetVendorLanguage};
use crate::domain::vendor::{Language, Vendor};

const SEE: &str = "select v.* from inventory.vendor v where v.vendor_id = $1 for no key update";
const SET: &str = "\
with changed as (
    update inventory.vendor set language = $2, language_given = true where vendor_id = $1 returning vendor_id
)
insert into inventory.vendor_event (vendor_id, n, kind, actor, before, after, cause, trace_id, at)
select c.vendor_id, 1 + (select count(*) from inventory.vendor_event e where e.vendor_id = c.vendor_id),
    'language_set', $3, $4, $5, $6, $7, $8 from changed c";

impl Transact for SetVendorLanguage {
    type Reply = Vendor;

    async fn load(&self, tx: &mut Tx) -> Result<Option<Vendor>, Fault> {
        let row = sqlx::query_as::<_, VendorRow>(SEE)
            .bind(self.vendor_id.uuid())
            .fetch_optional(tx.conn())
            .await?;
        row.map(Vendor::try_from).transpose()
    }

    async fn save(&self, done: Decision, tx: &mut Tx) -> Result<Vendor, Fault> {
        if done.changed {
            let stamp = Stamp::of(tx);
            sqlx::query(SET)
                .bind(self.vendor_id.uuid())
                .bind(self.language.as_str())
                .bind(stamp.actor)
                .bind(done.before.map_or("", Language::as_str))
                .bind(self.language.as_str())
                .bind(stamp.cause)
                .bind(stamp.trace_id)
                .bind(stamp.at)
                .execute(tx.conn())
                .await?;
        }
        Ok(done.vendor)
    }
}
