use khaacho_fault::Fault;
use khaacho_ids::AccountId;
use sqlx::PgPool;

use super::account::{self, ProfileRow, profile_columns};
use crate::domain::{Account, Profile};

const BY_CODE: &str = concat!(
    "select ",
    profile_columns!(),
    " from credit.account a where a.code = $1"
);

/// The part that changes seldom, by id. Looked up through the cache.
pub(crate) async fn profile(pool: &PgPool, account_id: AccountId) -> Result<Option<Profile>, Fault> {
    account::profile(pool, account_id).await
}

/// The part that changes seldom, by code. Looked up through the cache.
pub(crate) async fn profile_by_code(pool: &PgPool, code: &str) -> Result<Option<Profile>, Fault> {
    let row = sqlx::query_as::<_, ProfileRow>(BY_CODE)
        .bind(code)
        .fetch_optional(pool)
        .await?;
    row.map(Profile::try_from).transpose()
}

/// A profile with balance, state and version of this moment.
pub(crate) async fn current(pool: &PgPool, profile: Profile) -> Result<Option<Account>, Fault> {
    let standing = account::standing(pool, profile.account_id).await?;
    Ok(standing.map(|(standing, version)| Account {
        profile: Profile {
            state: standing.state,
            ..profile
        },
        balance: standing.balance,
        version,
    }))
}
