//! The end of a runner.

use std::time::Duration;

use crate::support::{Held, SOON, World, eventually, job, work};

#[tokio::test]
async fn a_stopping_runner_finishes_what_is_under_way_and_takes_nothing_new() {
    let world = World::new().await;
    let held = Held::new();
    let running = work(&world.door, [held.kind("k")]);
    world.enqueue([job("k", "under way")]).await;
    held.until_begun(1).await;
    running.ask();
    world.enqueue([job("k", "too late")]).await;
    let lease =
        "select (extract(epoch from lease_until) * 1000)::bigint from shop.job where body = '\"under way\"'";
    let before = world.number(lease).await;
    eventually("its lease is still renewed", SOON, async || {
        world.number(lease).await > before
    })
    .await;
    held.open();
    running.stop().await;
    assert_eq!(held.begun(), ["under way"]);
    assert_eq!((world.effects().await, world.jobs().await), (1, 1));
    assert_eq!(
        world
            .number("select count(*) from shop.job where lease_owner is not null")
            .await,
        0
    );
}

#[tokio::test]
async fn an_idle_runner_stops_soon() {
    let world = World::new().await;
    let running = work(&world.door, []);
    world.marker().await;
    let stopped = tokio::time::timeout(Duration::from_secs(4), running.stop()).await;
    assert!(stopped.is_ok(), "nothing was under way");
}
