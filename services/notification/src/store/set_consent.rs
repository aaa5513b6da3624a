use chrono::{DateTime, Utc};
use khaacho_durable::{Transact, Tx};
use khaacho_fault::Fault;
use sqlx::{FromRow, PgPool};

use crate::domain::set_consent::{Consent, SetConsent};

// What was said last counts, whatever comes in last.
const PUT: &str = "insert into notification.consent as c (who, opted_out, said_at, noted_by, cause)
    values ($1, $2, $3, $4, $5)
    on conflict on constraint consent_pkey do update
    set opted_out = excluded.opted_out, said_at = excluded.said_at, noted_by = excluded.noted_by,
        cause = excluded.cause
    where c.said_at <= excluded.said_at";
const NOTE: &str = "insert into notification.consent_event
        (who, opted_out, said_at, noted_by, cause, trace_id, noted_at)
    values ($1, $2, $3, $4, $5, $6, $7)";
const ONE: &str = "select who, opted_out, said_at, noted_by, cause from notification.consent where who = $1";
const PAGE: &str = "select who, opted_out, said_at, noted_by, cause from notification.consent
    where opted_out and who > $1 order by who limit $2";

#[derive(FromRow)]
struct Row {
    who: String,
    opted_out: bool,
    said_at: DateTime<Utc>,
    noted_by: String,
    cause: String,
}

impl From<Row> for Consent {
    fn from(row: Row) -> Self {
        Self {
            who: row.who,
            opted_out: row.opted_out,
            said_at: row.said_at,
            noted_by: row.noted_by,
            cause: row.cause,
        }
    }
}

impl Transact for SetConsent {
    type Reply = Consent;

    async fn load(&self, _tx: &mut Tx) -> Result<(), Fault> {
        Ok(())
    }

    async fn save(&self, said_at: DateTime<Utc>, tx: &mut Tx) -> Result<Consent, Fault> {
        let ctx = tx.ctx().clone();
        let (by, cause) = (&ctx.principal().subject, ctx.cause());
        let now = tx.now();
        sqlx::query(PUT)
            .bind(&self.who)
            .bind(self.opted_out)
            .bind(said_at)
            .bind(by)
            .bind(cause)
            .execute(tx.conn())
            .await?;
        sqlx::query(NOTE)
            .bind(&self.who)
            .bind(self.opted_out)
            .bind(said_at)
            .bind(by)
            .bind(cause)
            .bind(ctx.trace().trace_id())
            .bind(now)
            .execute(tx.conn())
            .await?;
        let row: Row = sqlx::query_as(ONE).bind(&self.who).fetch_one(tx.conn()).await?;
        Ok(row.into())
    }
}

/// Those who want no messages, behind `after`.
pub(crate) async fn opted_out(pool: &PgPool, after: &str, limit: i64) -> Result<Vec<Consent>, Fault> {
    let rows: Vec<Row> = sqlx::query_as(PAGE)
        .bind(after)
        .bind(limit)
        .fetch_all(pool)
        .await?;
    Ok(rows.into_iter().map(Consent::from).collect())
}
