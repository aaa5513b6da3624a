use khaacho_durable::{NewJob, Transact, Tx};
use khaacho_fault::Fault;

use super::{advance, order_row};
use crate::domain::answer::Answer;
use crate::domain::decline_order::DeclineOrder;
use crate::domain::{Change, Order};
use crate::jobs::{OrderBody, kinds};

impl Transact for DeclineOrder {
    /// Id of the order.
    type Reply = String;

    async fn load(&self, tx: &mut Tx) -> Result<Option<Order>, Fault> {
        order_row::lock(tx.conn(), &self.order).await
    }

    async fn save(&self, change: Change, tx: &mut Tx) -> Result<String, Fault> {
        advance::write(tx, &change).await?;
        advance::answer(
            tx,
            &change.order,
            change.order.offers,
            Answer::Declined,
            &self.reason,
        )
        .await?;
        let body = OrderBody {
            order_id: change.order.order_id.clone(),
        };
        tx.enqueue(
            NewJob::new(kinds::ROUTE_ORDER, &body)?
                .key(&change.order.order_id)
                .blocking(),
        );
        Ok(advance::id_of(&change))
    }
}
