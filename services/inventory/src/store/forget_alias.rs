use khaacho_durable::{Transact, Tx};
use khaacho_fault::Fault;

use super::aliases;
use crate::domain::alias::{Happened, id_of};
use crate::domain::forget_alias::{ForgetAlias, Meaning};
use crate::domain::sku::Sku;

/// A shop's own meaning comes first. Who is asked already has no other.
const SEE: &str = "\
select a.sku, p.name, a.account_id <> '' as own
from inventory.alias a join inventory.product p on p.sku = a.sku
where a.active and a.key = $2 and (a.account_id = $1 or a.account_id = '' and not exists (
    select from inventory.asked_again n where n.account_id = $1 and n.key = $2))
order by a.account_id desc limit 1";

const ASK_AGAIN: &str = "\
insert into inventory.asked_again (account_id, key, at) values ($1, $2, $3)
on conflict on constraint asked_again_pkey do nothing";

impl Transact for ForgetAlias {
    type Reply = Option<Meaning>;

    async fn load(&self, tx: &mut Tx) -> Result<Option<Meaning>, Fault> {
        aliases::lock(tx).await?;
        let meant: Option<(String, String, bool)> = sqlx::query_as(SEE)
            .bind(self.account_id.to_string())
            .bind(&self.key)
            .fetch_optional(tx.conn())
            .await?;
        Ok(meant.map(|(sku, name, own)| Meaning {
            sku: Sku::stored(sku),
            name,
            own,
        }))
    }

    async fn save(&self, meant: Option<Meaning>, tx: &mut Tx) -> Result<Option<Meaning>, Fault> {
        let Some(meaning) = &meant else { return Ok(meant) };
        let account = self.account_id.to_string();
        if meaning.own {
            let id = id_of(&account, &self.key, &meaning.sku);
            aliases::close(tx, id, Happened::Forgotten, "", "").await?;
        }
        let now = tx.now();
        sqlx::query(ASK_AGAIN)
            .bind(account)
            .bind(&self.key)
            .bind(now)
            .execute(tx.conn())
            .await?;
        Ok(meant)
    }
}
