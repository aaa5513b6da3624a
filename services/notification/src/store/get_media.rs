//! Media as people see them.

use chrono::{DateTime, Utc};
use khaacho_fault::Fault;
use khaacho_ids::MediaId;
use sqlx::{FromRow, PgPool};
use uuid::Uuid;

use super::count;
use crate::domain::media::MediaView;

const ONE: &str = "select id, inbound_id, reason, mime, size, sha256, content, transcript, fetched_at
    from notification.media where id = $1";
const SEVERAL: &str =
    "select id, inbound_id, reason, mime, size, sha256, null::bytea as content, transcript, fetched_at
    from notification.media where id = any($1) limit 200";
const SOUND: &str = "select mime, content from notification.media
    where id = $1 and content is not null and transcript is null";

#[derive(FromRow)]
struct Row {
    id: Uuid,
    inbound_id: Uuid,
    reason: Option<String>,
    mime: Option<String>,
    size: Option<i32>,
    sha256: Option<Vec<u8>>,
    content: Option<Vec<u8>>,
    transcript: Option<String>,
    fetched_at: DateTime<Utc>,
}

impl From<Row> for MediaView {
    fn from(row: Row) -> Self {
        Self {
            id: row.id.into(),
            inbound_id: row.inbound_id.into(),
            reason: row.reason,
            mime: row.mime.unwrap_or_default(),
            size: count(row.size.unwrap_or_default()),
            sha256: row.sha256.unwrap_or_default(),
            content: row.content.unwrap_or_default(),
            transcript: row.transcript.unwrap_or_default(),
            fetched_at: row.fetched_at,
        }
    }
}

/// One medium with its content.
pub(crate) async fn one(pool: &PgPool, id: MediaId) -> Result<Option<MediaView>, Fault> {
    let row: Option<Row> = sqlx::query_as(ONE).bind(id.uuid()).fetch_optional(pool).await?;
    Ok(row.map(MediaView::from))
}

/// Media without their content.
pub(crate) async fn several(pool: &PgPool, ids: &[MediaId]) -> Result<Vec<MediaView>, Fault> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    let rows: Vec<Row> = sqlx::query_as(SEVERAL).bind(ids).fetch_all(pool).await?;
    Ok(rows.into_iter().map(MediaView::from).collect())
}

/// Type and content of a voice that nobody has written down yet.
pub(crate) async fn sound(pool: &PgPool, id: MediaId) -> Result<Option<(String, Vec<u8>)>, Fault> {
    Ok(sqlx::query_as(SOUND).bind(id.uuid()).fetch_optional(pool).await?)
}
