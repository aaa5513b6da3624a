use std::collections::HashSet;

use khaacho_durable::{Gathered, Item, Transact, Tx, Verdict};
use khaacho_fault::{Fault, reason};
use uuid::Uuid;

use super::{count, stored};
use crate::domain::begin_attempt::BeginAttempt;

const BEGIN: &str = "with begun as (
        update notification.notification
        set state = 'SENDING', attempts = attempts + 1, looks = 0, next_try_at = null, updated_at = $4
        where id = $1 and attempts = $2 and state in ('QUEUED', 'SENDING') and provider_message_id is null
        returning id, attempts)
    insert into notification.attempt (notification_id, number, provider, started_at)
    select id, attempts, $3, $4 from begun returning number";

// Locked in the order of their ids, like everywhere.
const BEGIN_ALL: &str = "with given as (
        select * from unnest($1::uuid[], $2::integer[], $3::text[]) as g (id, seen, provider)),
    locked as materialized (
        select n.id from notification.notification n where n.id = any($1) order by n.id for no key update),
    begun as (
        update notification.notification n
        set state = 'SENDING', attempts = n.attempts + 1, looks = 0, next_try_at = null, updated_at = $4
        from given g join locked l on l.id = g.id
        where n.id = g.id and n.attempts = g.seen and n.state in ('QUEUED', 'SENDING')
          and n.provider_message_id is null
        returning n.id, n.attempts, g.provider)
    insert into notification.attempt (notification_id, number, provider, started_at)
    select id, attempts, provider, $4 from begun returning notification_id, number";

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

/// Tries of many messages in one transaction.
impl Gathered for BeginAttempt {
    async fn carry_out(items: &[Item<'_, Self>], tx: &mut Tx) -> Result<Vec<Verdict<u32>>, Fault> {
        let now = tx.now();
        let begun: Vec<(Uuid, i32)> = sqlx::query_as(BEGIN_ALL)
            .bind(items.iter().map(|i| i.command.id.uuid()).collect::<Vec<_>>())
            .bind(items.iter().map(|i| stored(i.command.seen)).collect::<Vec<_>>())
            .bind(
                items
                    .iter()
                    .map(|i| i.command.provider.as_str())
                    .collect::<Vec<_>>(),
            )
            .bind(now)
            .fetch_all(tx.conn())
            .await?;
        let begun: HashSet<(Uuid, u32)> = begun.into_iter().map(|(id, n)| (id, count(n))).collect();
        // who is not there hears why when it goes alone
        let verdict = |item: &Item<'_, Self>| {
            let number = item.command.seen + 1;
            if begun.contains(&(item.command.id.uuid(), number)) {
                Verdict::Done(number)
            } else {
                Verdict::Alone
            }
        };
        Ok(items.iter().map(verdict).collect())
    }
}
