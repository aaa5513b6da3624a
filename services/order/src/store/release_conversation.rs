use khaacho_durable::{Transact, Tx};
use khaacho_fault::Fault;

use super::conversations::key;
use crate::domain::release_conversation::ReleaseConversation;

impl Transact for ReleaseConversation {
    type Reply = ();

    async fn load(&self, tx: &mut Tx) -> Result<bool, Fault> {
        let Some(key) = key(&self.conversation_id) else {
            return Ok(false);
        };
        let found: Option<bool> =
            sqlx::query_scalar("select true from orders.conversation where id = $1 for no key update")
                .bind(key)
                .fetch_optional(tx.conn())
                .await?;
        Ok(found.is_some())
    }

    async fn save(&self, (): (), tx: &mut Tx) -> Result<(), Fault> {
        // The version stays: a message that is being handled sees the same conversation.
        sqlx::query("update orders.conversation set waits_since = null, waits_for = '' where id = $1")
            .bind(key(&self.conversation_id))
            .execute(tx.conn())
            .await?;
        Ok(())
    }
}
