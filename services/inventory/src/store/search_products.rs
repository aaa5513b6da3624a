use std::collections::HashMap;

use khaacho_fault::Fault;
use sqlx::PgPool;

use super::products::{self, ProductRow, select_products};
use crate::domain::product::Product;
use crate::domain::sku::Sku;

const THESE: &str = select_products!("where p.sku = any($1) and p.active");

/// Those of the products that are active, by key.
pub(crate) async fn active_products<'a>(
    pool: &PgPool,
    skus: impl IntoIterator<Item = &'a Sku>,
) -> Result<HashMap<Sku, Product>, Fault> {
    let mut skus: Vec<&str> = skus.into_iter().map(Sku::as_str).collect();
    skus.sort_unstable();
    skus.dedup();
    let rows = sqlx::query_as::<_, ProductRow>(THESE)
        .bind(skus)
        .fetch_all(pool)
        .await?;
    let products = products::products(rows)?;
    Ok(products
        .into_iter()
        .map(|product| (product.sku.clone(), product))
        .collect())
}
