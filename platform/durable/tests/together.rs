//! One statement for many callers.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, join_all};
use khaacho_durable::Together;
use khaacho_fault::{Fault, Kind};
use sqlx::PgPool;

use crate::support::World;

/// Doubles numbers in one slow statement; the answer has the statement's own time beside it. A zero is refused by the
/// server, a negative number never gets there, and with 1,000 it takes a second.
fn doubled(pool: PgPool, keys: Vec<i64>) -> BoxFuture<'static, Result<Vec<(i64, String)>, Fault>> {
    Box::pin(async move {
        assert!(keys.iter().all(|key| *key >= 0), "a bug of the statement");
        if keys.contains(&1_000) {
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        let rows = sqlx::query_as(
            "with slow as materialized (select pg_sleep(0.1))
             select k.n * 2 / (k.n / k.n), statement_timestamp()::text
             from slow, unnest($1::bigint[]) with ordinality as k (n, i) order by k.i",
        )
        .bind(keys)
        .fetch_all(&pool)
        .await?;
        Ok(rows)
    })
}

#[tokio::test]
async fn those_who_come_while_a_statement_runs_share_the_next_one() {
    let world = World::new().await;
    let pool = world.door.db().pool();
    let together = Together::new("doubled", 64, doubled);
    let mut first = Box::pin(together.ask(pool, 1));
    assert!(first.as_mut().now_or_never().is_none());
    tokio::time::sleep(Duration::from_millis(50)).await;
    let others = join_all((2..=40).map(|n| together.ask(pool, n)));
    let (first, others) = tokio::join!(first, others);
    let all = std::iter::once(first).chain(others);
    let all: Vec<(i64, String)> = all.collect::<Result<_, _>>().expect("answers");
    let numbers: Vec<i64> = all.iter().map(|(n, _)| *n).collect();
    assert_eq!(
        numbers,
        (1..=40).map(|n| n * 2).collect::<Vec<_>>(),
        "to each its own"
    );
    let mut statements: Vec<&str> = all.iter().map(|(_, at)| at.as_str()).collect();
    statements.sort_unstable();
    statements.dedup();
    assert_eq!(statements.len(), 2, "{statements:?}");
}

#[tokio::test]
async fn a_key_that_cannot_be_carried_out_fails_alone() {
    let world = World::new().await;
    let pool = world.door.db().pool();
    let together = Together::new("doubled", 64, doubled);
    let asked = [1, 2, 0, 3].map(|n| together.ask(pool, n));
    let [one, two, zero, three] = join_all(asked).await.try_into().expect("four");
    assert_eq!(one.expect("its own").0, 2);
    assert_eq!(two.expect("its own").0, 4);
    assert!(zero.is_err());
    assert_eq!(three.expect("its own").0, 6);
}

#[tokio::test]
async fn nobody_waits_for_a_statement_that_is_stuck() {
    let world = World::new().await;
    let pool = world.door.db().pool();
    let together = Together::new("doubled", 64, doubled);
    let mut stuck = Box::pin(together.ask(pool, 1_000));
    assert!(stuck.as_mut().now_or_never().is_none());
    tokio::time::sleep(Duration::from_millis(50)).await;
    // nobody comes after it who could notice
    let begun = Instant::now();
    let (second, ended) = tokio::join!(
        async {
            let second = together.ask(pool, 2).await;
            (second, begun.elapsed())
        },
        stuck
    );
    assert_eq!(second.0.expect("an answer").0, 4);
    assert!(second.1 < Duration::from_millis(800), "{:?}", second.1);
    assert_eq!(ended.expect("it ends as well").0, 2_000);
}

#[tokio::test]
async fn a_key_whose_caller_has_gone_is_not_carried_out() {
    static CARRIED_OUT: AtomicI64 = AtomicI64::new(0);
    fn noting(pool: PgPool, keys: Vec<i64>) -> BoxFuture<'static, Result<Vec<()>, Fault>> {
        CARRIED_OUT.fetch_add(keys.iter().sum(), Ordering::SeqCst);
        let pause = sqlx::query("select pg_sleep(0.1)");
        Box::pin(async move {
            pause.execute(&pool).await?;
            Ok(vec![(); keys.len()])
        })
    }
    let world = World::new().await;
    let pool = world.door.db().pool();
    let together = Together::new("noting", 64, noting);
    let mut first = Box::pin(together.ask(pool, 1));
    assert!(first.as_mut().now_or_never().is_none());
    tokio::time::sleep(Duration::from_millis(20)).await;
    let mut gone = Box::pin(together.ask(pool, 10));
    assert!(gone.as_mut().now_or_never().is_none());
    drop(gone);
    first.await.expect("an answer");
    together.ask(pool, 100).await.expect("an answer");
    assert_eq!(CARRIED_OUT.load(Ordering::SeqCst), 101);
}

#[tokio::test]
async fn no_statement_has_more_keys_than_it_may() {
    static MOST: AtomicI64 = AtomicI64::new(0);
    fn counting(_pool: PgPool, keys: Vec<usize>) -> BoxFuture<'static, Result<Vec<usize>, Fault>> {
        MOST.fetch_max(i64::try_from(keys.len()).expect("few"), Ordering::SeqCst);
        Box::pin(async move { Ok(keys) })
    }
    let world = World::new().await;
    let together = Together::new("counting", 16, counting);
    let all = join_all((0..100).map(|n| together.ask(world.door.db().pool(), n))).await;
    let all: Vec<usize> = all.into_iter().collect::<Result<_, _>>().expect("answers");
    assert_eq!(all, (0..100).collect::<Vec<_>>());
    assert_eq!(MOST.load(Ordering::SeqCst), 16);
}

#[tokio::test]
async fn a_panic_costs_its_callers_their_answers_and_nothing_else() {
    let world = World::new().await;
    let pool = world.door.db().pool();
    let together = Together::new("doubled", 64, doubled);
    for _ in 0..5 {
        let fault = together.ask(pool, -1).await.expect_err("no answer");
        assert_eq!(fault.kind(), Kind::Bug);
    }
    assert_eq!(together.ask(pool, 4).await.expect("the next").0, 8);
}

#[tokio::test]
async fn a_caller_who_goes_away_takes_nobody_along() {
    let world = World::new().await;
    let pool = world.door.db().pool();
    let together = Together::new("doubled", 64, doubled);
    let mut first = Box::pin(together.ask(pool, 1));
    assert!(first.as_mut().now_or_never().is_none());
    let second = together.ask(pool, 2);
    drop(first);
    let second = tokio::time::timeout(Duration::from_secs(5), second).await;
    assert_eq!(second.expect("in time").expect("an answer").0, 4);
}
