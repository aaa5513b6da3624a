use khaacho_fault::Fault;
use khaacho_ids::AccountId;
use sqlx::PgPool;

use super::account;
use crate::domain::Balance;

/// Limit, debt and holds of one moment, with what is due next. Never from a cache.
pub(crate) async fn balance(pool: &PgPool, account_id: AccountId) -> Result<Option<Balance>, Fault> {
    Ok(account::standing(pool, account_id)
        .await?
        .map(|(standing, _)| standing.balance))
}
