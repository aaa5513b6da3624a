use khaacho_durable::{Transact, Tx};
use khaacho_fault::Fault;
use sqlx::FromRow;

use super::moves::Moves;
use super::offers::OfferRow;
use super::products::unit_of;
use crate::domain::adjust_stock::{AdjustStock, Adjusted, Row, Snapshot};
use crate::domain::offer::Offer;

/// The first use creates the row, empty; a refusal takes it away again.
const OPEN: &str = "\
insert into inventory.stock (vendor_id, sku)
select o.vendor_id, o.sku from inventory.offer o where o.vendor_id = $1 and o.sku = $2
on conflict on constraint stock_pkey do nothing";

const LOCK: &str = "\
select o.vendor_id, o.sku, o.price_paisa, o.lead_time_days, o.minimum_quantity, o.active, o.version,
    s.on_hand_milli, s.reserved_milli, s.seq, p.base_unit
from inventory.stock s
join inventory.offer o on o.vendor_id = s.vendor_id and o.sku = s.sku
join inventory.product p on p.sku = s.sku
where s.vendor_id = $1 and s.sku = $2
for no key update of s";

const VENDOR_KNOWN: &str = "select exists (select from inventory.vendor where vendor_id = $1)";

#[derive(Debug, FromRow)]
struct Locked {
    #[sqlx(flatten)]
    offer: OfferRow,
    seq: i64,
    base_unit: String,
}

impl Transact for AdjustStock {
    type Reply = Offer;

    async fn load(&self, tx: &mut Tx) -> Result<Snapshot, Fault> {
        let (vendor, sku) = (self.vendor_id.uuid(), self.sku.as_str());
        sqlx::query(OPEN)
            .bind(vendor)
            .bind(sku)
            .execute(tx.conn())
            .await?;
        let locked: Option<Locked> = sqlx::query_as(LOCK)
            .bind(vendor)
            .bind(sku)
            .fetch_optional(tx.conn())
            .await?;
        match locked {
            Some(Locked {
                offer,
                seq,
                base_unit,
            }) => {
                let row = Row {
                    offer: offer.into(),
                    seq,
                    base_unit: unit_of(&base_unit)?,
                };
                Ok(Snapshot {
                    vendor_known: true,
                    row: Some(row),
                })
            }
            None => {
                let vendor_known = sqlx::query_scalar(VENDOR_KNOWN)
                    .bind(vendor)
                    .fetch_one(tx.conn())
                    .await?;
                Ok(Snapshot {
                    vendor_known,
                    row: None,
                })
            }
        }
    }

    async fn save(&self, decision: Adjusted, tx: &mut Tx) -> Result<Offer, Fault> {
        let moves = Moves {
            vendor_id: self.vendor_id,
            kind: decision.kind,
            reservation: None,
            reason: &self.reason,
            deltas: vec![(&self.sku, decision.delta.milli(), 0)],
        };
        moves.apply(tx).await?;
        Ok(decision.offer)
    }
}
