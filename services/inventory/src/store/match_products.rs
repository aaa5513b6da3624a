use std::collections::HashMap;

use khaacho_fault::Fault;
use khaacho_money::Paisa;
use khaacho_pg::Db;

use crate::domain::sku::Sku;

const LOWEST: &str = "\
select o.sku, min(o.price_paisa) as price_paisa
from inventory.offer o
join inventory.vendor v on v.vendor_id = o.vendor_id
where o.sku = any($1) and o.active and v.active
group by o.sku";

/// Lowest price of a sale unit among active offers, by product; products that nobody offers are left out.
pub(crate) async fn lowest_prices(db: &Db, skus: &[&Sku]) -> Result<HashMap<Sku, Paisa>, Fault> {
    if skus.is_empty() {
        return Ok(HashMap::new());
    }
    let skus: Vec<&str> = skus.iter().map(|sku| sku.as_str()).collect();
    let rows: Vec<(String, i64)> = sqlx::query_as(LOWEST).bind(skus).fetch_all(db.pool()).await?;
    Ok(rows
        .into_iter()
        .map(|(sku, price)| (Sku::stored(sku), Paisa::new(price)))
        .collect())
}
