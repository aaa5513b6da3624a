use khaacho_durable::{NewJob, Transact, Tx};
use khaacho_fault::Fault;

use super::{advance, order_row};
use crate::domain::settle_delivery::SettleDelivery;
use crate::domain::{Change, Order};
use crate::jobs::{OrderBody, kinds};

/// A delivered order that nobody confirms or disputes counts as received after this long.
const COMPLETE_AFTER_HOURS: i64 = 48;

impl Transact for SettleDelivery {
    /// Id of the order.
    type Reply = String;
    const REMEMBERED: bool = false;

    async fn load(&self, tx: &mut Tx) -> Result<Option<Order>, Fault> {
        order_row::lock(tx.conn(), &self.order_id).await
    }

    async fn save(&self, change: Change, tx: &mut Tx) -> Result<String, Fault> {
        advance::write(tx, &change).await?;
        sqlx::query("update orders.purchase_order set entry_id = $2 where id = $1")
            .bind(order_row::uuid(&self.order_id)?)
            .bind(&self.entry_id)
            .execute(tx.conn())
            .await?;
        let complete_at = tx.now() + chrono::Duration::hours(COMPLETE_AFTER_HOURS);
        let body = OrderBody {
            order_id: self.order_id.clone(),
        };
        tx.enqueue(NewJob::new(kinds::COMPLETE_ORDER, &body)?.at(complete_at));
        Ok(advance::id_of(&change))
    }
}
