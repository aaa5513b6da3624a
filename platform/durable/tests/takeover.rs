//! Runners that die, and leases that run out.

use std::time::{Duration, Instant};

use crate::support::{Held, SOON, World, eventually, job, work, writes};

/// Takes every lease away, as six seconds without a heartbeat do.
const EXPIRE: &str =
    "update shop.job set lease_until = now() - interval '1 second' where lease_until is not null";
/// A lease of the runner is six seconds, a poll half of one.
const LEASE: Duration = Duration::from_secs(6);

#[tokio::test]
async fn a_killed_runners_job_is_taken_over_when_its_lease_runs_out() {
    let world = World::new().await;
    let held = Held::new();
    let victim = work(&world.another_door().await, [held.kind("k")]);
    world.enqueue([job("k", "a")]).await;
    held.until_begun(1).await;
    let begun = Instant::now();
    victim.kill().await;
    let running = work(&world.door, [writes("k")]);
    world.until_quiet().await;
    let took = begun.elapsed();
    running.stop().await;
    assert!(took < LEASE + Duration::from_secs(5), "{took:?}");
    assert_eq!(world.effects().await, 1);
}

#[tokio::test]
async fn a_job_that_keeps_killing_its_runner_is_parked() {
    let world = World::new().await;
    let held = Held::new();
    world.enqueue([job("k", "a")]).await;
    for kills in 1..=3 {
        let victim = work(&world.another_door().await, [held.kind("k").faults_max(3)]);
        held.until_begun(kills).await;
        victim.kill().await;
        world.sql(EXPIRE).await;
    }
    let running = work(&world.door, [writes("k").faults_max(3)]);
    world.until_quiet().await;
    running.stop().await;
    let parked = world.door.list_jobs(true, None, 10).await.expect("lists");
    assert!(
        parked[0]
            .last_fault
            .as_deref()
            .expect("why")
            .starts_with("FAULTS_EXHAUSTED")
    );
    assert_eq!((world.effects().await, held.begun().len()), (0, 3));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_runners_with_the_same_job_have_its_effect_once() {
    let world = World::new().await;
    let held = Held::new();
    let doors = [world.door.clone(), world.another_door().await];
    let runners = doors.map(|door| work(&door, [held.kind("k")]));
    world.enqueue([job("k", "a")]).await;
    held.until_begun(1).await;
    eventually("the other has it too", SOON, async || {
        // the first one's heartbeat may bring its lease back in between
        world.sql(EXPIRE).await;
        tokio::time::sleep(Duration::from_millis(20)).await;
        held.begun().len() >= 2
    })
    .await;
    held.open();
    world.until_quiet().await;
    for runner in runners {
        runner.stop().await;
    }
    assert_eq!(world.effects().await, 1);
}

#[tokio::test]
async fn a_runner_does_not_start_its_own_job_twice_after_the_database_was_away() {
    let world = World::new().await;
    let held = Held::new();
    let running = work(&world.door, [held.kind("k")]);
    world.enqueue([job("k", "a")]).await;
    held.until_begun(1).await;
    world.sql(EXPIRE).await;
    world.marker().await;
    assert_eq!(held.begun().len(), 1);
    let alive = "select count(*) from shop.job where lease_until > now()";
    eventually("its heartbeat brings the lease back", SOON, async || {
        world.number(alive).await == 1
    })
    .await;
    held.open();
    world.until_quiet().await;
    running.stop().await;
    assert_eq!(world.effects().await, 1);
}

#[tokio::test]
async fn a_claim_whose_answer_was_lost_runs_out() {
    let world = World::new().await;
    let held = Held::new();
    let running = work(&world.door, [held.kind("held"), writes("k")]);
    world.enqueue([job("held", "a")]).await;
    held.until_begun(1).await;
    world
        .enqueue([job("k", "b").at(world.door.clock().now() + chrono::Duration::hours(1))])
        .await;
    let claim =
        "update shop.job set run_at = now() - interval '1 hour', lease_until = now() + interval '3 seconds',
                     lease_owner = (select lease_owner from shop.job where kind = 'held')
                 where kind = 'k'";
    assert_eq!(world.sql(claim).await, 1);
    let done = "select count(*) from shop.effect where label = 'b'";
    eventually("it is claimed again", SOON, async || {
        world.number(done).await == 1
    })
    .await;
    held.open();
    running.stop().await;
    assert_eq!(world.effects().await, 2);
}

#[tokio::test]
async fn a_long_last_transaction_of_one_job_does_not_cost_the_others_their_lease() {
    let world = World::new().await;
    let held = Held::new();
    let slow = khaacho_durable::JobKind::new(
        "slow",
        |job: std::sync::Arc<khaacho_durable::JobRun>| async move {
            let note = crate::support::Note::new("slow").first("select pg_sleep(4.5)");
            Ok(job.finish_with(note).await?.0)
        },
    );
    let running = work(&world.door, [held.kind("k"), slow]);
    world.enqueue([job("k", "a")]).await;
    held.until_begun(1).await;
    world.enqueue([job("slow", "")]).await;
    let sleeping =
        "select count(*) from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()";
    eventually("it is inside", SOON, async || world.number(sleeping).await == 1).await;
    let lease = "select (extract(epoch from lease_until) * 1000)::bigint from shop.job where kind = 'k'";
    let before = world.number(lease).await;
    eventually("the lease is renewed", SOON, async || {
        world.number(lease).await > before
    })
    .await;
    assert_eq!(
        world.number(sleeping).await,
        1,
        "and not only when the other has finished"
    );
    held.open();
    world.until_quiet().await;
    running.stop().await;
    assert_eq!(world.effects().await, 2);
}
