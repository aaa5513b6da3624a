use khaacho_fault::Fault;
use khaacho_ids::AccountId;
use sqlx::PgPool;

use super::account;
use crate::domain::Standing;

/// What decides about a hold now. Promises nothing: only the conditional update of a placed hold does.
pub(crate) async fn standing(pool: &PgPool, account_id: AccountId) -> Result<Option<Standing>, Fault> {
    Ok(account::standing(pool, account_id)
        .await?
        .map(|(standing, _)| standing))
}
