use khaacho_durable::{NewJob, Transact, Tx};
use khaacho_fault::Fault;

use super::{advance, order_row};
use crate::domain::deliver_order::DeliverOrder;
use crate::domain::{Change, Order};
use crate::jobs::{OrderBody, kinds};

impl Transact for DeliverOrder {
    /// Id of the order.
    type Reply = String;

    async fn load(&self, tx: &mut Tx) -> Result<Option<Order>, Fault> {
        order_row::lock(tx.conn(), &self.order).await
    }

    async fn save(&self, change: Change, tx: &mut Tx) -> Result<String, Fault> {
        advance::write(tx, &change).await?;
        let body = OrderBody {
            order_id: change.order.order_id.clone(),
        };
        tx.enqueue(
            NewJob::new(kinds::SETTLE_DELIVERY, &body)?
                .key(&change.order.order_id)
                .blocking(),
        );
        Ok(advance::id_of(&change))
    }
}
