use std::collections::HashMap;

use khaacho_fault::Fault;
use khaacho_money::Paisa;
use khaacho_pg::Db;

use crate::domain::sku::Sku;

const TERMS: &str = "\
select o.sku, min(o.price_paisa) as price_paisa,
    coalesce(max(s.on_hand_milli - s.reserved_milli), 0)::bigint as available_milli
from inventory.offer o
join inventory.vendor v on v.vendor_id = o.vendor_id
left join inventory.stock s on s.vendor_id = o.vendor_id and s.sku = o.sku
where o.sku = any($1) and o.active and v.active
group by o.sku";

/// What a product costs and how much of it there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Terms {
    /// Lowest price of a sale unit among active offers.
    pub(crate) price: Paisa,
    /// Most that one vendor has and has not promised, thousandths of the sale unit.
    pub(crate) available_milli: i64,
}

/// The terms of the products; those that nobody offers are left out.
pub(crate) async fn terms(db: &Db, skus: &[&str]) -> Result<HashMap<Sku, Terms>, Fault> {
    if skus.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(String, i64, i64)> = sqlx::query_as(TERMS).bind(skus).fetch_all(db.pool()).await?;
    let terms = |(sku, price, available_milli)| {
        let price = Paisa::new(price);
        (
            Sku::stored(sku),
            Terms {
                price,
                available_milli,
            },
        )
    };
    Ok(rows.into_iter().map(terms).collect())
}
