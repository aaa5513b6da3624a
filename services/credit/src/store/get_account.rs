use futures_util::future::BoxFuture;
use khaacho_durable::Together;
use khaacho_fault::Fault;
use khaacho_ids::AccountId;
use sqlx::PgPool;

use super::account::{self, ProfileRow, profile_columns};
use crate::domain::{Account, Profile, Standing};

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

/// Standings with the accounts' versions, read for many callers at once. Never from a cache.
pub(crate) type Standings = Together<AccountId, Seen>;
/// A standing and the account's version; `None` without the account.
type Seen = Option<(Standing, i64)>;

/// Reads for [`Standings`].
pub(crate) fn standings(pool: PgPool, ids: Vec<AccountId>) -> BoxFuture<'static, Result<Vec<Seen>, Fault>> {
    Box::pin(async move {
        let found = account::standings_of(&pool, &ids).await?;
        Ok(ids.iter().map(|id| found.get(&id.uuid()).cloned()).collect())
    })
}

/// A profile with balance, state and version of this moment.
pub(crate) fn current(profile: Profile, (standing, version): (Standing, i64)) -> Account {
    Account {
        profile: Profile {
            state: standing.state,
            ..profile
        },
        balance: standing.balance,
        version,
    }
}
