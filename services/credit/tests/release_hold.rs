use khaacho_proto::credit::v1 as pb;

use crate::world::{World, reason};

#[tokio::test(flavor = "multi_thread")]
async fn a_released_hold_gives_its_credit_back_once() {
    let world = World::new().await;
    let shop = world.shop(100_00).await;
    world.place(&shop, "a", 60_00).await.expect("held");
    for _ in 0..2 {
        let released = world
            .release(&shop, "a")
            .await
            .expect("released")
            .hold
            .expect("a hold");
        assert_eq!(
            (released.state(), released.amount_paisa),
            (pb::HoldState::Released, 60_00)
        );
    }
    assert_eq!(world.balance(&shop).await.available_paisa, 100_00);
    assert_eq!(reason(world.place(&shop, "a", 60_00).await), "HOLD_RELEASED");
    assert_eq!(reason(world.post("a", 60_00).await), "HOLD_RELEASED");
    world.assert_books().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_before_the_hold_refuses_the_late_hold() {
    let world = World::new().await;
    let shop = world.shop(100_00).await;
    let tombstone = world
        .release(&shop, "late")
        .await
        .expect("recorded")
        .hold
        .expect("a hold");
    assert_eq!(
        (tombstone.state(), tombstone.amount_paisa),
        (pb::HoldState::Released, 0)
    );
    assert_eq!(reason(world.place(&shop, "late", 60_00).await), "HOLD_RELEASED");
    world.release(&shop, "late").await.expect("still fine");
    assert_eq!(world.balance(&shop).await.available_paisa, 100_00);
    world.assert_books().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_debt_and_somebody_elses_hold_are_not_released() {
    let world = World::new().await;
    let (shop, other) = (world.shop(100_00).await, world.shop(100_00).await);
    world.place(&shop, "a", 60_00).await.expect("held");
    assert_eq!(reason(world.release(&other, "a").await), "HOLD_UNKNOWN");
    world.post("a", 60_00).await.expect("posted");
    assert_eq!(reason(world.release(&shop, "a").await), "HOLD_POSTED");
    world.assert_books().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn place_and_release_in_a_race_end_released_with_nothing_held() {
    let world = std::sync::Arc::new(World::new().await);
    let shop = std::sync::Arc::new(world.shop(100_00).await);
    for round in 0..20 {
        let name = format!("race {round}");
        let (placed, released) = tokio::join!(world.place(&shop, &name, 60_00), world.release(&shop, &name));
        released.expect("a release never fails here");
        if let Err(late) = placed {
            assert_eq!(late.reason(), "HOLD_RELEASED");
        }
        assert_eq!(world.balance(&shop).await.held_paisa, 0);
    }
    world.assert_books().await;
}
