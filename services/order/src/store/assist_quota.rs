use chrono::NaiveDate;
use khaacho_fault::Fault;
use sqlx::PgPool;

/// Takes one of the `most` questions that a shop has on a day; `false` when none is left. One statement: however many
/// ask at the same time, no more than that are taken.
pub async fn take(pool: &PgPool, account_id: &str, day: NaiveDate, most: i32) -> Result<bool, Fault> {
    let taken = sqlx::query_scalar::<_, i32>(
        "insert into orders.assist_quota as quota (account_id, day, used)
         select $1, $2, 1 where $3 > 0
         on conflict (account_id) do update
             set day = excluded.day,
                 used = case when quota.day = excluded.day then quota.used + 1 else 1 end
             where quota.day < excluded.day or quota.day = excluded.day and quota.used < $3
         returning used",
    )
    .bind(account_id)
    .bind(day)
    .bind(most)
    .fetch_optional(pool)
    .await?;
    Ok(taken.is_some())
}

#[cfg(test)]
mod tests {
    use futures_util::future::join_all;
    use khaacho_durable::SCHEMA_SQL;
    use khaacho_pg::migrate::SchemaMigrations;
    use khaacho_testkit::db::TestDb;

    use super::*;

    const SCHEMA: SchemaMigrations = SchemaMigrations::new("orders", "khaacho_orders", crate::MIGRATIONS)
        .with_prelude(&[("durable", SCHEMA_SQL)]);

    #[tokio::test(flavor = "multi_thread")]
    async fn no_more_are_taken_than_there_are_however_many_ask_at_once() {
        let database = TestDb::migrated(&[SCHEMA]).await;
        let pool = PgPool::connect(database.url())
            .await
            .expect("the test's database");
        let monday = NaiveDate::from_ymd_opt(2026, 11, 23).expect("a date");
        let all = async |shop: &'static str, day: NaiveDate, most: i32| {
            let taken = join_all((0..40).map(|_| take(&pool, shop, day, most))).await;
            taken
                .into_iter()
                .filter(|taken| *taken.as_ref().expect("answered"))
                .count()
        };
        assert_eq!(all("acc_1", monday, 10).await, 10);
        assert_eq!(all("acc_1", monday, 10).await, 0);
        assert_eq!(all("acc_1", monday, 12).await, 2, "a larger quota gives the rest");
        assert_eq!(all("acc_2", monday, 10).await, 10, "another shop has its own");
        let tuesday = monday.succ_opt().expect("a date");
        assert_eq!(all("acc_1", tuesday, 10).await, 10);
        assert_eq!(
            all("acc_1", monday, 10).await,
            0,
            "a day that is over gives nothing"
        );
        assert_eq!(all("acc_3", monday, 0).await, 0);
        let rows: i64 = sqlx::query_scalar("select count(*) from orders.assist_quota")
            .fetch_one(&pool)
            .await
            .expect("answered");
        assert_eq!(rows, 2, "a row a shop, whatever the days");
        pool.close().await;
    }
}
