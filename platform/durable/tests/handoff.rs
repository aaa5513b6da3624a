//! The short way of jobs that nothing can stand before.

use std::sync::{Arc, Mutex};

use khaacho_durable::{JobKind, JobRun};

use crate::support::{Held, SOON, World, eventually, job, work, writes};

/// What a handler was handed in memory, and at which attempt.
type Seen = Arc<Mutex<Vec<(Option<String>, u32)>>>;

/// A kind that writes that down.
fn shows(seen: &Seen) -> JobKind {
    let seen = seen.clone();
    JobKind::new("k", move |job: Arc<JobRun>| {
        let seen = seen.clone();
        async move {
            let carried = job.carried::<String>().cloned();
            seen.lock().expect("no panic").push((carried, job.attempt()));
            job.finish().await
        }
    })
}

fn carrying(key: &str) -> khaacho_durable::NewJob {
    job("k", "body").key(key).fresh().carrying(key.to_owned())
}

#[tokio::test]
async fn a_fresh_job_is_leased_from_its_first_moment_and_gets_what_it_was_handed() {
    let world = World::new().await;
    let held = Held::new();
    let running = work(&world.door, [held.kind("k")]);
    world.marker().await;
    world.enqueue([carrying("o1")]).await;
    let leased =
        "select count(*) from shop.job where kind = 'k' and lease_owner is not null and attempts = 1";
    assert_eq!(world.number(leased).await, 1, "committed under its lease");
    held.open();
    world.until_quiet().await;
    running.stop().await;

    let seen = Seen::default();
    let running = work(&world.door, [shows(&seen)]);
    world.marker().await;
    world.enqueue([carrying("o2")]).await;
    world.until_quiet().await;
    running.stop().await;
    let seen = seen.lock().expect("no panic").clone();
    assert_eq!(seen, [(Some("o2".to_owned()), 1)]);
}

#[tokio::test]
async fn without_a_runner_in_the_process_a_fresh_job_waits_in_the_table() {
    let world = World::new().await;
    world.enqueue([carrying("o1")]).await;
    let leased = "select count(*) from shop.job where kind = 'k' and lease_owner is not null";
    assert_eq!(world.number(leased).await, 0);
    let seen = Seen::default();
    let other = world.another_door().await;
    let running = work(&other, [shows(&seen)]);
    world.until_quiet().await;
    running.stop().await;
    let seen = seen.lock().expect("no panic").clone();
    assert_eq!(seen, [(None, 1)], "what was in memory stayed there");
}

#[tokio::test]
async fn a_fresh_job_of_a_killed_process_is_done_by_another_after_its_lease() {
    let world = World::new().await;
    let held = Held::new();
    let doomed = work(&world.door, [held.kind("k")]);
    world.marker().await;
    world.enqueue([carrying("o1")]).await;
    held.until_begun(1).await;
    doomed.kill().await;
    // a transaction that still had a place finds nobody there
    world.enqueue([carrying("o2")]).await;
    let seen = Seen::default();
    let other = world.another_door().await;
    let running = work(&other, [shows(&seen)]);
    world.until_quiet().await;
    running.stop().await;
    let mut seen = seen.lock().expect("no panic").clone();
    seen.sort();
    assert_eq!(seen, [(None, 1), (None, 2)]);
}

#[tokio::test]
async fn more_fresh_jobs_than_places_take_the_long_way_and_all_run() {
    let world = World::new().await;
    let held = Held::new();
    let running = work(&world.door, [held.kind("k")]);
    world.marker().await;
    world.enqueue((0..141).map(|n| carrying(&format!("o{n}")))).await;
    let leased = "select count(*) from shop.job where kind = 'k' and lease_owner is not null";
    eventually("128 handed and 8 claimed ones have begun", SOON, async || {
        world.number(leased).await == 136 && held.begun().len() == 136
    })
    .await;
    held.open();
    world.until_quiet().await;
    running.stop().await;
    assert_eq!((world.effects().await, world.jobs().await), (141, 0));
}

#[tokio::test]
async fn a_later_job_of_the_key_waits_for_the_fresh_one() {
    let world = World::new().await;
    let held = Held::new();
    let running = work(&world.door, [held.kind("k"), writes("next")]);
    world.marker().await;
    world.enqueue([carrying("o1")]).await;
    world.enqueue([job("next", "second").key("o1")]).await;
    world.marker().await;
    assert_eq!(world.effects().await, 0, "the first one is not done");
    held.open();
    world.until_quiet().await;
    running.stop().await;
    assert_eq!(world.effects().await, 2);
}

#[tokio::test]
async fn a_fresh_job_that_is_refused_with_its_transaction_never_runs() {
    let world = World::new().await;
    let held = Held::new();
    let running = work(&world.door, [held.kind("k")]);
    world.marker().await;
    world
        .sql("alter table shop.job add constraint no_k check (kind <> 'k')")
        .await;
    let jobs = vec![carrying("o1")];
    let refused = khaacho_durable::run(
        &world.door,
        &khaacho_rpc::Ctx::for_test(),
        crate::support::Unremembered(jobs),
    )
    .await;
    assert!(refused.is_err());
    world.sql("alter table shop.job drop constraint no_k").await;
    world.marker().await;
    running.stop().await;
    assert!(held.begun().is_empty());
}
