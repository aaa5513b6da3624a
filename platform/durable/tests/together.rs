//! One statement for many callers.

use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, join_all};
use khaacho_durable::Together;
use khaacho_fault::{Fault, Kind};
use sqlx::PgPool;

use crate::support::World;

/// Doubles numbers in one slow statement; the answer has the statement's own time beside it. A zero is refused by the
/// server, and a negative number never gets there.
fn doubled(pool: PgPool, keys: Vec<i64>) -> BoxFuture<'static, Result<Vec<(i64, String)>, Fault>> {
    Box::pin(async move {
        assert!(keys.iter().all(|key| *key >= 0), "a bug of the statement");
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
    let together = Together::new(doubled);
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
async fn a_fault_is_everybodys_whose_statement_it_was_and_nobody_elses() {
    let world = World::new().await;
    let pool = world.door.db().pool();
    let together = Together::new(doubled);
    let mut first = Box::pin(together.ask(pool, 1));
    assert!(first.as_mut().now_or_never().is_none());
    // its statement runs, so the others come too late for it
    tokio::time::sleep(Duration::from_millis(50)).await;
    let (first, second, third) = tokio::join!(first, together.ask(pool, 0), together.ask(pool, 3));
    assert_eq!(first.expect("its own statement").0, 2);
    assert!(second.is_err() && third.is_err());
    assert_eq!(together.ask(pool, 3).await.expect("a later one").0, 6);
}

#[tokio::test]
async fn a_panic_costs_its_callers_their_answers_and_nothing_else() {
    let world = World::new().await;
    let pool = world.door.db().pool();
    let together = Together::new(doubled);
    let fault = together.ask(pool, -1).await.expect_err("no answer");
    assert_eq!(fault.kind(), Kind::Bug);
    assert_eq!(together.ask(pool, 4).await.expect("the next").0, 8);
}

#[tokio::test]
async fn a_caller_who_goes_away_takes_nobody_along() {
    let world = World::new().await;
    let pool = world.door.db().pool();
    let together = Together::new(doubled);
    let mut first = Box::pin(together.ask(pool, 1));
    assert!(first.as_mut().now_or_never().is_none());
    let second = together.ask(pool, 2);
    drop(first);
    let second = tokio::time::timeout(Duration::from_secs(5), second).await;
    assert_eq!(second.expect("in time").expect("an answer").0, 4);
}
