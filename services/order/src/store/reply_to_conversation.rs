use khaacho_durable::{Transact, Tx};
use khaacho_fault::Fault;
use sqlx::Row as _;

use super::conversations::{contact, key};
use super::enqueue_notices;
use crate::domain::Notice;
use crate::domain::reply_to_conversation::{OtherSide, ReplyToConversation};

impl Transact for ReplyToConversation {
    /// Key of the notice.
    type Reply = String;

    async fn load(&self, tx: &mut Tx) -> Result<Option<OtherSide>, Fault> {
        let Some(key) = key(&self.conversation_id) else {
            return Ok(None);
        };
        let row = sqlx::query(
            "select provider, account, address, phone, user_id, window_until
             from orders.conversation where id = $1",
        )
        .bind(key)
        .fetch_optional(tx.conn())
        .await?;
        Ok(row.map(|row| OtherSide {
            contact: contact(&row),
            window_until: row.get("window_until"),
        }))
    }

    async fn save(&self, notice: Notice, tx: &mut Tx) -> Result<String, Fault> {
        let ctx = tx.ctx().clone();
        enqueue_notices(tx, &ctx, &self.conversation_id, &[notice])?;
        Ok(self.notice_key.clone())
    }
}
