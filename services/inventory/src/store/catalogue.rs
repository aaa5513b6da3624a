//! The catalogue as a whole, for the index in memory.

use khaacho_durable::Tx;
use khaacho_fault::Fault;
use khaacho_pg::Db;

use super::products::{self, ProductRow, select_products};
use crate::domain::product::Product;

const VERSION: &str = "select version from inventory.catalogue";
const CHANGED: &str = "update inventory.catalogue set version = version + 1";
const ALL: &str = select_products!("where p.active order by p.sku limit $1");

/// Most products of the catalogue.
const PRODUCTS_MAX: i64 = 100_000;

/// Version of the catalogue; grows with every change of a product.
pub(crate) async fn version(db: &Db) -> Result<i64, Fault> {
    Ok(sqlx::query_scalar(VERSION).fetch_one(db.pool()).await?)
}

/// All active products. Read the version first: products that are newer than it do no harm.
pub(crate) async fn products(db: &Db) -> Result<Vec<Product>, Fault> {
    let rows = sqlx::query_as::<_, ProductRow>(ALL)
        .bind(PRODUCTS_MAX)
        .fetch_all(db.pool())
        .await?;
    products::products(rows)
}

/// Notes in the transaction that a product changed.
pub(super) async fn changed(tx: &mut Tx) -> Result<(), Fault> {
    sqlx::query(CHANGED).execute(tx.conn()).await?;
    Ok(())
}
