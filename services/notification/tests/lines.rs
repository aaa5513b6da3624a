//! Lines of messages: one job each, and none is forgotten.

use std::time::Duration;

use khaacho_proto::notification::v1 as pb;
use pb::NotificationState as State;

use crate::support::{World, eventually, text};

async fn number(world: &World, query: &'static str) -> i64 {
    sqlx::query_scalar(query)
        .fetch_one(world.door.db().pool())
        .await
        .expect("a number")
}

async fn jobs(world: &World) -> i64 {
    number(
        world,
        "select count(*) from notification.job where kind = 'send_message'",
    )
    .await
}

#[tokio::test]
async fn a_line_has_one_job_however_many_messages_wait() {
    let world = World::simulated().await;
    let mut ids = Vec::new();
    for n in 0..5 {
        ids.extend(world.enqueue(vec![text(&format!("k{n}"), "hello")]).await);
    }
    assert_eq!(jobs(&world).await, 1);
    let running = world.work();
    for id in &ids {
        world.until(id, State::Delivered).await;
    }
    world.until_quiet().await;
    running.stop().await;
    assert_eq!(jobs(&world).await, 0);
}

/// Whoever adds a message while the line's job ends must not take that job for one that will see it. The sweep, which
/// would find such a message, does not come: time stands still.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_added_while_a_line_ends_is_sent() {
    let world = World::simulated().await;
    let running = world.work();
    let mut ids = Vec::new();
    for round in 0..40 {
        let add = async |n: u32| world.enqueue(vec![text(&format!("{round}-{n}"), "hello")]).await;
        let (a, b, c) = tokio::join!(add(0), add(1), add(2));
        ids.extend([a, b, c].into_iter().flatten());
        tokio::time::sleep(Duration::from_millis(round % 7)).await;
    }
    for id in &ids {
        world.until(id, State::Delivered).await;
    }
    world.until_quiet().await;
    running.stop().await;
}

#[tokio::test]
async fn a_line_without_a_job_gets_one_from_the_sweep() {
    let world = World::simulated().await;
    let parked = world.enqueue(vec![text("a", "hello")]).await.remove(0);
    let now = "update notification.job set parked_at = to_timestamp(1795000000), dedup_key = null";
    world.sql(now).await;
    let running = world.work();
    world.hand.advance(Duration::from_secs(60));
    let swept = "select count(*) from notification.schedule s where s.kind = 'sweep_notifications'
        and s.last_slot > to_timestamp(1795000029)
        and not exists (select from notification.job j where j.kind = s.kind)";
    assert!(
        eventually(async || number(&world, swept).await == 1).await,
        "it sweeps"
    );
    assert_eq!(
        world.get(&parked).await.state(),
        State::Queued,
        "an operator may look at it first"
    );
    world.hand.advance(Duration::from_secs(3600));
    world.until(&parked, State::Delivered).await;
    running.stop().await;
}
