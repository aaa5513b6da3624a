use khaacho_durable::{Transact, Tx};
use khaacho_fault::Fault;

use super::{catalogue, load_demo};
use crate::domain::create_product::{CreateProduct, Snapshot};
use crate::domain::product::Product;
use crate::domain::refusal::Refusal;

const EXISTS: &str = "select exists (select from inventory.product where sku = $1)";

impl Transact for CreateProduct {
    type Reply = Product;

    async fn load(&self, tx: &mut Tx) -> Result<Snapshot, Fault> {
        let exists = sqlx::query_scalar(EXISTS)
            .bind(self.product.sku.as_str())
            .fetch_one(tx.conn())
            .await?;
        Ok(Snapshot { exists })
    }

    async fn save(&self, (): (), tx: &mut Tx) -> Result<Product, Fault> {
        let added = load_demo::insert_products(tx, std::slice::from_ref(&self.product)).await?;
        if added == 0 {
            // another one with this key came between
            return Err(Refusal::ProductExists(self.product.sku.clone()).into());
        }
        catalogue::changed(tx).await?;
        Ok(self.product.clone())
    }
}
