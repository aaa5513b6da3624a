use khaacho_durable::{Transact, Tx};
use khaacho_fault::Fault;

use super::{advance, order_row, route_order};
use crate::domain::Order;
use crate::domain::answer::Answer;
use crate::domain::assign_vendor::AssignVendor;
use crate::domain::route_order::Move;

impl Transact for AssignVendor {
    /// Id of the order.
    type Reply = String;

    async fn load(&self, tx: &mut Tx) -> Result<Option<Order>, Fault> {
        order_row::lock(tx.conn(), &self.order).await
    }

    async fn save(&self, next: Move, tx: &mut Tx) -> Result<String, Fault> {
        let order = &next.change.order;
        advance::answer(tx, order, order.offers - 1, Answer::Withdrawn, "").await?;
        route_order::save_move(tx, &next).await?;
        Ok(advance::id_of(&next.change))
    }
}
