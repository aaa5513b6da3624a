//! Deadlines and transactions in each other's way.

use std::time::{Duration, Instant};

use khaacho_durable::run;
use khaacho_fault::{Kind, reason};
use khaacho_rpc::{Ctx, Trace};

use crate::support::{Note, World, asked};

fn soon(millis: u64) -> Ctx {
    let ctx = Ctx::for_job("test", Duration::from_millis(millis), Trace::new_root(), "test");
    ctx.requested("r-1").expect("a good id")
}

#[tokio::test]
async fn a_command_that_takes_too_long_is_late_and_leaves_nothing() {
    let world = World::new().await;
    let begun = Instant::now();
    let note = Note::new("a").first("insert into shop.effect (label) values ('before'); select pg_sleep(30)");
    let fault = run(&world.door, &soon(300), note).await.expect_err("late");
    assert_eq!(fault.kind(), Kind::Late);
    assert!(begun.elapsed() < Duration::from_secs(4), "{:?}", begun.elapsed());
    assert_eq!(world.effects().await, 0);
    let done = run(&world.door, &asked("r-1"), Note::new("a"))
        .await
        .expect("the id is free");
    assert!(!done.replayed);
}

#[tokio::test]
async fn a_command_without_a_connection_in_time_is_late() {
    let world = World::new().await;
    let door = world.narrow_door(1).await;
    let held = door.db().pool().acquire().await.expect("the only one");
    let fault = run(&door, &soon(100), Note::new("a"))
        .await
        .expect_err("none is free");
    assert_eq!(fault.kind(), Kind::Late);
    drop(held);
    assert_eq!(world.effects().await, 0);
}

#[tokio::test]
async fn a_deadline_that_has_passed_touches_nothing() {
    let world = World::new().await;
    let fault = run(&world.door, &soon(0), Note::new("a"))
        .await
        .expect_err("late");
    assert_eq!(fault.kind(), Kind::Late);
    assert_eq!(world.effects().await, 0);
}

#[tokio::test]
async fn a_lost_conflict_is_tried_again_and_not_for_ever() {
    let world = World::new().await;
    let note = Note::new("a").conflicts(3);
    run(&world.door, &asked("r-1"), note)
        .await
        .expect("the fourth try");
    assert_eq!(world.effects().await, 1);
    let note = Note::new("b").conflicts(100);
    let fault = run(&world.door, &asked("r-2"), note)
        .await
        .expect_err("always in the way");
    assert_eq!(
        (fault.kind(), fault.reason()),
        (Kind::Conflict, reason::CONCURRENT_UPDATE)
    );
    assert_eq!(world.effects().await, 1);
}
