//! Notifications as people see them.

use chrono::{DateTime, Utc};
use khaacho_fault::Fault;
use khaacho_ids::NotificationId;
use sqlx::{FromRow, PgExecutor};
use uuid::Uuid;

use super::{RecipientRow, count, state};
use crate::domain::Recipient;
use crate::domain::view::{AttemptView, View};

/// The select of [`Row`], up to its `where`.
macro_rules! select_view {
    ($rest:literal) => {
        concat!(
            "select n.id, n.seq, n.template, n.state, n.provider, n.account, n.address, n.phone, n.user_id,
                n.order_id,
                n.provider_message_id, n.error_code, n.error_text, n.cause, n.trace_id, n.created_at,
                    n.updated_at,
                n.deadline_at
             from notification.notification n ",
            $rest
        )
    };
}
pub(super) use select_view;

const ONE: &str = select_view!("where n.id = $1");
const ATTEMPTS: &str = "select number, started_at, result, code, text from notification.attempt
    where notification_id = $1 order by number desc limit 100";

#[derive(FromRow)]
pub(super) struct Row {
    id: Uuid,
    seq: i64,
    template: String,
    state: String,
    #[sqlx(flatten)]
    recipient: RecipientRow,
    order_id: Option<Uuid>,
    provider_message_id: Option<String>,
    error_code: Option<String>,
    error_text: Option<String>,
    cause: String,
    trace_id: String,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    deadline_at: DateTime<Utc>,
}

impl TryFrom<Row> for View {
    type Error = Fault;

    fn try_from(row: Row) -> Result<Self, Fault> {
        let recipient: Recipient = row.recipient.try_into()?;
        Ok(Self {
            id: row.id.into(),
            seq: row.seq,
            template: row.template,
            state: state(&row.state)?,
            provider: recipient.provider,
            to_masked: recipient.masked(),
            order_id: row.order_id.map(Into::into),
            provider_message_id: row.provider_message_id,
            error_code: row.error_code,
            error_text: row.error_text,
            attempts: Vec::new(),
            cause: row.cause,
            trace_id: row.trace_id,
            created_at: row.created_at,
            updated_at: row.updated_at,
            deadline_at: row.deadline_at,
        })
    }
}

#[derive(FromRow)]
struct AttemptRow {
    number: i32,
    started_at: DateTime<Utc>,
    result: String,
    code: Option<String>,
    text: Option<String>,
}

/// One notification without its attempts.
pub(crate) async fn view<'e>(db: impl PgExecutor<'e>, id: NotificationId) -> Result<Option<View>, Fault> {
    let row: Option<Row> = sqlx::query_as(ONE).bind(id.uuid()).fetch_optional(db).await?;
    row.map(View::try_from).transpose()
}

/// Its last 100 attempts, oldest first.
pub(crate) async fn attempts<'e>(
    db: impl PgExecutor<'e>,
    id: NotificationId,
) -> Result<Vec<AttemptView>, Fault> {
    let rows: Vec<AttemptRow> = sqlx::query_as(ATTEMPTS).bind(id.uuid()).fetch_all(db).await?;
    let attempt = |row: AttemptRow| AttemptView {
        number: count(row.number),
        started_at: row.started_at,
        result: row.result,
        code: row.code,
        text: row.text,
    };
    Ok(rows.into_iter().rev().map(attempt).collect())
}
