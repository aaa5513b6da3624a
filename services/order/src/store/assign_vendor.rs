use khaacho_durable::{Transact, Tx};
use khaacho_fault::Fault;

use super::{advance, order_row, route_order};
use crate::domain::assign_vendor::AssignVendor;
use crate::domain::{Order};
use crate::domain::route_order::Move;

impl Transact for AssignVendor {
    /// Id of the order.
    type Reply = String;

    async fn load(&self, tx: &mut Tx) -> Result<Option<Order>, Fault> {
        order_row::lock(tx.conn(), &self.order).await
    }

    async fn save(&self, next: Move, tx: &mut Tx) -> Result<String, Fault> {
        if next.change.order.offers > 1 {
            let before = next.change.order.offers - 1;
            // A closed answer stays what it was.
            sqlx::query(
                "update orders.assignment set answer = 'WITHDRAWN', answered_at = $3
                 where order_id = $1 and attempt = $2 and answer = 'OFFERED'",
            )
            .bind(order_row::uuid(&next.change.order.order_id)?)
            .bind(before)
            .bind(next.change.order.updated_at)
            .execute(tx.conn())
            .await?;
        }
        route_order::save_move(tx, &next).await?;
        Ok(advance::id_of(&next.change))
    }
}
