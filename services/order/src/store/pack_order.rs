use khaacho_durable::{Transact, Tx};
use khaacho_fault::Fault;

use super::{advance, order_row};
use crate::domain::pack_order::PackOrder;
use crate::domain::{Change, Order};

impl Transact for PackOrder {
    /// Id of the order.
    type Reply = String;

    async fn load(&self, tx: &mut Tx) -> Result<Option<Order>, Fault> {
        order_row::lock(tx.conn(), &self.order).await
    }

    async fn save(&self, change: Change, tx: &mut Tx) -> Result<String, Fault> {
        advance::write(tx, &change).await?;
        Ok(advance::id_of(&change))
    }
}
