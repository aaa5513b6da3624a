//! Reports that came before we knew the provider's id of their message, and now can be matched.

use chrono::{DateTime, Utc};
use khaacho_fault::Fault;
use sqlx::{FromRow, PgPool};

use super::provider;
use crate::domain::receive_status::Report;

/// Providers report within minutes of sending; what is older belongs to nobody.
const LATE: &str =
    "select e.provider, e.account, e.provider_message_id, e.status, e.raw_status, e.error_code,
        e.error_text, e.reported_at
    from notification.status_event e
    where e.notification_id is null and e.received_at > $1
      and exists (select from notification.attempt a
                  where a.provider_message_id = e.provider_message_id and a.provider = e.provider)
    order by e.received_at limit 100";

#[derive(FromRow)]
struct Row {
    provider: String,
    account: String,
    provider_message_id: String,
    status: String,
    raw_status: String,
    error_code: String,
    error_text: Option<String>,
    reported_at: Option<DateTime<Utc>>,
}

/// Up to 100 of them, received after `since`, oldest first.
pub(crate) async fn late_reports(pool: &PgPool, since: DateTime<Utc>) -> Result<Vec<Report>, Fault> {
    let rows: Vec<Row> = sqlx::query_as(LATE).bind(since).fetch_all(pool).await?;
    let report = |row: Row| {
        Ok(Report {
            provider: provider(&row.provider)?,
            account: row.account,
            provider_message_id: row.provider_message_id,
            status: row.status,
            raw_status: row.raw_status,
            error_code: row.error_code,
            error_text: row.error_text,
            notification_id: None,
            at: row.reported_at,
        })
    };
    rows.into_iter().map(report).collect()
}
