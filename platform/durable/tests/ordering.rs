//! Jobs of one key: one at a time, in order.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use khaacho_durable::{JobKind, JobRun};
use khaacho_fault::Fault;
use sqlx::Connection;

use crate::support::{Held, Note, SOON, World, eventually, job, work, writes};

async fn labels(world: &World) -> Vec<String> {
    let query = "select label from shop.effect where label <> 'marker' order by id";
    sqlx::query_scalar(query)
        .fetch_all(world.door.db().pool())
        .await
        .expect("reads")
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_of_a_key_run_one_at_a_time_in_the_order_of_enqueueing_on_any_runner() {
    let world = World::new().await;
    let running: Arc<Mutex<HashMap<String, u32>>> = Arc::default();
    let counts = running.clone();
    let kind = JobKind::new("k", move |job: Arc<JobRun>| {
        let counts = counts.clone();
        async move {
            let label: String = job.body()?;
            let key = label[..1].to_owned();
            let now = {
                let mut counts = counts.lock().expect("no panic");
                let n = counts.entry(key.clone()).or_default();
                *n += 1;
                *n
            };
            assert_eq!(now, 1, "two jobs of {key} at once");
            tokio::task::yield_now().await;
            counts.lock().expect("no panic").insert(key, 0);
            Ok(job.finish_with(Note::new(label)).await?.0)
        }
    });
    let doors = [
        world.door.clone(),
        world.another_door().await,
        world.another_door().await,
    ];
    let runners: Vec<_> = doors.iter().map(|door| work(door, [kind.clone()])).collect();
    for half in 0..2 {
        let jobs = (0..15).flat_map(|n| ["a", "b", "c"].map(|key| (key, n + 15 * half)));
        world
            .enqueue(jobs.map(|(key, n)| job("k", &format!("{key}{n:02}")).key(key)))
            .await;
    }
    world.until_quiet().await;
    for runner in runners {
        runner.stop().await;
    }
    let labels = labels(&world).await;
    assert_eq!(labels.len(), 90);
    for key in ["a", "b", "c"] {
        let of_key: Vec<_> = labels.iter().filter(|l| l.starts_with(key)).collect();
        assert!(of_key.is_sorted(), "{of_key:?}");
    }
}

#[tokio::test]
async fn a_failing_job_keeps_those_behind_it_and_nobody_else() {
    let world = World::new().await;
    let failures = Arc::new(AtomicU32::new(5));
    let kind = JobKind::new("k", move |job: Arc<JobRun>| {
        let failures = failures.clone();
        async move {
            let label: String = job.body()?;
            let left = failures.load(Ordering::SeqCst);
            if label == "1 fails" && left > 0 {
                failures.store(left - 1, Ordering::SeqCst);
                return Err(Fault::unavailable("on purpose"));
            }
            Ok(job.finish_with(Note::new(label)).await?.0)
        }
    });
    let running = work(&world.door, [kind.pause_max(Duration::from_millis(40))]);
    let jobs = [
        job("k", "1 fails").key("x"),
        job("k", "2").key("x"),
        job("k", "3").key("x"),
        job("k", "0 other").key("y"),
    ];
    world.enqueue(jobs).await;
    world.until_quiet().await;
    running.stop().await;
    assert_eq!(labels(&world).await, ["0 other", "1 fails", "2", "3"]);
}

#[tokio::test]
async fn a_parked_job_lets_others_pass_unless_it_blocks() {
    let world = World::new().await;
    let running = work(&world.door, [writes("k")]);
    let bad = |key: &str| job("nobody handles this", "").key(key);
    world
        .enqueue([
            bad("x"),
            job("k", "behind x").key("x"),
            bad("y").blocking(),
            job("k", "behind y").key("y"),
        ])
        .await;
    let parked = "select count(*) from shop.job where parked_at is not null";
    eventually("both are parked", SOON, async || world.number(parked).await == 2).await;
    eventually("x goes on", SOON, async || {
        world.number("select count(*) from shop.effect").await == 1
    })
    .await;
    world.marker().await;
    assert_eq!(labels(&world).await, ["behind x"]);
    let blocker = world.door.list_jobs(true, None, 10).await.expect("lists");
    let blocker = blocker
        .iter()
        .find(|job| job.ordering_key.as_deref() == Some("y"))
        .expect("it is there");
    world
        .door
        .drop_job(blocker.id.into())
        .await
        .expect("drops")
        .expect("it was parked");
    world.until_quiet().await;
    running.stop().await;
    assert_eq!(labels(&world).await, ["behind x", "behind y"]);
}

#[tokio::test]
async fn an_earlier_job_that_is_committed_late_waits_for_the_later_one_that_runs() {
    let world = World::new().await;
    let held = Held::new();
    let running = work(&world.door, [held.kind("k")]);
    let mut session = world.session().await;
    let mut open = session.begin().await.expect("begins");
    let early = "insert into shop.job (id, kind, ordering_key, body, cause, trace_parent, run_at)
                 values (gen_random_uuid(), 'k', 'x', '\"early\"', 'test', '', now() - interval '1 day')";
    sqlx::raw_sql(early).execute(&mut *open).await.expect("inserts");
    world.enqueue([job("k", "late").key("x")]).await;
    held.until_begun(1).await;
    open.commit().await.expect("commits");
    world.marker().await;
    assert_eq!(held.begun(), ["late"], "one at a time");
    held.open();
    world.until_quiet().await;
    running.stop().await;
    assert_eq!(labels(&world).await, ["late", "early"]);
}

#[tokio::test]
async fn a_job_that_an_operator_retries_waits_for_the_one_that_passed_it() {
    let world = World::new().await;
    let held = Held::new();
    world
        .enqueue([job("k", "1").key("x"), job("k", "2").key("x")])
        .await;
    world
        .sql("update shop.job set parked_at = now() where body = '\"1\"'")
        .await;
    let running = work(&world.door, [held.kind("k")]);
    held.until_begun(1).await;
    let parked = world.door.list_jobs(true, None, 10).await.expect("lists");
    world
        .door
        .retry_job(parked[0].id.into())
        .await
        .expect("retries")
        .expect("it was parked");
    world.marker().await;
    assert_eq!(held.begun(), ["2"], "one at a time");
    held.open();
    world.until_quiet().await;
    running.stop().await;
    assert_eq!(labels(&world).await, ["2", "1"]);
}
