use khaacho_durable::{Transact, Tx};
use khaacho_fault::Fault;
use khaacho_ids::InboundId;
use uuid::Uuid;

use super::conversations::key;
use crate::domain::release_conversation::{Newest, ReleaseConversation};

impl Transact for ReleaseConversation {
    type Reply = ();

    async fn load(&self, tx: &mut Tx) -> Result<Option<Newest>, Fault> {
        let Some(key) = key(&self.conversation_id) else {
            return Ok(None);
        };
        let found: Option<Option<Uuid>> =
            sqlx::query_scalar("select recent[1] from orders.conversation where id = $1 for no key update")
                .bind(key)
                .fetch_optional(tx.conn())
                .await?;
        let id = |id: Uuid| InboundId::from(id).to_string();
        Ok(found.map(|newest| Newest(newest.map(id).unwrap_or_default())))
    }

    async fn save(&self, (): (), tx: &mut Tx) -> Result<(), Fault> {
        // The version stays: a message that is being handled sees the same conversation.
        sqlx::query(
            "update orders.conversation
             set waits_since = null, waits_for = '', claimed_by = '', claimed_at = null
             where id = $1",
        )
        .bind(key(&self.conversation_id))
        .execute(tx.conn())
        .await?;
        Ok(())
    }
}
