//! Nothing that was acknowledged is lost, whatever callers do with their futures.

use std::{
    future::Future,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    task::{Context, Waker},
    time::{Duration, Instant},
};

use khaacho_fault::{Fault, Kind};
use khaacho_pg::{Db, Guarding, Safety, Settings, begin, check_server, in_tx, in_tx_until};
use sqlx::Connection;

use crate::Database;

async fn db(database: &Database, pool_max: u32) -> Db {
    let settings = Settings {
        pool_max,
        ..Settings::new(&database.url, "public", "test")
    };
    let db = Db::connect(settings).await.expect("connects");
    sqlx::raw_sql("create table public.note (id bigserial primary key, text text not null)")
        .execute(db.pool())
        .await
        .expect("creates");
    db
}

async fn count(db: &Db) -> i64 {
    sqlx::query_scalar("select count(*) from public.note")
        .fetch_one(db.pool())
        .await
        .expect("counts")
}

async fn write(db: &Db, text: &'static str) -> Result<(), Fault> {
    in_tx(db, move |conn| {
        Box::pin(async move {
            sqlx::query("insert into public.note (text) values ($1)")
                .bind(text)
                .execute(conn)
                .await?;
            Ok(())
        })
    })
    .await
}

/// sqlx 0.9.0 puts a connection with an open transaction back when `begin` is dropped after its first poll.
/// Without the guard the insert below runs inside that transaction, is acknowledged, and vanishes.
#[tokio::test]
async fn a_dropped_begin_does_not_swallow_the_next_write() {
    let database = Database::new().await;
    let db = db(&database, 1).await;
    for round in 0..5 {
        let mut conn = db.pool().acquire().await.expect("one is free");
        {
            // slow, so that the answer is certainly not there at the first poll
            let begun = pin!(conn.begin_with("begin; select pg_sleep(0.02)"));
            let polled = begun.poll(&mut Context::from_waker(Waker::noop()));
            assert!(polled.is_pending(), "it was sent and waits for the answer");
        }
        drop(conn);
        sqlx::query("insert into public.note (text) values ('kept')")
            .execute(db.pool())
            .await
            .expect("writes");
        let fresh = Db::connect(Settings::new(&database.url, "public", "reader"))
            .await
            .expect("connects");
        assert_eq!(
            count(&fresh).await,
            round + 1,
            "an acknowledged write is there for others"
        );
    }
}

/// As release builds are guarded: nothing is asked until a `begin` of ours is torn.
#[tokio::test(flavor = "multi_thread")]
async fn a_torn_begin_is_noticed_without_asking_always() {
    let database = Database::new().await;
    drop(db(&database, 1).await);
    let settings = Settings {
        pool_max: 1,
        guarding: Guarding::OnSuspicion,
        ..Settings::new(&database.url, "public", "test")
    };
    let db = Db::connect(settings).await.expect("connects");
    let reader = Db::connect(Settings::new(&database.url, "public", "reader"))
        .await
        .expect("connects");
    let mut torn = 0;
    for round in 0..100_i64 {
        // the connection is at hand, so the first poll sends `begin`, and the answer cannot be there yet
        let conn = db.pool().acquire().await.expect("one is free");
        drop(conn);
        while db.stats().idle == 0 {
            tokio::task::yield_now().await;
        }
        {
            let begun = pin!(begin(&db, None));
            let polled = begun.poll(&mut Context::from_waker(Waker::noop()));
            torn += i32::from(polled.is_pending());
        }
        sqlx::query("insert into public.note (text) values ('kept')")
            .execute(db.pool())
            .await
            .expect("writes");
        assert_eq!(count(&reader).await, round + 1, "an acknowledged write is there");
    }
    assert!(torn > 0, "none was torn");
}

#[tokio::test(flavor = "multi_thread")]
async fn impatient_callers_lose_no_acknowledged_write() {
    let database = Database::new().await;
    let db = db(&database, 4).await;
    let acknowledged = Arc::new(AtomicI64::new(0));
    let callers = (0..16_u64).map(|caller| {
        let (db, acknowledged) = (db.clone(), Arc::clone(&acknowledged));
        async move {
            for round in 0..40_u64 {
                let patience = Duration::from_micros((caller * 131 + round * 577) % 3_000);
                if let Ok(Ok(())) = tokio::time::timeout(patience, write(&db, "x")).await {
                    acknowledged.fetch_add(1, Ordering::Relaxed);
                }
                if write(&db, "patient").await.is_ok() {
                    acknowledged.fetch_add(1, Ordering::Relaxed);
                }
            }
        }
    });
    futures_util::future::join_all(callers).await;
    db.close().await;
    let fresh = Db::connect(Settings::new(&database.url, "public", "reader"))
        .await
        .expect("connects");
    let (kept, acknowledged) = (count(&fresh).await, acknowledged.load(Ordering::Relaxed));
    assert!(kept >= acknowledged, "{acknowledged} acknowledged, {kept} kept");
    assert!(
        acknowledged >= 16 * 40,
        "every patient caller got through: {acknowledged}"
    );
}

#[tokio::test]
async fn a_transaction_goes_on_without_its_caller() {
    let database = Database::new().await;
    let db = db(&database, 2).await;
    let (entered, mut inside) = tokio::sync::mpsc::unbounded_channel();
    let (release, released) = tokio::sync::oneshot::channel::<()>();
    {
        let whole = in_tx(&db, move |conn| {
            Box::pin(async move {
                entered.send(()).expect("the test listens");
                released.await.expect("the test releases");
                sqlx::query("insert into public.note (text) values ('late')")
                    .execute(conn)
                    .await?;
                Ok(())
            })
        });
        tokio::select! {
            _ = whole => panic!("nobody released it"),
            entered = inside.recv() => assert!(entered.is_some()),
        }
    }
    release
        .send(())
        .expect("the transaction is still there although its caller is gone");
    while count(&db).await == 0 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn an_error_or_a_panic_rolls_back() {
    let database = Database::new().await;
    let db = db(&database, 1).await;
    let refused: Result<(), Fault> = in_tx(&db, |conn| {
        Box::pin(async move {
            sqlx::query("insert into public.note (text) values ('no')")
                .execute(conn)
                .await?;
            Err(Fault::refused("NO"))
        })
    })
    .await;
    assert_eq!(refused.expect_err("refused").reason(), "NO");
    let panicked: Result<(), Fault> =
        in_tx(&db, |_| Box::pin(async { panic!("a bug of ours, on purpose") })).await;
    assert_eq!(panicked.expect_err("panicked").kind(), Kind::Bug);
    assert_eq!(count(&db).await, 0);
    write(&db, "the pool still works").await.expect("writes");
}

#[tokio::test]
#[cfg_attr(
    not(debug_assertions),
    ignore = "only debug builds pay the round trip that notices it"
)]
async fn a_swallowed_database_error_is_not_committed_as_success() {
    let database = Database::new().await;
    let db = db(&database, 1).await;
    let result: Result<(), Fault> = in_tx(&db, |conn| {
        Box::pin(async move {
            let _ = sqlx::query("insert into public.note (text) values (null)")
                .execute(conn)
                .await;
            Ok(())
        })
    })
    .await;
    assert_eq!(result.expect_err("nothing was written").kind(), Kind::Bug);
}

#[tokio::test]
async fn the_deadline_ends_statements_and_waits_for_connections() {
    let database = Database::new().await;
    let db = db(&database, 1).await;
    let soon = Some(Instant::now() + Duration::from_millis(150));
    let slow: Result<(), Fault> = in_tx_until(&db, soon, |conn| {
        Box::pin(async move {
            sqlx::query("select pg_sleep(3)").execute(conn).await?;
            Ok(())
        })
    })
    .await;
    assert_eq!(slow.expect_err("cut").kind(), Kind::Late);

    let held = begin(&db, None).await.expect("begins");
    let soon = Some(Instant::now() + Duration::from_millis(50));
    assert_eq!(
        begin(&db, soon).await.expect_err("no connection is free").kind(),
        Kind::Late
    );
    drop(held);
    let usual: String = in_tx(&db, |conn| {
        Box::pin(async move {
            Ok(sqlx::query_scalar("show statement_timeout")
                .fetch_one(conn)
                .await?)
        })
    })
    .await
    .expect("reads");
    assert_eq!(
        usual, "5s",
        "the limit of one transaction does not stay with the session"
    );
}

#[tokio::test]
async fn sessions_have_their_defaults_and_the_server_is_judged() {
    let database = Database::new().await;
    let db = db(&database, 1).await;
    let shown: String = sqlx::query_scalar(
        "select concat_ws(' ', current_setting('search_path'), current_setting('lock_timeout'), \
                current_setting('idle_in_transaction_session_timeout'), current_setting('timezone'), \
                current_setting('application_name'))",
    )
    .fetch_one(db.pool())
    .await
    .expect("reads");
    assert_eq!(shown, "public 2s 10s UTC test");
    let facts = check_server(&db, Safety::Waived).await.expect("waived");
    assert!(
        facts.max_connections >= 20 && facts.version_num >= 140_000,
        "{facts:?}"
    );
    let strict = check_server(&db, Safety::Required).await;
    assert_eq!(strict.is_err(), !facts.switched_off.is_empty(), "{facts:?}");
}

#[tokio::test]
async fn a_service_starts_without_its_database() {
    let settings = Settings {
        acquire_timeout: Duration::from_millis(200),
        ..Settings::new("postgres://nobody@127.0.0.1:1/none", "public", "test")
    };
    let db = Db::connect_lazy(settings).expect("the URL is fine");
    assert_eq!(
        write(&db, "x").await.expect_err("no server").kind(),
        Kind::Unavailable
    );
    assert_eq!(db.stats().max, 8);
}

/// The database ended every session while its connections lay in the pool.
#[tokio::test]
async fn a_transaction_begins_on_a_fresh_connection_when_the_idle_ones_are_dead() {
    let database = Database::new().await;
    let db = db(&database, 4).await;
    for _ in 0..5 {
        let held = futures_util::future::join_all((0..4).map(|_| db.pool().acquire())).await;
        assert!(held.iter().all(Result::is_ok), "four connections are open");
        drop(held);
        write(&db, "before").await.expect("writes");
        let kill = "select pg_terminate_backend(pid) from pg_stat_activity
                    where datname = current_database() and pid <> pg_backend_pid()";
        crate::admin(&database.url, kill.to_owned()).await;
        write(&db, "after").await.expect("writes on a fresh connection");
    }
    assert_eq!(count(&db).await, 10);
}
