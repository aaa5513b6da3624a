//! Rows of aliases. Whoever writes them holds the catalogue's row, so that what was seen stays true.

use chrono::{DateTime, Utc};
use khaacho_durable::Tx;
use khaacho_fault::Fault;
use khaacho_ids::AliasId;
use sqlx::FromRow;
use uuid::Uuid;

use super::Stamp;
use crate::domain::alias::{Happened, Source};
use crate::domain::sku::Sku;

/// `select` of aliases from `inventory.alias a`; a condition and an order follow.
macro_rules! select_aliases {
    ($rest:literal) => {
        concat!(
            "select a.alias_id, a.account_id, a.key, a.phrase, a.sku, a.source, a.confirmations, a.active, ",
            "a.created_at, a.updated_at from inventory.alias a ",
            $rest
        )
    };
}
pub(super) use select_aliases;

const LOCK: &str = "select from inventory.catalogue for no key update";

const PUT: &str = "\
insert into inventory.alias as a (alias_id, account_id, key, phrase, sku, source, confirmations, active, created_at,
    updated_at)
values ($1, $2, $3, $4, $5, $6, $7, true, $8, $8)
on conflict on constraint alias_pkey do update
set source = excluded.source, active = true, updated_at = excluded.updated_at,
    confirmations = case when a.source = 'answer' then a.confirmations + 1 else excluded.confirmations end";

const CLOSE: &str = "update inventory.alias set active = false, updated_at = $2 where alias_id = $1";

const NOTE: &str = "\
insert into inventory.alias_event (alias_id, n, kind, actor, reason, cause, trace_id, at)
select $1, coalesce(max(n), 0) + 1, $2, $3, $4, $5, $6, $7 from inventory.alias_event where alias_id = $1";

/// An alias as it is stored.
#[derive(Debug, FromRow)]
pub(crate) struct AliasRow {
    /// Id.
    pub(crate) alias_id: Uuid,
    /// The shop; empty for all.
    pub(crate) account_id: String,
    /// What phrases are compared by.
    pub(crate) key: String,
    /// As typed first.
    pub(crate) phrase: String,
    /// Product.
    pub(crate) sku: String,
    /// How it came to be.
    pub(crate) source: String,
    /// How often it was confirmed.
    pub(crate) confirmations: i32,
    /// Whether it is in force.
    pub(crate) active: bool,
    /// When it was made.
    pub(crate) created_at: DateTime<Utc>,
    /// Last change.
    pub(crate) updated_at: DateTime<Utc>,
}

/// An alias that comes into force.
pub(super) struct Put<'a> {
    pub(super) id: AliasId,
    pub(super) account_id: &'a str,
    pub(super) key: &'a str,
    pub(super) phrase: &'a str,
    pub(super) sku: &'a Sku,
    pub(super) source: Source,
    pub(super) confirmations: u32,
}

/// One writer of aliases at a time.
pub(super) async fn lock(tx: &mut Tx) -> Result<(), Fault> {
    sqlx::query(LOCK).execute(tx.conn()).await?;
    Ok(())
}

/// Brings it into force, or confirms it once more, and notes what happened.
pub(super) async fn put(tx: &mut Tx, put: &Put<'_>, kind: Happened, cause: &str) -> Result<(), Fault> {
    let now = tx.now();
    sqlx::query(PUT)
        .bind(put.id.uuid())
        .bind(put.account_id)
        .bind(put.key)
        .bind(put.phrase)
        .bind(put.sku.as_str())
        .bind(put.source.as_str())
        .bind(i32::try_from(put.confirmations).map_err(Fault::bug)?)
        .bind(now)
        .execute(tx.conn())
        .await?;
    note(tx, put.id, kind, "", cause).await
}

/// Puts it out of force, and notes why.
pub(super) async fn close(
    tx: &mut Tx,
    id: AliasId,
    kind: Happened,
    reason: &str,
    cause: &str,
) -> Result<(), Fault> {
    let now = tx.now();
    sqlx::query(CLOSE)
        .bind(id.uuid())
        .bind(now)
        .execute(tx.conn())
        .await?;
    note(tx, id, kind, reason, cause).await
}

async fn note(tx: &mut Tx, id: AliasId, kind: Happened, reason: &str, cause: &str) -> Result<(), Fault> {
    let stamp = Stamp::of(tx);
    let cause = if cause.is_empty() { &stamp.cause } else { cause };
    sqlx::query(NOTE)
        .bind(id.uuid())
        .bind(kind.as_str())
        .bind(stamp.actor)
        .bind(reason)
        .bind(cause)
        .bind(stamp.trace_id)
        .bind(stamp.at)
        .execute(tx.conn())
        .await?;
    Ok(())
}
