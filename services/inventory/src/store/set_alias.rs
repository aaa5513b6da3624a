use khaacho_durable::{Transact, Tx};
use khaacho_fault::Fault;
use khaacho_ids::AliasId;

use super::aliases::{self, Put};
use super::catalogue;
use crate::domain::alias::{ALL_SHOPS, Happened, Source};
use crate::domain::set_alias::{Decision, SetAlias, Snapshot};
use crate::domain::sku::Sku;

const SEE: &str = "\
select exists (select from inventory.product p where p.sku = $1 and p.active),
    (select a.sku from inventory.alias a where a.active and a.account_id = $2 and a.key = $3)";

impl Transact for SetAlias {
    type Reply = AliasId;

    async fn load(&self, tx: &mut Tx) -> Result<Snapshot, Fault> {
        aliases::lock(tx).await?;
        let (product_known, meant): (bool, Option<String>) = sqlx::query_as(SEE)
            .bind(self.sku.as_str())
            .bind(&self.account_id)
            .bind(&self.key)
            .fetch_one(tx.conn())
            .await?;
        Ok(Snapshot {
            product_known,
            meant: meant.map(Sku::stored),
        })
    }

    async fn save(&self, (id, before): Decision, tx: &mut Tx) -> Result<AliasId, Fault> {
        if let Some(before) = before {
            aliases::close(tx, before, Happened::Replaced, "", "").await?;
        }
        let put = Put {
            id,
            account_id: &self.account_id,
            key: &self.key,
            phrase: &self.phrase,
            sku: &self.sku,
            source: Source::Operator,
            confirmations: 1,
        };
        aliases::put(tx, &put, Happened::Set, "").await?;
        if self.account_id == ALL_SHOPS {
            // the matcher knows it then
            catalogue::changed(tx).await?;
        }
        Ok(id)
    }
}
