use chrono::{DateTime, Utc};
use khaacho_fault::Fault;
use khaacho_pg::Db;
use sqlx::FromRow;

/// How long phrases that nobody could match are kept.
pub(crate) const DAYS_KEPT: i64 = 90;

const PAGE: &str = "\
select * from (
    select u.key, (array_agg(u.phrase order by u.at desc))[1] as phrase, count(*) as times,
        count(distinct u.account_id) as shops, sum(u.lost_paisa)::int8 as lost_paisa, max(u.at) as last_at
    from inventory.unmatched_phrase u
    where u.at > $1 and not exists (
        select from inventory.alias a where a.active and a.account_id = '' and a.key = u.key)
    group by u.key) p
where $2::int8 is null or (p.lost_paisa, p.key) < ($2, $3)
order by p.lost_paisa desc, p.key desc limit $4";

/// A phrase that nobody could match.
#[derive(Debug, FromRow)]
pub(crate) struct PhraseRow {
    /// What phrases are compared by.
    pub(crate) key: String,
    /// As it was typed last.
    pub(crate) phrase: String,
    /// How often it came.
    pub(crate) times: i64,
    /// From how many shops.
    pub(crate) shops: i64,
    /// What it may have cost.
    pub(crate) lost_paisa: i64,
    /// Last time.
    pub(crate) last_at: DateTime<Utc>,
}

/// At most `limit` phrases, the most valuable first, behind the one with that value and key.
pub(crate) async fn page(
    db: &Db,
    now: DateTime<Utc>,
    after: Option<(i64, &str)>,
    limit: i64,
) -> Result<Vec<PhraseRow>, Fault> {
    let (value, key) = after.unzip();
    Ok(sqlx::query_as(PAGE)
        .bind(now - chrono::Duration::days(DAYS_KEPT))
        .bind(value)
        .bind(key)
        .bind(limit)
        .fetch_all(db.pool())
        .await?)
}
