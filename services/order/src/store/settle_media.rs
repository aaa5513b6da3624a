use chrono::{DateTime, Utc};
use khaacho_durable::{Transact, Tx};
use khaacho_fault::Fault;
use khaacho_ids::InboundId;
use sqlx::types::Json;
use sqlx::{PgPool, Row as _};
use uuid::Uuid;

use crate::domain::Contact;
use crate::domain::attached::{Attached, Medium};
use crate::domain::settle_media::SettleMedia;

impl Transact for SettleMedia {
    type Reply = ();
    /// The job goes with it, and the row's key makes a repetition harmless.
    const REMEMBERED: bool = false;

    async fn load(&self, _tx: &mut Tx) -> Result<(), Fault> {
        Ok(())
    }

    async fn save(&self, (): (), tx: &mut Tx) -> Result<(), Fault> {
        write(tx, self).await
    }
}

/// Writes what became of a medium.
pub async fn write(tx: &mut Tx, settled: &SettleMedia) -> Result<(), Fault> {
    let ctx = tx.ctx().clone();
    let now = tx.now();
    let state = if settled.reason.is_none() {
        "STORED"
    } else {
        "REFUSED"
    };
    sqlx::query(
        "insert into orders.inbound_media
             (inbound_id, position, media_id, state, reason, cause, trace_id, settled_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict on constraint inbound_media_pkey do nothing",
    )
    .bind(key(&settled.inbound_id)?)
    .bind(i16::from(settled.position))
    .bind(&settled.media_id)
    .bind(state)
    .bind(&settled.reason)
    .bind(ctx.cause())
    .bind(ctx.trace().trace_id())
    .bind(now)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// A medium that is to be fetched.
pub struct Unsettled {
    /// Who sent it, and our own number.
    pub contact: Contact,
    /// Provider's id of its message.
    pub provider_message_id: String,
    /// When the message came in.
    pub received_at: DateTime<Utc>,
    /// The medium.
    pub medium: Medium,
}

/// Reads a medium; `None` when it is known what became of it.
pub async fn unsettled(pool: &PgPool, inbound_id: &str, position: u8) -> Result<Option<Unsettled>, Fault> {
    let row = sqlx::query(
        "select m.provider, m.account, m.address, m.phone, m.user_id, m.provider_message_id, m.received_at, m.attached
         from orders.inbound_message m
         where m.id = $1 and not exists (
             select from orders.inbound_media k where k.inbound_id = m.id and k.position = $2)",
    )
    .bind(key(inbound_id)?)
    .bind(i16::from(position))
    .fetch_optional(pool)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let attached = row
        .get::<Option<Json<Attached>>, _>("attached")
        .unwrap_or_default();
    let mut media = attached.0.media;
    if usize::from(position) >= media.len() {
        return Ok(None);
    }
    Ok(Some(Unsettled {
        contact: super::conversations::contact(&row),
        provider_message_id: row.get("provider_message_id"),
        received_at: row.get("received_at"),
        medium: media.swap_remove(usize::from(position)),
    }))
}

/// What became of a medium.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// The message.
    pub inbound_id: Uuid,
    /// Place in it.
    pub position: i16,
    /// The notification service's id of it; empty where it was never asked for.
    pub media_id: String,
    /// `STORED` or `REFUSED`.
    pub state: String,
    /// Why it was refused; empty when it was not.
    pub reason: String,
}

/// What is known of the media of these messages.
pub async fn settled(pool: &PgPool, inbound: &[Uuid]) -> Result<Vec<Settled>, Fault> {
    let rows = sqlx::query(
        "select inbound_id, position, coalesce(media_id, '') as media_id, state, coalesce(reason, '') as reason
         from orders.inbound_media where inbound_id = any($1) limit 1000",
    )
    .bind(inbound)
    .fetch_all(pool)
    .await?;
    let settled = |row: &sqlx::postgres::PgRow| Settled {
        inbound_id: row.get("inbound_id"),
        position: row.get("position"),
        media_id: row.get("media_id"),
        state: row.get("state"),
        reason: row.get("reason"),
    };
    Ok(rows.iter().map(settled).collect())
}

fn key(inbound_id: &str) -> Result<Uuid, Fault> {
    Ok(inbound_id.parse::<InboundId>().map_err(Fault::bug)?.uuid())
}
