use khaacho_durable::{Transact, Tx};
use khaacho_fault::Fault;

use super::{aliases, catalogue};
use crate::domain::alias::Happened;
use crate::domain::revoke_alias::{RevokeAlias, Snapshot};

const SEE: &str = "select a.active from inventory.alias a where a.alias_id = $1";

impl Transact for RevokeAlias {
    type Reply = ();

    async fn load(&self, tx: &mut Tx) -> Result<Snapshot, Fault> {
        aliases::lock(tx).await?;
        Ok(sqlx::query_scalar(SEE)
            .bind(self.alias_id.uuid())
            .fetch_optional(tx.conn())
            .await?)
    }

    async fn save(&self, active: bool, tx: &mut Tx) -> Result<(), Fault> {
        if active {
            aliases::close(tx, self.alias_id, Happened::Revoked, &self.reason, "").await?;
            catalogue::changed(tx).await?;
        }
        Ok(())
    }
}
