use khaacho_fault::Fault;
use sqlx::{FromRow, PgPool};

use super::account::{ProfileRow, StandingRow, due_join, profile_columns, standing_columns};
use crate::domain::{Account, Profile};

const LIST: &str = concat!(
    "select ",
    profile_columns!(),
    ", ",
    standing_columns!(),
    " from credit.account a ",
    due_join!(),
    " where a.code > $1 and ($2 = '' or a.state = $2) order by a.code limit $3"
);

#[derive(FromRow)]
struct Row {
    #[sqlx(flatten)]
    profile: ProfileRow,
    #[sqlx(flatten)]
    standing: StandingRow,
}

/// Accounts after a code, by code, at most `limit`. `state` empty: all.
pub(crate) async fn page(pool: &PgPool, after: &str, state: &str, limit: i64) -> Result<Vec<Account>, Fault> {
    let rows: Vec<Row> = sqlx::query_as(LIST)
        .bind(after)
        .bind(state)
        .bind(limit)
        .fetch_all(pool)
        .await?;
    let account = |row: Row| {
        let (standing, version) = row.standing.read()?;
        Ok(Account {
            profile: Profile::try_from(row.profile)?,
            balance: standing.balance,
            version,
        })
    };
    rows.into_iter().map(account).collect()
}
