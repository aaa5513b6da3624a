use khaacho_durable::{Transact, Tx};
use khaacho_fault::Fault;

use super::{Origin, queue_up};
use crate::domain::link_identity::LinkIdentity;

const LINK: &str = "with linked as (
        insert into credit.account_identity (user_id, account_id, linked_at)
        select $1, a.id, $3 from unnest($2::uuid[]) as a (id)
        where not exists (
            select from credit.account_identity i where i.user_id = $1 and i.account_id <> all ($2)
        )
        on conflict on constraint account_identity_pkey do nothing returning account_id
    )
    insert into credit.account_change (account_id, kind, actor, reason, before, after, cause_id, trace_id, at)
    select account_id, 'identity_linked', $4, '', '{}', jsonb_build_object('user_id', $1::text), $5, $6, $3 from linked";

impl Transact for LinkIdentity {
    type Reply = ();
    /// The id at the provider is the key.
    const REMEMBERED: bool = false;

    async fn load(&self, tx: &mut Tx) -> Result<(), Fault> {
        // One after the other, so that an id that comes with two phones at once is linked to the shops of one.
        queue_up(tx, "user:", std::slice::from_ref(&self.user_id)).await
    }

    async fn save(&self, _decision: (), tx: &mut Tx) -> Result<(), Fault> {
        let (origin, actor) = (Origin::of(tx), tx.ctx().principal().subject.clone());
        let account_ids: Vec<_> = self.account_ids.iter().map(|id| id.uuid()).collect();
        sqlx::query(LINK)
            .bind(&self.user_id)
            .bind(account_ids)
            .bind(origin.at)
            .bind(actor)
            .bind(origin.cause)
            .bind(origin.trace)
            .execute(tx.conn())
            .await?;
        Ok(())
    }
}
