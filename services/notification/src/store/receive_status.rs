use chrono::{DateTime, Utc};
use khaacho_durable::{Transact, Tx};
use khaacho_fault::Fault;
use sqlx::FromRow;
use uuid::Uuid;

use super::{as_template, change, count, state, unreadable};
use crate::domain::receive_status::{Match, Merged, ReceiveStatus, Received, Standing};

const LOCK: &str = "with told as materialized (
        select r.n, coalesce(a.notification_id, named.id) as id, a.notification_id is not null as tried
        from unnest($1::text[], $2::text[], $3::uuid[]) with ordinality as r (provider, message_id, named_id,
            n)
        left join lateral (
            select a.notification_id from notification.attempt a
            where a.provider_message_id = r.message_id and a.provider = r.provider
            order by a.started_at desc limit 1) a on true
        left join notification.notification named on named.id = r.named_id and named.provider = r.provider)
    select told.n, told.tried, n.id, n.state, n.template, n.provider_message_id, n.window_closed, n.looks,
           n.next_try_at
    from told join notification.notification n on n.id = told.id
    order by n.id, told.n
    for no key update of n";

// A report that came before we knew its message gets its owner when it comes again. `xmax` is 0 in a new row.
const KEEP: &str = "insert into notification.status_event as e
        (provider, provider_message_id, status, error_code, raw_status, error_text, account, notification_id,
         reported_at, received_at, trace_id)
    select distinct on (r.provider, r.message_id, r.status, r.error_code)
           r.provider, r.message_id, r.status, r.error_code, r.raw_status, r.error_text, r.account, r.owner,
               r.at,
           $10, $11
    from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
        $8::uuid[],
                $9::timestamptz[]) with ordinality
        as r (provider, message_id, status, error_code, raw_status, error_text, account, owner, at, n)
    order by r.provider, r.message_id, r.status, r.error_code, r.n
    on conflict on constraint status_event_pkey do update set notification_id = excluded.notification_id
    where e.notification_id is null and excluded.notification_id is not null
    returning xmax = 0";

const ADOPT: &str = "update notification.attempt a
    set provider_message_id = c.provider_message_id, result = 'accepted', ended_at = coalesce(a.ended_at, $3)
    from unnest($1::uuid[], $2::text[]) as c (id, provider_message_id)
    where a.notification_id = c.id and a.provider_message_id is null and a.result in ('', 'ambiguous')
      and a.number = (select max(l.number) from notification.attempt l where l.notification_id = c.id)";

#[derive(FromRow)]
struct Row {
    n: i64,
    tried: bool,
    id: Uuid,
    state: String,
    template: String,
    provider_message_id: Option<String>,
    window_closed: bool,
    looks: i32,
    next_try_at: Option<DateTime<Utc>>,
}

impl TryFrom<Row> for Match {
    type Error = Fault;

    fn try_from(row: Row) -> Result<Self, Fault> {
        Ok(Self {
            report: usize::try_from(row.n - 1).map_err(|_| unreadable("place"))?,
            tried: row.tried,
            message: Standing {
                id: row.id.into(),
                state: state(&row.state)?,
                template: row.template,
                provider_message_id: row.provider_message_id,
                window_closed: row.window_closed,
                looks: count(row.looks),
                next_try_at: row.next_try_at,
            },
        })
    }
}

impl Transact for ReceiveStatus {
    type Reply = Received;
    const REMEMBERED: bool = false;

    async fn load(&self, tx: &mut Tx) -> Result<Vec<Match>, Fault> {
        let reports = &self.reports;
        let rows: Vec<Row> = sqlx::query_as(LOCK)
            .bind(reports.iter().map(|r| r.provider.as_str()).collect::<Vec<_>>())
            .bind(
                reports
                    .iter()
                    .map(|r| r.provider_message_id.as_str())
                    .collect::<Vec<_>>(),
            )
            .bind(
                reports
                    .iter()
                    .map(|r| r.notification_id.map(|id| id.uuid()))
                    .collect::<Vec<_>>(),
            )
            .fetch_all(tx.conn())
            .await?;
        rows.into_iter().map(Match::try_from).collect()
    }

    async fn save(&self, merged: Merged, tx: &mut Tx) -> Result<Received, Fault> {
        let new = self.keep(&merged, tx).await?;
        let adopted = merged
            .changes
            .iter()
            .filter_map(|c| Some((c.id.uuid(), c.provider_message_id.clone()?)));
        let (ids, message_ids): (Vec<Uuid>, Vec<String>) = adopted.unzip();
        if !ids.is_empty() {
            let now = tx.now();
            sqlx::query(ADOPT)
                .bind(ids)
                .bind(message_ids)
                .bind(now)
                .execute(tx.conn())
                .await?;
        }
        let moved = change::apply(tx, &merged.changes).await?;
        as_template::send(tx, &merged.as_template).await?;
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        Ok(Received {
            stored: number(new),
            duplicates: number(self.reports.len() - new),
            unmatched: number(merged.owners.iter().filter(|owner| owner.is_none()).count()),
            moved,
        })
    }
}

impl ReceiveStatus {
    /// Writes the history; how many rows are new.
    async fn keep(&self, merged: &Merged, tx: &mut Tx) -> Result<usize, Fault> {
        let reports = &self.reports;
        let owners = merged.owners.iter().map(|owner| owner.map(|id| id.uuid()));
        let (now, trace) = (tx.now(), tx.ctx().trace().trace_id());
        let written: Vec<bool> = sqlx::query_scalar(KEEP)
            .bind(reports.iter().map(|r| r.provider.as_str()).collect::<Vec<_>>())
            .bind(
                reports
                    .iter()
                    .map(|r| r.provider_message_id.as_str())
                    .collect::<Vec<_>>(),
            )
            .bind(reports.iter().map(|r| r.status.as_str()).collect::<Vec<_>>())
            .bind(reports.iter().map(|r| r.error_code.as_str()).collect::<Vec<_>>())
            .bind(reports.iter().map(|r| r.raw_status.as_str()).collect::<Vec<_>>())
            .bind(
                reports
                    .iter()
                    .map(|r| r.error_text.as_deref())
                    .collect::<Vec<_>>(),
            )
            .bind(reports.iter().map(|r| r.account.as_str()).collect::<Vec<_>>())
            .bind(owners.collect::<Vec<Option<Uuid>>>())
            .bind(
                reports
                    .iter()
                    .map(|r| r.at)
                    .collect::<Vec<Option<DateTime<Utc>>>>(),
            )
            .bind(now)
            .bind(trace)
            .fetch_all(tx.conn())
            .await?;
        Ok(written.into_iter().filter(|new| *new).count())
    }
}
