use khaacho_durable::{Transact, Tx};
use khaacho_fault::Fault;
use serde_json::json;

use super::Origin;
use super::account::{self, language_column};
use crate::domain::set_language::{Changed, SetLanguage, Setting};
use crate::domain::{Account, Language};

const SEE: &str = concat!(
    "select ",
    language_column!(),
    " from credit.account a where a.id = $1 for no key update"
);
const SET: &str = "with changed as (
        update credit.account set language = $2, language_given = true where id = $1 returning id
    )
    insert into credit.account_change (account_id, kind, actor, reason, before, after, cause_id, trace_id, at)
    select id, 'language_set', $3, '', $4, $5, $6, $7, $8 from changed";

impl Transact for SetLanguage {
    type Reply = Account;

    async fn load(&self, tx: &mut Tx) -> Result<Option<Setting>, Fault> {
        let row: Option<Option<String>> = sqlx::query_scalar(SEE)
            .bind(self.account_id.uuid())
            .fetch_optional(tx.conn())
            .await?;
        let Some(language) = row else { return Ok(None) };
        let language = account::language(language.as_deref())?;
        Ok(Some(Setting { language }))
    }

    async fn save(&self, changed: Option<Changed>, tx: &mut Tx) -> Result<Account, Fault> {
        if let Some(Changed { before, after }) = changed {
            let (origin, actor) = (Origin::of(tx), tx.ctx().principal().subject.clone());
            sqlx::query(SET)
                .bind(self.account_id.uuid())
                .bind(after.as_str())
                .bind(actor)
                .bind(json!({ "language": before.map(Language::as_str) }))
                .bind(json!({ "language": after.as_str() }))
                .bind(origin.cause)
                .bind(origin.trace)
                .bind(origin.at)
                .execute(tx.conn())
                .await?;
        }
        account::known(tx, self.account_id).await
    }
}
