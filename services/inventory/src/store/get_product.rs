use khaacho_fault::Fault;
use khaacho_pg::Db;

use super::products::{ProductRow, select_products};
use crate::domain::product::Product;
use crate::domain::sku::Sku;

const ONE: &str = select_products!("where p.sku = $1");

/// The product with this key, active or not.
pub(crate) async fn product(db: &Db, sku: &Sku) -> Result<Option<Product>, Fault> {
    let row = sqlx::query_as::<_, ProductRow>(ONE)
        .bind(sku.as_str())
        .fetch_optional(db.pool())
        .await?;
    row.map(Product::try_from).transpose()
}
