use khaacho_durable::{NewJob, Transact, Tx};
use khaacho_fault::Fault;

use super::{advance, order_row};
use crate::domain::answer::Answer;
use crate::domain::expire_offer::ExpireOffer;
use crate::domain::{Change, Order};
use crate::jobs::{OrderBody, kinds};

impl Transact for ExpireOffer {
    /// Id of the order.
    type Reply = String;
    const REMEMBERED: bool = false;

    async fn load(&self, tx: &mut Tx) -> Result<Option<Order>, Fault> {
        order_row::lock(tx.conn(), &self.order_id).await
    }

    async fn save(&self, change: Option<Change>, tx: &mut Tx) -> Result<String, Fault> {
        let Some(change) = change else {
            return Ok(self.order_id.clone());
        };
        advance::write(tx, &change).await?;
        advance::answer(tx, &change.order, self.offer, Answer::Expired, "").await?;
        let body = OrderBody {
            order_id: self.order_id.clone(),
        };
        tx.enqueue(
            NewJob::new(kinds::ROUTE_ORDER, &body)?
                .key(&self.order_id)
                .blocking(),
        );
        Ok(advance::id_of(&change))
    }
}
