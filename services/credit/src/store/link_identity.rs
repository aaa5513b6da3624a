use khaacho_durable::{Transact, Tx};
use khaacho_fault::Fault;

use super::Origin;
use crate::domain::link_identity::LinkIdentity;

const LINK: &str = "with linked as (
        insert into credit.account_identity (user_id, account_id, linked_at) values ($1, $2, $3)
        on conflict on constraint account_identity_pkey do nothing returning account_id
    )
    insert into credit.account_change (account_id, kind, actor, reason, before, after, cause_id, trace_id, at)
    select account_id, 'identity_linked', $4, '', '{}', jsonb_build_object('user_id', $1::text), $5, $6, $3 from linked";

impl Transact for LinkIdentity {
    type Reply = ();
    /// The id at the provider is the key.
    const REMEMBERED: bool = false;

    async fn load(&self, _tx: &mut Tx) -> Result<(), Fault> {
        Ok(())
    }

    async fn save(&self, _decision: (), tx: &mut Tx) -> Result<(), Fault> {
        let (origin, actor) = (Origin::of(tx), tx.ctx().principal().subject.clone());
        sqlx::query(LINK)
            .bind(&self.user_id)
            .bind(self.account_id.uuid())
            .bind(origin.at)
            .bind(actor)
            .bind(origin.cause)
            .bind(origin.trace)
            .execute(tx.conn())
            .await?;
        Ok(())
    }
}
