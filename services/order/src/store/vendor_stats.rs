use std::time::Duration;

use khaacho_fault::Fault;
use moka::future::Cache;
use sqlx::{PgPool, Row as _};

use crate::domain::route::{Stats, VendorRecord};

/// Records of vendors may be this old. They weigh a little in a ranking; under load every order would count the same
/// rows again.
const FRESH_FOR: Duration = Duration::from_secs(2);
/// Vendors whose records are kept.
const KEPT_MAX: u64 = 20_000;

/// Records of vendors, read again after two seconds.
pub struct RecentStats(Cache<String, VendorRecord>);

impl Default for RecentStats {
    fn default() -> Self {
        Self(
            Cache::builder()
                .max_capacity(KEPT_MAX)
                .time_to_live(FRESH_FOR)
                .build(),
        )
    }
}

impl RecentStats {
    /// Records of these vendors; what is not known any more is read in one query.
    pub async fn of(&self, pool: &PgPool, vendor_ids: Vec<String>) -> Result<Stats, Fault> {
        let mut stats = Stats::new();
        let mut missing = Vec::new();
        for id in vendor_ids {
            match self.0.get(&id).await {
                Some(record) => drop(stats.insert(id, record)),
                None => missing.push(id),
            }
        }
        if missing.is_empty() {
            return Ok(stats);
        }
        let read = of(pool, &missing).await?;
        for (id, record) in &read {
            self.0.insert(id.clone(), *record).await;
        }
        stats.extend(read);
        Ok(stats)
    }
}

/// Records of vendors: orders under way, and offers of the last 90 days.
pub async fn of(pool: &PgPool, vendor_ids: &[String]) -> Result<Stats, Fault> {
    let rows = sqlx::query(
        "select v.id,
                (select count(*) from (select 1 from orders.purchase_order o
                     where o.vendor_id = v.id and o.status in ('ACCEPTED', 'PACKING', 'DISPATCHED', 'OUT_FOR_DELIVERY')
                     limit 50) busy) as active,
                coalesce(a.offered, 0) as offered, coalesce(a.accepted, 0) as accepted
         from unnest($1::text[]) as v (id)
         left join lateral (
             select count(*) filter (where answer in ('ACCEPTED', 'DECLINED', 'EXPIRED')) as offered,
                    count(*) filter (where answer = 'ACCEPTED') as accepted
             from (select answer from orders.assignment
                   where vendor_id = v.id and decided_at > now() - interval '90 days'
                   order by decided_at desc limit 200) recent) a on true",
    )
    .bind(vendor_ids)
    .fetch_all(pool)
    .await?;
    let record = |row: &sqlx::postgres::PgRow| VendorRecord {
        active: row.get("active"),
        offered: row.get("offered"),
        accepted: row.get("accepted"),
    };
    Ok(rows.iter().map(|row| (row.get("id"), record(row))).collect())
}
