use khaacho_durable::{Transact, Tx};
use khaacho_fault::Fault;

use super::Stamp;
use super::offers::OfferRow;
use crate::domain::offer::Offer;
use crate::domain::set_offer::{SetOffer, Snapshot};

const SEE: &str = "\
select exists (select from inventory.vendor v where v.vendor_id = $1),
    exists (select from inventory.product p where p.sku = $2 and p.active)";

const PUT: &str = "\
with put as (
    insert into inventory.offer as o (vendor_id, sku, price_paisa, lead_time_days, minimum_quantity, active,
        updated_at, updated_by)
    values ($1, $2, $3, $4, $5, $6, $7, $8)
    on conflict on constraint offer_pkey do update
    set price_paisa = excluded.price_paisa, lead_time_days = excluded.lead_time_days,
        minimum_quantity = excluded.minimum_quantity, active = excluded.active, version = o.version + 1,
        updated_at = excluded.updated_at, updated_by = excluded.updated_by
    returning o.vendor_id, o.sku, o.price_paisa, o.lead_time_days, o.minimum_quantity, o.active, o.version
)
select put.*, coalesce(s.on_hand_milli, 0) as on_hand_milli, coalesce(s.reserved_milli, 0) as reserved_milli
from put left join inventory.stock s on s.vendor_id = put.vendor_id and s.sku = put.sku";

impl Transact for SetOffer {
    type Reply = Offer;

    async fn load(&self, tx: &mut Tx) -> Result<Snapshot, Fault> {
        let seen = sqlx::query_as::<_, (bool, bool)>(SEE)
            .bind(self.vendor_id.uuid())
            .bind(self.sku.as_str())
            .fetch_one(tx.conn())
            .await?;
        Ok(Snapshot {
            vendor_known: seen.0,
            product_known: seen.1,
        })
    }

    async fn save(&self, (): (), tx: &mut Tx) -> Result<Offer, Fault> {
        let stamp = Stamp::of(tx);
        let number = |number: u32| i32::try_from(number).map_err(Fault::bug);
        let row: OfferRow = sqlx::query_as(PUT)
            .bind(self.vendor_id.uuid())
            .bind(self.sku.as_str())
            .bind(self.terms.price.paisa())
            .bind(number(self.terms.lead_time_days)?)
            .bind(number(self.terms.minimum_quantity)?)
            .bind(self.terms.active)
            .bind(stamp.at)
            .bind(stamp.actor)
            .fetch_one(tx.conn())
            .await?;
        Ok(row.into())
    }
}
