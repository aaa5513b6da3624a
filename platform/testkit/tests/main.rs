//! The test databases themselves.

use khaacho_pg::{
    Db, Settings,
    migrate::{SchemaMigrations, Step},
};
use khaacho_testkit::db::TestDb;

const SET: SchemaMigrations = SchemaMigrations::new(
    "sample",
    "khaacho_sample",
    &[Step {
        version: 1,
        name: "0001_row",
        sql: "create table row (id bigint constraint row_pk primary key)",
    }],
);

async fn connect(database: &TestDb) -> Db {
    let role = Some("khaacho_sample".to_owned());
    Db::connect(Settings {
        role,
        ..Settings::new(database.url(), "sample", "test")
    })
    .await
    .expect("connects")
}

#[tokio::test]
async fn tests_do_not_see_each_others_rows() {
    let (one, two) = (TestDb::migrated(&[SET]).await, TestDb::migrated(&[SET]).await);
    assert_ne!(one.url(), two.url());
    let (one, two) = (connect(&one).await, connect(&two).await);
    sqlx::query("insert into sample.row values (1)")
        .execute(one.pool())
        .await
        .expect("writes");
    let rows: i64 = sqlx::query_scalar("select count(*) from sample.row")
        .fetch_one(two.pool())
        .await
        .expect("reads");
    assert_eq!(rows, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_tests_may_start_at_once() {
    let databases = (0..8).map(|_| TestDb::migrated(&[SET]));
    let databases = futures_util::future::join_all(databases).await;
    for database in &databases {
        connect(database).await;
    }
}

#[tokio::test]
async fn a_database_goes_with_its_test_although_pools_are_open() {
    let database = TestDb::migrated(&[SET]).await;
    let url = database.url().to_owned();
    let db = connect(&database).await;
    drop(database);
    let settings = Settings::new(&url, "sample", "test");
    Db::connect(settings)
        .await
        .expect_err("it does not exist any more");
    drop(db);
}

#[tokio::test]
async fn a_template_that_could_not_be_prepared_is_tried_again() {
    let failed = tokio::task::LocalSet::new()
        .run_until(async {
            tokio::task::spawn_local(TestDb::new("flaky", |_| async { anyhow::bail!("not today") })).await
        })
        .await;
    assert!(failed.expect_err("it panicked").is_panic());
    TestDb::new("flaky", |_| async { Ok(()) }).await;
}
