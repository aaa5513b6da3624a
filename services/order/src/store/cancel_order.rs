use khaacho_durable::{Transact, Tx};
use khaacho_fault::Fault;

use super::{advance, order_row, secure_order};
use crate::domain::answer::Answer;
use crate::domain::cancel_order::CancelOrder;
use crate::domain::{Change, Order};

impl Transact for CancelOrder {
    /// Id of the order.
    type Reply = String;

    async fn load(&self, tx: &mut Tx) -> Result<Option<Order>, Fault> {
        order_row::lock(tx.conn(), &self.order).await
    }

    async fn save(&self, change: Change, tx: &mut Tx) -> Result<String, Fault> {
        advance::write(tx, &change).await?;
        if change.order.offers > 0 {
            advance::answer(
                tx,
                &change.order,
                change.order.offers,
                Answer::Withdrawn,
                "cancelled",
            )
            .await?;
        }
        secure_order::release(tx, &change.order, "CANCELLED")?;
        Ok(advance::id_of(&change))
    }
}
