//! Work that comes back.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use khaacho_durable::{Door, JobKind, JobRun, Runner, Schedule};
use khaacho_fault::Fault;

use crate::support::{Running, SOON, World, eventually, start};

const HOURLY: Schedule = Schedule {
    kind: "hourly",
    every: Duration::from_secs(3600),
};
const HOUR: Duration = Duration::from_secs(3600);

fn runner(door: &Door, runs: &Arc<AtomicU32>) -> Running {
    let runs = runs.clone();
    let kind = JobKind::new(HOURLY.kind, move |job: Arc<JobRun>| {
        let runs = runs.clone();
        async move {
            job.body::<chrono::DateTime<chrono::Utc>>()?;
            runs.fetch_add(1, Ordering::SeqCst);
            job.finish().await
        }
    });
    start(Runner::new(door.clone(), vec![kind]).schedule(HOURLY))
}

async fn until(runs: &Arc<AtomicU32>, times: u32) {
    eventually("the work is done", SOON, async || {
        runs.load(Ordering::SeqCst) >= times
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slot_is_taken_once_whoever_looks() {
    let world = World::new().await;
    let runs = Arc::new(AtomicU32::new(0));
    for slot in 1..=2 {
        let doors = [
            world.door.clone(),
            world.another_door().await,
            world.another_door().await,
        ];
        let runners = doors.map(|door| runner(&door, &runs));
        until(&runs, slot).await;
        world.until_quiet().await;
        for runner in runners {
            runner.stop().await;
        }
        // two slots border on each other: at most one more may have begun by the clock
        let done = runs.load(Ordering::SeqCst);
        assert!(done <= slot + 1 && world.jobs().await == 0, "{done} runs");
        runs.store(slot, Ordering::SeqCst);
        world.hand.advance(HOUR);
    }
}

#[tokio::test]
async fn slots_that_were_slept_through_are_not_made_up_for() {
    let world = World::new().await;
    let runs = Arc::new(AtomicU32::new(0));
    let running = runner(&world.door, &runs);
    until(&runs, 1).await;
    running.stop().await;
    world.hand.advance(HOUR * 10);
    let running = runner(&world.door, &runs);
    until(&runs, 2).await;
    world.until_quiet().await;
    running.stop().await;
    assert!(runs.load(Ordering::SeqCst) <= 3);
}

#[tokio::test]
async fn a_parked_slot_does_not_end_the_schedule() {
    let world = World::new().await;
    let refused = JobKind::new(HOURLY.kind, |_: Arc<JobRun>| async {
        Err(Fault::refused("NOT_TODAY"))
    });
    let running = start(Runner::new(world.door.clone(), vec![refused]).schedule(HOURLY));
    let parked = "select count(*) from shop.job where parked_at is not null";
    eventually("it is parked", SOON, async || world.number(parked).await == 1).await;
    running.stop().await;
    world.hand.advance(HOUR);
    let runs = Arc::new(AtomicU32::new(0));
    let running = runner(&world.door, &runs);
    until(&runs, 1).await;
    running.stop().await;
}

#[tokio::test]
async fn a_schedule_waits_while_its_last_job_is_still_there() {
    let world = World::new().await;
    let away = JobKind::new(HOURLY.kind, |_: Arc<JobRun>| async {
        Err(Fault::unavailable("away"))
    });
    let running = start(Runner::new(world.door.clone(), vec![away.clone()]).schedule(HOURLY));
    let failed = "select count(*) from shop.job where last_fault is not null";
    eventually("it has failed", SOON, async || world.number(failed).await == 1).await;
    running.stop().await;
    let slot = "select extract(epoch from last_slot)::bigint from shop.schedule where kind = 'hourly'";
    let before = world.number(slot).await;
    world.hand.advance(HOUR);
    let running = start(Runner::new(world.door.clone(), vec![away]).schedule(HOURLY));
    eventually("the next slot is taken", SOON, async || {
        world.number(slot).await > before
    })
    .await;
    running.stop().await;
    assert_eq!(world.jobs().await, 1);
}
