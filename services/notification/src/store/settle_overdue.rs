use khaacho_durable::{Transact, Tx};
use khaacho_fault::Fault;
use sqlx::{FromRow, PgPool};
use uuid::Uuid;

use super::{change, queue, state};
use crate::domain::outbound::Problem;
use crate::domain::settle_overdue::{Overdue, SettleOverdue};
use crate::domain::{Change, Moved, Provider};

/// Messages of one transaction.
pub(crate) const BATCH: usize = 200;

// What another transaction is about is looked at the next time.
const LOCK: &str = "with due as materialized (
        select n.id from notification.notification n
        where n.deadline_at <= $1 and n.unsettled
          and (n.state <> 'SENT' or n.provider = any($2))
        order by n.deadline_at limit 200)
    select n.id, n.template, n.state, n.escalates, last.code, last.text
    from due join notification.notification n on n.id = due.id
    left join lateral (
        select a.code, a.text from notification.attempt a
        where a.notification_id = n.id and a.started_at >= n.queued_at and a.text is not null
        order by a.number desc limit 1) last on true
    where n.state in ('QUEUED', 'SENDING', 'SENT')
    order by n.id
    for no key update of n skip locked";

const UNRESOLVED: &str = "select count(*) from notification.notification n
    where n.unsettled and (n.state <> 'SENT' or n.provider = any($1))";

#[derive(FromRow)]
struct Row {
    id: Uuid,
    template: String,
    state: String,
    escalates: bool,
    code: Option<String>,
    text: Option<String>,
}

impl TryFrom<Row> for Overdue {
    type Error = Fault;

    fn try_from(row: Row) -> Result<Self, Fault> {
        Ok(Self {
            id: row.id.into(),
            template: row.template,
            state: state(&row.state)?,
            escalates: row.escalates,
            last: row.text.map(|text| Problem { code: row.code, text }),
        })
    }
}

fn names(providers: &[Provider]) -> Vec<&'static str> {
    providers.iter().map(|provider| provider.as_str()).collect()
}

impl Transact for SettleOverdue {
    type Reply = Vec<Moved>;
    const REMEMBERED: bool = false;

    async fn load(&self, tx: &mut Tx) -> Result<Vec<Overdue>, Fault> {
        let now = tx.now();
        let rows: Vec<Row> = sqlx::query_as(LOCK)
            .bind(now)
            .bind(names(&self.reporting))
            .fetch_all(tx.conn())
            .await?;
        rows.into_iter().map(Overdue::try_from).collect()
    }

    async fn save(&self, changes: Vec<Change>, tx: &mut Tx) -> Result<Vec<Moved>, Fault> {
        let moved = change::apply(tx, &changes).await?;
        if let Some(queue) = &self.queue {
            queue::go_on(tx, queue, None, None).await?;
        }
        Ok(moved)
    }
}

/// How many messages have not ended.
pub(crate) async fn unresolved(pool: &PgPool, reporting: &[Provider]) -> Result<i64, Fault> {
    Ok(sqlx::query_scalar(UNRESOLVED)
        .bind(names(reporting))
        .fetch_one(pool)
        .await?)
}
