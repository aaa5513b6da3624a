use khaacho_durable::{NewJob, Transact, Tx};
use khaacho_fault::Fault;
use khaacho_ids::MediaId;
use serde::{Deserialize, Serialize};
use sqlx::{FromRow, PgPool};

use crate::domain::fetch_media::{FetchMedia, Fetched, Kept};

/// Kind of job that writes down a voice.
pub(crate) const TRANSCRIBE_MEDIA: &str = "transcribe_media";

/// Body of `transcribe_media`.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct TranscribeBody {
    /// The voice.
    pub media_id: MediaId,
}

const PUT: &str = "insert into notification.media
        (id, provider, inbound_id, state, reason, mime, size, sha256, content, cause, trace_id, fetched_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
    on conflict on constraint media_pkey do nothing";
const KNOWN: &str = "select reason from notification.media where id = $1";

#[derive(FromRow)]
struct Row {
    reason: Option<String>,
}

impl Transact for FetchMedia {
    type Reply = Fetched;
    /// The medium's own id makes a repetition harmless.
    const REMEMBERED: bool = false;

    async fn load(&self, _tx: &mut Tx) -> Result<(), Fault> {
        Ok(())
    }

    async fn save(&self, kept: Kept, tx: &mut Tx) -> Result<Fetched, Fault> {
        let ctx = tx.ctx().clone();
        let now = tx.now();
        let found = self.found.as_ref().ok();
        let reason = self.found.as_ref().err().map(|unfit| unfit.as_str());
        let size = found.map(|found| i32::try_from(found.content.len()).unwrap_or(i32::MAX));
        let put = sqlx::query(PUT)
            .bind(self.named.id.uuid())
            .bind(self.named.provider.as_str())
            .bind(self.named.inbound_id.uuid())
            .bind(if found.is_some() { "STORED" } else { "REFUSED" })
            .bind(reason)
            .bind(found.map(|found| found.mime))
            .bind(size)
            .bind(found.map(|found| &found.sha256))
            .bind(found.map(|found| &found.content))
            .bind(ctx.cause())
            .bind(ctx.trace().trace_id())
            .bind(now)
            .execute(tx.conn())
            .await?;
        if put.rows_affected() == 1 && kept.transcribe {
            let body = TranscribeBody {
                media_id: self.named.id,
            };
            tx.enqueue(NewJob::new(TRANSCRIBE_MEDIA, &body)?);
        }
        let row: Row = sqlx::query_as(KNOWN)
            .bind(self.named.id.uuid())
            .fetch_one(tx.conn())
            .await?;
        Ok(Fetched { reason: row.reason })
    }
}

/// How the fetching of a medium ended; `None`: it has not.
pub(crate) async fn known(pool: &PgPool, id: MediaId) -> Result<Option<Fetched>, Fault> {
    let row: Option<Row> = sqlx::query_as(KNOWN).bind(id.uuid()).fetch_optional(pool).await?;
    Ok(row.map(|row| Fetched { reason: row.reason }))
}
