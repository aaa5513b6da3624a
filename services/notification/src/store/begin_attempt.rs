use khaacho_durable::{Transact, Tx};
use khaacho_fault::{Fault, reason};

use super::{count, stored};
use crate::domain::begin_attempt::BeginAttempt;

const BEGIN: &str = "with begun as (
        update notification.notification
        set state = 'SENDING', attempts = attempts + 1, looks = 0, next_try_at = null, updated_at = $4
        where id = $1 and attempts = $2 and state in ('QUEUED', 'SENDING') and provider_message_id is null
        returning id, attempts)
    insert into notification.attempt (notification_id, number, provider, started_at)
    select id, attempts, $3, $4 from begun returning number";

impl Transact for BeginAttempt {
    /// Number of the try.
    type Reply = u32;
    const REMEMBERED: bool = false;

    async fn load(&self, _tx: &mut Tx) -> Result<(), Fault> {
        Ok(())
    }

    async fn save(&self, (): (), tx: &mut Tx) -> Result<u32, Fault> {
        let now = tx.now();
        let number: Option<i32> = sqlx::query_scalar(BEGIN)
            .bind(self.id.uuid())
            .bind(stored(self.seen))
            .bind(self.provider.as_str())
            .bind(now)
            .fetch_optional(tx.conn())
            .await?;
        // A report or another runner was faster; the job looks at the line again.
        number
            .map(count)
            .ok_or_else(|| Fault::conflict(reason::STALE_VERSION))
    }
}
