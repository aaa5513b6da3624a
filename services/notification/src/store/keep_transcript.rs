use khaacho_durable::{Transact, Tx};
use khaacho_fault::Fault;

use crate::domain::keep_transcript::KeepTranscript;

const KEEP: &str = "update notification.media set transcript = $2 where id = $1 and transcript is null";

impl Transact for KeepTranscript {
    type Reply = ();
    const REMEMBERED: bool = false;

    async fn load(&self, _tx: &mut Tx) -> Result<(), Fault> {
        Ok(())
    }

    async fn save(&self, words: String, tx: &mut Tx) -> Result<(), Fault> {
        sqlx::query(KEEP)
            .bind(self.media_id.uuid())
            .bind(words)
            .execute(tx.conn())
            .await?;
        Ok(())
    }
}
