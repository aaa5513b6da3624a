//! What becomes of a job that fails.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use khaacho_durable::{JobKind, JobRow, JobRun};
use khaacho_fault::{Fault, Kind, reason};

use crate::support::{Note, SOON, World, eventually, job, work};

/// A kind that fails this many times and then writes.
fn fails(times: u32, fault: impl Fn() -> Fault + Send + Sync + 'static) -> (JobKind, Arc<AtomicU32>) {
    let attempts = Arc::new(AtomicU32::new(0));
    let (counter, fault) = (attempts.clone(), Arc::new(fault));
    let kind = JobKind::new("k", move |job: Arc<JobRun>| {
        let (counter, fault) = (counter.clone(), fault.clone());
        async move {
            if counter.fetch_add(1, Ordering::SeqCst) < times {
                return Err(fault());
            }
            Ok(job.finish_with(Note::new("done")).await?.0)
        }
    });
    (kind.pause_max(Duration::from_millis(5)), attempts)
}

async fn parked(world: &World) -> Vec<JobRow> {
    world.door.list_jobs(true, None, 10).await.expect("lists")
}

#[tokio::test]
async fn an_unavailable_peer_never_parks_a_job() {
    for fault in [
        || Fault::unavailable("away"),
        Fault::late,
        || Fault::unavailable("away").outcome_unknown(),
    ] {
        let world = World::new().await;
        let (kind, attempts) = fails(25, fault);
        let running = work(&world.door, [kind.faults_max(2)]);
        world.enqueue([job("k", "")]).await;
        world.until_quiet().await;
        running.stop().await;
        assert_eq!((attempts.load(Ordering::SeqCst), world.effects().await), (26, 1));
    }
}

#[tokio::test]
async fn other_faults_park_a_job_after_the_limit_of_its_kind() {
    let faults = [
        || Fault::bug("on purpose"),
        || Fault::conflict(reason::STALE_VERSION),
        Fault::unauthenticated,
    ];
    for fault in faults {
        let world = World::new().await;
        let (kind, attempts) = fails(100, fault);
        let running = work(&world.door, [kind.faults_max(4)]);
        world.enqueue([job("k", "")]).await;
        world.until_quiet().await;
        running.stop().await;
        let row = parked(&world).await.pop().expect("it is parked");
        assert_eq!(
            (attempts.load(Ordering::SeqCst), row.attempts, row.faults),
            (4, 4, 4)
        );
        assert!(
            row.last_fault
                .expect("written down")
                .starts_with(fault().reason())
        );
    }
}

#[tokio::test]
async fn a_refusal_parks_a_job_at_once() {
    let faults = [
        || Fault::refused("CLOSED"),
        || Fault::not_found("ORDER_NOT_FOUND"),
        || Fault::invalid("body", "is no good"),
        Fault::forbidden,
    ];
    for fault in faults {
        let world = World::new().await;
        let (kind, attempts) = fails(100, fault);
        let running = work(&world.door, [kind]);
        world.enqueue([job("k", "")]).await;
        world.until_quiet().await;
        running.stop().await;
        assert_eq!(
            (attempts.load(Ordering::SeqCst), parked(&world).await.len()),
            (1, 1)
        );
    }
}

#[tokio::test]
async fn a_panicking_handler_is_a_fault_that_counts() {
    let world = World::new().await;
    let later = JobKind::new("later", |job: Arc<JobRun>| async move {
        assert!(job.kind().is_empty(), "a bug of ours, on purpose");
        job.finish().await
    });
    let at_once = JobKind::new("at once", |job: Arc<JobRun>| {
        assert!(job.kind().is_empty(), "a bug of ours, on purpose");
        async move { job.finish().await }
    });
    let kinds = [later, at_once].map(|kind| kind.faults_max(2).pause_max(Duration::from_millis(5)));
    let running = work(&world.door, kinds);
    world.enqueue([job("later", ""), job("at once", "")]).await;
    eventually("both are parked", SOON, async || parked(&world).await.len() == 2).await;
    world.marker().await;
    running.stop().await;
    assert!(parked(&world).await.iter().all(|row| row.faults == 2));
}

#[tokio::test]
async fn a_handler_that_takes_too_long_is_stopped_and_tried_again() {
    let world = World::new().await;
    let attempts = Arc::new(AtomicU32::new(0));
    let counter = attempts.clone();
    let kind = JobKind::new("k", move |job: Arc<JobRun>| {
        let first = counter.fetch_add(1, Ordering::SeqCst) == 0;
        async move {
            if first {
                std::future::pending::<()>().await;
            }
            job.finish().await
        }
    });
    let running = work(
        &world.door,
        [kind
            .budget(Duration::from_millis(300))
            .pause_max(Duration::from_millis(5))],
    );
    world.enqueue([job("k", "")]).await;
    world.until_quiet().await;
    running.stop().await;
    assert_eq!((attempts.load(Ordering::SeqCst), world.jobs().await), (2, 0));
}

#[tokio::test]
async fn nobody_comes_back_earlier_than_the_peer_asked_for() {
    let world = World::new().await;
    let (kind, _) = fails(100, || Fault::exhausted(Duration::from_secs(600)));
    let running = work(&world.door, [kind]);
    let begun = world.door.clock().now();
    world.enqueue((0..20).map(|_| job("k", ""))).await;
    let failed = "select count(*) from shop.job where last_fault is not null";
    eventually("all have failed", SOON, async || world.number(failed).await == 20).await;
    running.stop().await;
    for row in world.door.list_jobs(false, None, 100).await.expect("lists") {
        let pause = row.run_at - begun;
        assert!(
            (600..=920).contains(&pause.num_seconds()) && row.faults == 0,
            "{pause}"
        );
    }
}

#[tokio::test]
async fn a_fault_after_the_job_was_finished_changes_nothing() {
    let world = World::new().await;
    let kind = JobKind::new("k", |job: Arc<JobRun>| async move {
        job.finish_with(Note::new("done")).await?;
        let twice = job.finish_with(Note::new("twice")).await.expect_err("it is gone");
        assert_eq!(twice.kind(), Kind::Conflict);
        Err(Fault::bug("too late"))
    });
    let running = work(&world.door, [kind]);
    world.enqueue([job("k", "")]).await;
    world.until_quiet().await;
    world.marker().await;
    running.stop().await;
    assert_eq!((world.effects().await, world.jobs().await), (1, 0));
}

#[tokio::test]
async fn a_refused_command_leaves_its_job() {
    let world = World::new().await;
    world
        .sql("insert into shop.effect (label) values ('closed')")
        .await;
    let running = work(&world.door, [crate::support::writes("k")]);
    world.enqueue([job("k", "a")]).await;
    world.until_quiet().await;
    running.stop().await;
    let row = parked(&world).await.pop().expect("it is parked");
    assert!(row.last_fault.expect("written down").starts_with("CLOSED"));
    assert_eq!(world.effects().await, 1);
}
