use khaacho_fault::Fault;
use khaacho_pg::Db;

use crate::domain::sku::Sku;

/// A shop's own meaning comes first. Products that are gone mean nothing.
const FIND: &str = "\
select a.sku, a.account_id <> '' as own
from unnest($1::text[]) with ordinality as k (key, n)
left join lateral (
    select a.sku, a.account_id from inventory.alias a
    join inventory.product p on p.sku = a.sku and p.active
    where a.active and a.key = k.key and (a.account_id = $2 or a.account_id = '' and not exists (
        select from inventory.asked_again n where n.account_id = $2 and n.key = k.key))
    order by a.account_id desc limit 1
) a on true
order by k.n";

/// What each of the keys means for a shop, and whether it has said so itself.
pub(crate) async fn find(
    db: &Db,
    account_id: &str,
    keys: &[String],
) -> Result<Vec<Option<(Sku, bool)>>, Fault> {
    let rows: Vec<(Option<String>, Option<bool>)> = sqlx::query_as(FIND)
        .bind(keys)
        .bind(account_id)
        .fetch_all(db.pool())
        .await?;
    let found = |(sku, own): (Option<String>, Option<bool>)| Some((Sku::stored(sku?), own?));
    Ok(rows.into_iter().map(found).collect())
}
