use khaacho_fault::Fault;
use khaacho_ids::AliasId;
use khaacho_pg::Db;
use sqlx::FromRow;
use uuid::Uuid;

use super::aliases::{AliasRow, select_aliases};

const PAGE: &str = select_aliases!(
    "where a.alias_id > $1 and ($2::text is null or a.account_id = $2) and ($3::text is null or a.sku = $3)
    order by a.alias_id limit $4"
);
const ONE: &str = select_aliases!("where a.alias_id = $1");
const EVENTS: &str = "\
select e.kind, e.actor, e.reason, e.cause, e.trace_id, e.at from (
    select * from inventory.alias_event where alias_id = $1 order by n desc limit 100) e
order by e.n";

/// At most `limit` aliases by id.
pub(crate) async fn page(
    db: &Db,
    after: Option<AliasId>,
    account_id: Option<&str>,
    sku: Option<&str>,
    limit: i64,
) -> Result<Vec<AliasRow>, Fault> {
    Ok(sqlx::query_as(PAGE)
        .bind(after.map_or(Uuid::nil(), AliasId::uuid))
        .bind(account_id)
        .bind(sku)
        .bind(limit)
        .fetch_all(db.pool())
        .await?)
}

/// One alias.
pub(crate) async fn find(db: &Db, id: AliasId) -> Result<Option<AliasRow>, Fault> {
    Ok(sqlx::query_as(ONE)
        .bind(id.uuid())
        .fetch_optional(db.pool())
        .await?)
}

/// Something that happened to an alias.
#[derive(Debug, FromRow)]
pub(crate) struct EventRow {
    /// What.
    pub(crate) kind: String,
    /// Who.
    pub(crate) actor: String,
    /// Why.
    pub(crate) reason: String,
    /// What caused it.
    pub(crate) cause: String,
    /// Trace id.
    pub(crate) trace_id: String,
    /// When.
    pub(crate) at: chrono::DateTime<chrono::Utc>,
}

/// The last 100 events of an alias, oldest first.
pub(crate) async fn events(db: &Db, id: AliasId) -> Result<Vec<EventRow>, Fault> {
    Ok(sqlx::query_as(EVENTS)
        .bind(id.uuid())
        .fetch_all(db.pool())
        .await?)
}
