use khaacho_durable::{Transact, Tx};
use khaacho_fault::Fault;

use super::conversations::key;
use crate::domain::claim_conversation::{ClaimConversation, Holder};

impl Transact for ClaimConversation {
    type Reply = ();

    async fn load(&self, tx: &mut Tx) -> Result<Option<Holder>, Fault> {
        let Some(key) = key(&self.conversation_id) else {
            return Ok(None);
        };
        let holder: Option<String> =
            sqlx::query_scalar("select claimed_by from orders.conversation where id = $1 for no key update")
                .bind(key)
                .fetch_optional(tx.conn())
                .await?;
        Ok(holder.map(Holder))
    }

    async fn save(&self, (): (), tx: &mut Tx) -> Result<(), Fault> {
        let now = tx.now();
        // The version moves: a message that is being handled is looked at once more and sees that a person has it. It
        // stays in the list of what waits until it is released.
        sqlx::query(
            "update orders.conversation set claimed_by = $2, claimed_at = $3, version = version + 1,
                 waits_since = coalesce(waits_since, $3),
                 waits_for = case when waits_since is null then 'CLAIMED' else waits_for end
             where id = $1",
        )
        .bind(key(&self.conversation_id))
        .bind(&self.person)
        .bind(now)
        .execute(tx.conn())
        .await?;
        Ok(())
    }
}
