//! Jobs come into being with the transaction that wants them.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use khaacho_durable::{JobKind, JobRun, run};
use khaacho_rpc::{Ctx, Trace};
use sqlx::Connection as _;
use tokio::sync::Notify;

use crate::support::{Held, Note, SOON, World, eventually, job, work, writes};

#[tokio::test]
async fn a_job_knows_who_caused_it_and_in_which_trace() {
    let world = World::new().await;
    let told = Arc::new(Mutex::new(Vec::new()));
    let tells = told.clone();
    let kind = JobKind::new("k", move |job: Arc<JobRun>| {
        let tells = tells.clone();
        async move {
            let ctx = job.ctx();
            let told = format!("{} {} {}", ctx.caller(), ctx.cause(), ctx.trace().trace_id());
            tells.lock().expect("no panic").push(told);
            assert!(ctx.request_id().is_none() && ctx.deadline().left() > Duration::from_secs(1));
            assert_eq!(
                (job.attempt(), job.kind(), job.body::<String>()?.as_str()),
                (1, "k", "body")
            );
            job.finish().await
        }
    });
    let running = work(&world.door, [kind]);
    let trace = Trace::new_root();
    let ctx = Ctx::for_job("test", Duration::from_secs(10), trace, "msg_1");
    run(&world.door, &ctx, Note::new("a").and(job("k", "body")))
        .await
        .expect("done");
    world.until_quiet().await;
    running.stop().await;
    let expected = format!("shop msg_1 {}", trace.trace_id());
    assert_eq!(*told.lock().expect("no panic"), [expected]);
}

#[tokio::test]
async fn a_job_runs_no_earlier_than_it_is_due() {
    let world = World::new().await;
    let due = world.door.clock().now() + chrono::Duration::hours(1);
    world.enqueue([job("k", "later").at(due)]).await;
    let running = work(&world.door, [writes("k")]);
    world.marker().await;
    assert_eq!(world.jobs().await, 1, "it waits");
    world.hand.advance(Duration::from_secs(3601));
    world.until_quiet().await;
    running.stop().await;
    assert_eq!(
        world
            .number("select count(*) from shop.effect where label = 'later'")
            .await,
        1
    );
}

#[tokio::test]
async fn of_jobs_that_want_to_be_alone_only_one_waits() {
    let world = World::new().await;
    world
        .enqueue([job("k", "first").once("x"), job("k", "second").once("x")])
        .await;
    world
        .enqueue([job("k", "third").once("x"), job("k", "other").once("y")])
        .await;
    assert_eq!(world.jobs().await, 2);
    let running = work(&world.door, [writes("k")]);
    world.until_quiet().await;
    world.enqueue([job("k", "again").once("x")]).await;
    world.until_quiet().await;
    running.stop().await;
    let labels = "select string_agg(label, ' ' order by label) from shop.effect where label <> 'marker'";
    let labels: String = sqlx::query_scalar(labels)
        .fetch_one(world.door.db().pool())
        .await
        .expect("reads");
    assert_eq!(labels, "again first other");
}

/// Who is about to end such a job may have looked already: another one that is dropped now would be seen by nobody.
#[tokio::test]
async fn a_job_that_is_just_ending_does_not_keep_the_next_of_its_kind_away() {
    let world = World::new().await;
    world.enqueue([job("k", "first").once("x")]).await;
    let mut ending = world.session().await;
    sqlx::raw_sql("begin; delete from shop.job where dedup_key = 'x'")
        .execute(&mut ending)
        .await
        .expect("deletes");
    let adds = world.enqueue([job("k", "second").once("x")]);
    let ends = async {
        let waiting = "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()";
        eventually("the next one waits", SOON, async || {
            world.number(waiting).await == 1
        })
        .await;
        sqlx::raw_sql("commit")
            .execute(&mut ending)
            .await
            .expect("commits");
    };
    tokio::join!(adds, ends);
    assert_eq!(world.jobs().await, 1, "the second one is there");
}

/// A commit that waits for a lock which a test holds.
const SLOW_COMMIT: &str = "
    create function shop.wait_at_commit() returns trigger language plpgsql as
        $$ begin perform pg_advisory_xact_lock(8); return null; end $$;
    create constraint trigger slow after insert on shop.effect deferrable initially deferred
        for each row when (new.label = 'slow') execute function shop.wait_at_commit()";

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_a_job_sees_what_was_written_with_the_one_that_was_dropped_for_it() {
    let world = World::new().await;
    let mut gate = world.session().await;
    sqlx::raw_sql(SLOW_COMMIT)
        .execute(&mut gate)
        .await
        .expect("a trigger");
    let (begun, open) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (begins, opened) = (begun.clone(), open.clone());
    let looks = JobKind::new("k", move |job: Arc<JobRun>| {
        let (begins, opened) = (begins.clone(), opened.clone());
        async move {
            begins.notify_one();
            opened.notified().await;
            let look = "insert into shop.effect (label)
                select 'saw ' || count(*) from shop.effect where label = 'slow'";
            Ok(job.finish_with(Note::new("end").first(look)).await?.0)
        }
    });
    world.enqueue([job("k", "first").once("x")]).await;
    let running = work(&world.door, [looks]);
    begun.notified().await;
    sqlx::raw_sql("select pg_advisory_lock(8)")
        .execute(&mut gate)
        .await
        .expect("locks");
    let ctx = Ctx::for_test();
    let adds = run(
        &world.door,
        &ctx,
        Note::new("slow").and(job("k", "second").once("x")),
    );
    let ends = async {
        let waiting = "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()";
        eventually("it is about to commit", SOON, async || {
            world.number(waiting).await == 1
        })
        .await;
        open.notify_one();
        eventually("the end waits for it", SOON, async || {
            world.number(waiting).await == 2
        })
        .await;
        gate.close().await.expect("the session ends and its lock goes");
    };
    let (added, ()) = tokio::join!(adds, ends);
    added.expect("committed");
    world.until_quiet().await;
    running.stop().await;
    let saw = "select count(*) from shop.effect where label = 'saw 1'";
    assert_eq!(world.number(saw).await, 1);
}

#[tokio::test]
async fn a_parked_job_does_not_keep_the_next_of_its_kind_away() {
    let world = World::new().await;
    let running = work(&world.door, [writes("good")]);
    world.enqueue([job("nobody handles this", "").once("x")]).await;
    world.until_quiet().await;
    assert_eq!(world.jobs().await, 1, "it is parked");
    world.enqueue([job("good", "next").once("x")]).await;
    world.until_quiet().await;
    running.stop().await;
    assert_eq!(world.effects().await, 1);
}

#[tokio::test]
async fn no_more_jobs_run_at_once_than_allowed() {
    let world = World::new().await;
    let held = Held::new();
    world.enqueue((0..20).map(|i| job("k", &i.to_string()))).await;
    let runner = khaacho_durable::Runner::new(world.door.clone(), vec![held.kind("k")]).at_once(3);
    let running = crate::support::start(runner);
    held.until_begun(3).await;
    assert_eq!(held.begun().len(), 3);
    held.open();
    world.until_quiet().await;
    running.stop().await;
    assert_eq!(world.effects().await, 20);
}
