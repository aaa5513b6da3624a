use khaacho_durable::{Transact, Tx};
use khaacho_fault::Fault;

use super::aliases;
use crate::domain::alias::{Happened, id_of};
use crate::domain::forget_alias::{ForgetAlias, Meant};
use crate::domain::sku::Sku;

const SEE: &str = "\
select a.sku, p.name from inventory.alias a join inventory.product p on p.sku = a.sku
where a.active and a.account_id = $1 and a.key = $2";

impl Transact for ForgetAlias {
    type Reply = Meant;
    /// What is forgotten stays forgotten.
    const REMEMBERED: bool = false;

    async fn load(&self, tx: &mut Tx) -> Result<Meant, Fault> {
        aliases::lock(tx).await?;
        let meant: Option<(String, String)> = sqlx::query_as(SEE)
            .bind(self.account_id.to_string())
            .bind(&self.key)
            .fetch_optional(tx.conn())
            .await?;
        Ok(meant.map(|(sku, name)| (Sku::stored(sku), name)))
    }

    async fn save(&self, meant: Meant, tx: &mut Tx) -> Result<Meant, Fault> {
        if let Some((sku, _)) = &meant {
            let id = id_of(&self.account_id.to_string(), &self.key, sku);
            aliases::close(tx, id, Happened::Forgotten, "", "").await?;
        }
        Ok(meant)
    }
}
