use khaacho_durable::{Transact, Tx};
use khaacho_fault::Fault;

use super::{change, outbound, queue, stored};
use crate::domain::deliver_simulated::{DeliverSimulated, Delivery};
use crate::domain::simulated::Simulated;
use crate::domain::{Moved, Outbound};

const SHOW: &str = "with shown as (
        insert into notification.simulated_message (id, notification_id, phone, text, buttons, at)
        values ($1, $2, $3, $4, $5, $6) on conflict on constraint simulated_message_pkey do nothing),
    tried as (
        insert into notification.attempt
            (notification_id, number, provider, started_at, ended_at, result, provider_message_id)
        values ($2, $7, 'simulator', $6, $6, 'accepted', $1))
    update notification.notification
    set state = 'DELIVERED', attempts = $7, provider_message_id = $1, updated_at = $6
    where id = $2";

impl Transact for DeliverSimulated {
    type Reply = Vec<Moved>;
    const REMEMBERED: bool = false;

    async fn load(&self, tx: &mut Tx) -> Result<Option<Outbound>, Fault> {
        outbound::lock_first(tx, &self.queue.recipient).await
    }

    async fn save(&self, delivery: Delivery, tx: &mut Tx) -> Result<Vec<Moved>, Fault> {
        let moved = match delivery {
            Delivery::Nothing => Vec::new(),
            Delivery::Shown {
                message,
                attempts,
                change,
            } => {
                show(tx, &message, attempts + 1).await?;
                change.moved().into_iter().collect()
            }
            Delivery::Ended(change) => change::apply(tx, &[change]).await?,
        };
        queue::go_on(tx, &self.queue, None, None).await?;
        Ok(moved)
    }
}

async fn show(tx: &mut Tx, message: &Simulated, number: u32) -> Result<(), Fault> {
    let now = tx.now();
    sqlx::query(SHOW)
        .bind(&message.provider_message_id)
        .bind(message.notification_id.uuid())
        .bind(&message.to)
        .bind(&message.text)
        .bind(serde_json::to_value(&message.buttons).map_err(Fault::bug)?)
        .bind(now)
        .bind(stored(number))
        .execute(tx.conn())
        .await?;
    Ok(())
}
