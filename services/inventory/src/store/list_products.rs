use khaacho_fault::Fault;
use khaacho_pg::Db;

use super::products::{self, ProductRow, select_products};
use crate::domain::product::Product;

pub(super) const ALL: &str = select_products!("where p.sku > $1 order by p.sku limit $2");
pub(super) const OF_CATEGORY: &str =
    select_products!("where p.category = $3 and p.sku > $1 order by p.sku limit $2");

/// At most `limit` products after the key `after` (empty: from the first), of one category or of all.
pub(crate) async fn page(db: &Db, category: &str, after: &str, limit: i64) -> Result<Vec<Product>, Fault> {
    let query = if category.is_empty() {
        sqlx::query_as::<_, ProductRow>(ALL).bind(after).bind(limit)
    } else {
        sqlx::query_as::<_, ProductRow>(OF_CATEGORY)
            .bind(after)
            .bind(limit)
            .bind(category)
    };
    products::products(query.fetch_all(db.pool()).await?)
}
