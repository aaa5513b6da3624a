//! Against a real server.

use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{Connection as _, Row as _};

use super::*;
use crate::harness::Postgres;

async fn connect(proxy: &PgProxy) -> PgConnection {
    let options = PgConnectOptions::new()
        .host("127.0.0.1")
        .port(proxy.addr().port())
        .username("khaacho")
        .database("postgres")
        .application_name("a test");
    PgConnection::connect_with(&options)
        .await
        .expect("a session through the proxy")
}

async fn insert(connection: &mut PgConnection, n: i32) -> Result<(), sqlx::Error> {
    let mut tx = connection.begin().await?;
    sqlx::query("insert into t (n) values ($1)")
        .bind(n)
        .execute(&mut *tx)
        .await?;
    tx.commit().await
}

async fn rows(connection: &mut PgConnection) -> Vec<i32> {
    let rows = sqlx::query("select n from t order by n").fetch_all(connection);
    rows.await.expect("rows").iter().map(|row| row.get(0)).collect()
}

/// Works until the trap springs; the work does not end.
async fn until(work: impl Future<Output = Result<(), sqlx::Error>>, hit: Hit) -> SyncPoint {
    tokio::select! {
        done = work => panic!("it went on: {done:?}"),
        point = hit => point.expect("it was sprung"),
    }
}

fn nth(statement: &str, nth: u32) -> Which {
    Which::Nth {
        application: "a test".to_owned(),
        statement: statement.to_owned(),
        nth,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn points_are_counted_and_trapped() {
    let dir = std::env::temp_dir().join(format!("kasauti-pgproxy-{}", std::process::id()));
    let postgres = Postgres::start(&dir).await.expect("a server");
    postgres
        .execute("postgres", "create table t (n int)")
        .await
        .expect("a table");
    let proxy = PgProxy::start(postgres.address().parse().expect("an address")).expect("a port");
    let mut connection = connect(&proxy).await;
    journal(&proxy, &mut connection).await;

    // before it is forwarded: nothing happened
    let mut other = connect(&proxy).await;
    let hit = proxy.trap(nth("insert into t (n) values ($1)", 2), At::BeforeForward);
    insert(&mut other, 2).await.expect("not the second");
    let lost = until(insert(&mut other, 3), hit).await;
    assert_eq!(lost.statement, "insert into t (n) values ($1)");
    drop(other);
    assert_eq!(rows(&mut connection).await, [1, 2]);

    // before the reply: it has happened, and nobody was told
    let mut other = connect(&proxy).await;
    let hit = proxy.trap(nth("COMMIT", 1), At::BeforeReply);
    until(insert(&mut other, 4), hit).await;
    drop(other);
    assert_eq!(rows(&mut connection).await, [1, 2, 4]);

    // the reply is lost: the client hears of a reset
    let mut other = connect(&proxy).await;
    let hit = proxy.lose_next_commit_reply();
    insert(&mut other, 5).await.expect_err("nobody knows");
    hit.await.expect("it was sprung");
    assert_eq!(rows(&mut connection).await, [1, 2, 4, 5]);

    // a held session ends with its server
    let mut other = connect(&proxy).await;
    let hit = proxy.trap(nth("COMMIT", 1), At::BeforeReply);
    let (done, ()) = tokio::join!(insert(&mut other, 6), async {
        hit.await.expect("it was sprung");
        postgres.stop_immediately().await.expect("it stops");
    });
    done.expect_err("nobody knows");
    postgres.spawn().expect("it starts");
    postgres.ready(Duration::from_secs(30)).await.expect("it is back");
    let mut last = connect(&proxy).await;
    assert_eq!(rows(&mut last).await, [1, 2, 4, 5, 6]);
    drop(postgres);
    std::fs::remove_dir_all(&dir).expect("ours");
}

async fn journal(proxy: &PgProxy, connection: &mut PgConnection) {
    let poll = "update t set n = n where n < 0";
    proxy.background(Arc::new(HashSet::from([("a test".to_owned(), poll.to_owned())])));
    proxy.record();
    insert(connection, 1).await.expect("inserted");
    sqlx::raw_sql("begin; set local statement_timeout = 4711")
        .execute(&mut *connection)
        .await
        .expect("begun");
    sqlx::raw_sql(poll)
        .execute(&mut *connection)
        .await
        .expect("polled");
    sqlx::raw_sql("commit")
        .execute(&mut *connection)
        .await
        .expect("committed");
    let seen: Vec<_> = proxy
        .recorded()
        .into_iter()
        .map(|point| (point.statement, point.wrote, point.transaction, point.works))
        .collect();
    let text = str::to_owned;
    assert_eq!(
        seen,
        [
            (text("BEGIN"), None, Some(1), true),
            (text("insert into t (n) values ($1)"), Some(1), Some(1), true),
            (text("COMMIT"), None, Some(1), true),
            (
                text("begin; set local statement_timeout = ?"),
                None,
                Some(2),
                true
            ),
            (text(poll), Some(0), Some(2), false),
            (text("commit"), None, Some(2), false),
        ]
    );
}
