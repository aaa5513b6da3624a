use khaacho_fault::Fault;
use sqlx::PgPool;

use super::account::{ProfileRow, profile_columns};
use crate::domain::Profile;

const BY_PHONE: &str = concat!(
    "select ",
    profile_columns!(),
    " from credit.account_phone f join credit.account a on a.id = f.account_id
    where f.phone = $1"
);
const BY_USER: &str = concat!(
    "select ",
    profile_columns!(),
    " from credit.account_identity f join credit.account a on a.id = f.account_id
    where f.user_id = $1"
);

/// The account that an E.164 phone may act for. Looked up through the cache.
pub(crate) async fn by_phone(pool: &PgPool, phone: &str) -> Result<Option<Profile>, Fault> {
    find(pool, BY_PHONE, phone).await
}

/// The account that a business-scoped id may act for. Looked up through the cache.
pub(crate) async fn by_user(pool: &PgPool, user_id: &str) -> Result<Option<Profile>, Fault> {
    find(pool, BY_USER, user_id).await
}

async fn find(pool: &PgPool, sql: &'static str, key: &str) -> Result<Option<Profile>, Fault> {
    let row = sqlx::query_as::<_, ProfileRow>(sql)
        .bind(key)
        .fetch_optional(pool)
        .await?;
    row.map(Profile::try_from).transpose()
}
