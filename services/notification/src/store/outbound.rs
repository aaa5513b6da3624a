//! Messages on their way.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use khaacho_durable::{Together, Tx};
use khaacho_fault::Fault;
use khaacho_ids::NotificationId;
use sqlx::types::Json;
use sqlx::{FromRow, PgPool};
use uuid::Uuid;

use super::{RecipientRow, count, state};
use crate::domain::Outbound;
use crate::domain::message::Body;
use crate::domain::outbound::Try;

/// The select of [`Row`], up to its `where`.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select n.id, n.state, n.provider, n.account, n.address, n.phone, n.user_id, n.template, n.body,
                n.escalates, n.window_closed, n.looks, n.next_try_at, n.deadline_at, n.provider_message_id,
                    n.attempts,
                (select coalesce(jsonb_agg(jsonb_build_object(
                            'number', a.number, 'started_at', a.started_at, 'result',
                                a.result) order by a.number), '[]')
                 from notification.attempt a
                 where a.notification_id = n.id and a.started_at >= n.queued_at) as tries
             from notification.notification n ",
            $rest
        )
    };
}

const FIRST_OF_ALL: &str = concat!(
    "select line.recipient as line, first.* from unnest($1::text[]) as line (recipient) join lateral (",
    select!("where n.recipient = line.recipient and n.waits order by n.seq limit 1"),
    ") first on true"
);
const LOCK_FIRST: &str =
    select!("where n.recipient = $1 and n.waits order by n.seq limit 1 for no key update of n");
const LOCK: &str = select!("where n.id = $1 for no key update of n");
const LOCK_ALL: &str = select!("where n.id = any($1) order by n.id for no key update of n");

#[derive(FromRow)]
struct Row {
    id: Uuid,
    state: String,
    #[sqlx(flatten)]
    recipient: RecipientRow,
    template: String,
    body: Json<Body>,
    escalates: bool,
    window_closed: bool,
    looks: i32,
    next_try_at: Option<DateTime<Utc>>,
    deadline_at: DateTime<Utc>,
    provider_message_id: Option<String>,
    attempts: i32,
    tries: Json<Vec<Try>>,
}

impl TryFrom<Row> for Outbound {
    type Error = Fault;

    fn try_from(row: Row) -> Result<Self, Fault> {
        Ok(Self {
            id: row.id.into(),
            state: state(&row.state)?,
            recipient: row.recipient.try_into()?,
            template: row.template,
            body: row.body.0,
            escalates: row.escalates,
            window_closed: row.window_closed,
            looks: count(row.looks),
            next_try_at: row.next_try_at,
            deadline_at: row.deadline_at,
            provider_message_id: row.provider_message_id,
            attempts: count(row.attempts),
            tries: row.tries.0,
        })
    }
}

/// First messages that wait in lines, read for many lines at once.
pub(crate) type Firsts = Together<String, Option<Outbound>>;

/// Reads for [`Firsts`].
pub(crate) fn firsts(
    pool: PgPool,
    lines: Vec<String>,
) -> BoxFuture<'static, Result<Vec<Option<Outbound>>, Fault>> {
    #[derive(FromRow)]
    struct Of {
        line: String,
        #[sqlx(flatten)]
        first: Row,
    }
    Box::pin(async move {
        let rows: Vec<Of> = sqlx::query_as(FIRST_OF_ALL).bind(&lines).fetch_all(&pool).await?;
        let first = |of: Of| Ok((of.line, Outbound::try_from(of.first)?));
        let found = rows
            .into_iter()
            .map(first)
            .collect::<Result<HashMap<_, _>, Fault>>()?;
        Ok(lines.iter().map(|line| found.get(line).cloned()).collect())
    })
}

/// The first message that waits in a line, locked.
pub(super) async fn lock_first(tx: &mut Tx, recipient: &str) -> Result<Option<Outbound>, Fault> {
    let row: Option<Row> = sqlx::query_as(LOCK_FIRST)
        .bind(recipient)
        .fetch_optional(tx.conn())
        .await?;
    row.map(Outbound::try_from).transpose()
}

/// One message, locked.
pub(super) async fn lock(tx: &mut Tx, id: NotificationId) -> Result<Option<Outbound>, Fault> {
    let row: Option<Row> = sqlx::query_as(LOCK)
        .bind(id.uuid())
        .fetch_optional(tx.conn())
        .await?;
    row.map(Outbound::try_from).transpose()
}

/// Many messages by their ids, locked in the order of those.
pub(super) async fn lock_all(tx: &mut Tx, ids: &[Uuid]) -> Result<HashMap<Uuid, Outbound>, Fault> {
    let rows: Vec<Row> = sqlx::query_as(LOCK_ALL).bind(ids).fetch_all(tx.conn()).await?;
    rows.into_iter()
        .map(|row| Ok((row.id, Outbound::try_from(row)?)))
        .collect()
}

/// Which of these message ids of a provider belong to other messages of ours.
pub(crate) async fn taken(
    pool: &PgPool,
    id: NotificationId,
    provider: &str,
    provider_message_ids: &[String],
) -> Result<Vec<String>, Fault> {
    let taken = sqlx::query_scalar(
        "select distinct a.provider_message_id from notification.attempt a
         where a.provider = $1 and a.provider_message_id = any($2) and a.notification_id <> $3",
    )
    .bind(provider)
    .bind(provider_message_ids)
    .bind(id.uuid())
    .fetch_all(pool)
    .await?;
    Ok(taken)
}
