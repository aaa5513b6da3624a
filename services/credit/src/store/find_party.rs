use khaacho_fault::Fault;
use sqlx::PgPool;

use super::account::{ProfileRow, profile_columns};
use crate::domain::Profile;

const BY_PHONE: &str = concat!(
    "select ",
    profile_columns!(),
    " from credit.account_phone f join credit.account a on a.id = f.account_id
    where f.phone = $1 order by f.seat"
);
const BY_USER: &str = concat!(
    "select ",
    profile_columns!(),
    " from credit.account_identity f join credit.account a on a.id = f.account_id
    where f.user_id = $1 order by a.opened_at, a.id"
);

/// The accounts that an E.164 phone may act for, the oldest first. Looked up through the cache.
pub(crate) async fn by_phone(pool: &PgPool, phone: &str) -> Result<Vec<Profile>, Fault> {
    find(pool, BY_PHONE, phone).await
}

/// The accounts that a business-scoped id may act for, the oldest first. Looked up through the cache.
pub(crate) async fn by_user(pool: &PgPool, user_id: &str) -> Result<Vec<Profile>, Fault> {
    find(pool, BY_USER, user_id).await
}

async fn find(pool: &PgPool, sql: &'static str, key: &str) -> Result<Vec<Profile>, Fault> {
    let rows = sqlx::query_as::<_, ProfileRow>(sql)
        .bind(key)
        .fetch_all(pool)
        .await?;
    rows.into_iter().map(Profile::try_from).collect()
}
