use khaacho_fault::Fault;
use sqlx::{PgPool, Row as _};

use crate::domain::route::{Stats, VendorRecord};

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
