//! The same request twice.

use std::sync::atomic::{AtomicU32, Ordering};

use khaacho_durable::run;
use khaacho_fault::{Kind, reason};
use khaacho_rpc::{Ctx, Principal};
use sqlx::Connection;

use crate::support::{Note, SOON, World, asked, eventually, job, start, work, writes};

#[tokio::test]
async fn a_repeated_request_gets_the_first_reply_and_has_no_second_effect() {
    let world = World::new().await;
    let (first_ctx, again_ctx) = (asked("r-1"), asked("r-1"));
    let first = run(&world.door, &first_ctx, Note::new("a")).await.expect("done");
    let again = run(&world.door, &again_ctx, Note::new("a"))
        .await
        .expect("replayed");
    assert!(!first.replayed && again.replayed);
    assert!(!first_ctx.was_replayed() && again_ctx.was_replayed());
    assert_eq!(first.reply, again.reply);
    assert_eq!(world.effects().await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn twins_at_the_same_moment_have_one_effect_and_one_reply() {
    let world = World::new().await;
    let mut gate = world.session().await;
    sqlx::raw_sql("select pg_advisory_lock(7)")
        .execute(&mut gate)
        .await
        .expect("locks");
    let twins: Vec<_> = (0..6)
        .map(|_| {
            let door = world.door.clone();
            async move {
                let note = Note::new("a").first("select pg_advisory_xact_lock(7)");
                run(&door, &asked("twin"), note).await.expect("done")
            }
        })
        .collect();
    let waiting = "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()";
    let open = async {
        eventually("all wait", SOON, async || world.number(waiting).await == 6).await;
        gate.close().await.expect("the session ends and its lock goes");
    };
    let (done, ()) = tokio::join!(futures_util::future::join_all(twins), open);
    assert_eq!(done.iter().filter(|done| !done.replayed).count(), 1);
    assert!(done.iter().all(|twin| twin.reply == done[0].reply));
    assert_eq!(world.effects().await, 1);
}

#[tokio::test]
async fn a_request_id_with_another_body_is_refused() {
    let world = World::new().await;
    run(&world.door, &asked("r-1"), Note::new("a"))
        .await
        .expect("done");
    let fault = run(&world.door, &asked("r-1"), Note::new("b"))
        .await
        .expect_err("another body");
    assert_eq!(
        (fault.kind(), fault.reason()),
        (Kind::Refused, reason::REQUEST_ID_REUSED)
    );
    assert_eq!(world.effects().await, 1);
}

#[tokio::test]
async fn a_request_id_belongs_to_its_caller() {
    let world = World::new().await;
    let other = asked("r-1").on_behalf_of(Principal::service("somebody else"));
    run(&world.door, &asked("r-1"), Note::new("a"))
        .await
        .expect("done");
    let theirs = run(&world.door, &other, Note::new("b"))
        .await
        .expect("their own request");
    assert!(!theirs.replayed);
    assert_eq!(world.effects().await, 2);
}

#[tokio::test]
async fn without_a_request_id_each_request_counts() {
    let world = World::new().await;
    for _ in 0..2 {
        run(&world.door, &Ctx::for_test(), Note::new("a"))
            .await
            .expect("done");
    }
    assert_eq!(world.effects().await, 2);
    assert_eq!(world.number("select count(*) from shop.request_log").await, 0);
}

/// Nothing may be done later of what somebody was told is not done: a copy of the request may still be on its way.
#[tokio::test]
async fn a_refusal_leaves_nothing_but_itself() {
    let world = World::new().await;
    world
        .sql("insert into shop.effect (label) values ('closed')")
        .await;
    let note = || {
        Note::new("a")
            .and(job("k", ""))
            .first("insert into shop.effect (label) values ('before')")
    };
    let first = asked("r-1");
    let fault = run(&world.door, &first, note()).await.expect_err("closed");
    assert_eq!((fault.reason(), first.was_replayed()), ("CLOSED", false));
    assert_eq!((world.effects().await, world.jobs().await), (1, 0));
    assert_eq!(world.number("select count(*) from shop.request_log").await, 1);
    world.sql("delete from shop.effect").await;
    let copy = asked("r-1");
    let again = run(&world.door, &copy, note()).await.expect_err("as it was told");
    assert_eq!(
        (
            again.kind(),
            again.reason(),
            again.sentence(),
            copy.was_replayed()
        ),
        (fault.kind(), fault.reason(), fault.sentence(), true)
    );
    assert_eq!((world.effects().await, world.jobs().await), (0, 0));
    let other = run(&world.door, &asked("r-1"), Note::new("b"))
        .await
        .expect_err("another body");
    assert_eq!(other.reason(), reason::REQUEST_ID_REUSED);
    run(&world.door, &asked("r-2"), note())
        .await
        .expect("open again for who asks anew");
    assert_eq!((world.effects().await, world.jobs().await), (2, 1));
}

#[tokio::test]
async fn a_refusal_without_a_request_id_is_not_remembered() {
    let world = World::new().await;
    world
        .sql("insert into shop.effect (label) values ('closed')")
        .await;
    run(&world.door, &Ctx::for_test(), Note::new("a"))
        .await
        .expect_err("closed");
    assert_eq!(world.number("select count(*) from shop.request_log").await, 0);
}

#[tokio::test]
async fn a_panic_is_our_bug_and_leaves_nothing() {
    let world = World::new().await;
    let door = world.narrow_door(1).await;
    let note = Note::new("a").first("insert into shop.effect (label) values ('before')");
    let fault = run(&door, &asked("r-1"), note.panics()).await.expect_err("a bug");
    assert_eq!(fault.kind(), Kind::Bug);
    let done = run(&door, &asked("r-1"), Note::new("a"))
        .await
        .expect("the only connection still works");
    assert!(!done.replayed);
    assert_eq!(world.effects().await, 1);
}

static AFTERWARDS: AtomicU32 = AtomicU32::new(0);

#[tokio::test]
async fn what_happens_after_a_commit_happens_once_and_cannot_spoil_it() {
    let world = World::new().await;
    let note = || {
        Note::new("a").afterwards(|| {
            AFTERWARDS.fetch_add(1, Ordering::SeqCst);
            panic!("a bug of ours, on purpose");
        })
    };
    run(&world.door, &asked("r-1"), note())
        .await
        .expect("it was committed");
    assert!(
        run(&world.door, &asked("r-1"), note())
            .await
            .expect("replayed")
            .replayed
    );
    assert_eq!(AFTERWARDS.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn request_ids_are_forgotten_after_a_month_and_not_before() {
    let world = World::new().await;
    run(&world.door, &asked("r-1"), Note::new("a"))
        .await
        .expect("done");
    let sweep = "select count(*) from shop.job where kind = 'sweep_request_log'";
    let swept = "select count(*) from shop.schedule";
    let day = std::time::Duration::from_secs(24 * 3600);
    for (days, left) in [(28, 1), (3, 0)] {
        world.hand.advance(day * days);
        world.sql("delete from shop.schedule").await;
        let running = work(&world.door, [writes("k")]);
        eventually("it was swept", SOON, async || {
            world.number(swept).await == 1 && world.number(sweep).await == 0
        })
        .await;
        running.stop().await;
        assert_eq!(
            world.number("select count(*) from shop.request_log").await,
            left,
            "after {days} days more"
        );
    }
}

#[tokio::test]
async fn a_runner_without_kinds_runs_and_stops() {
    let world = World::new().await;
    start(khaacho_durable::Runner::new(world.door.clone(), Vec::new()))
        .stop()
        .await;
}
