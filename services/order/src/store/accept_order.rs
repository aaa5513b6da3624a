use khaacho_durable::{Transact, Tx};
use khaacho_fault::Fault;

use super::{advance, order_row};
use crate::domain::accept_order::AcceptOrder;
use crate::domain::answer::Answer;
use crate::domain::{Change, Order};

impl Transact for AcceptOrder {
    /// Id of the order.
    type Reply = String;

    async fn load(&self, tx: &mut Tx) -> Result<Option<Order>, Fault> {
        order_row::lock(tx.conn(), &self.order).await
    }

    async fn save(&self, change: Change, tx: &mut Tx) -> Result<String, Fault> {
        advance::write(tx, &change).await?;
        advance::answer(tx, &change.order, change.order.offers, Answer::Accepted, "").await?;
        Ok(advance::id_of(&change))
    }
}
