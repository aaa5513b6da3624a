//! A long, mixed history by many hands at once, after which every book agrees with every other.

use std::sync::Arc;

use khaacho_proto::credit::v1 as pb;

use crate::world::World;

/// Steps of one hand, chosen by a small generator so that a failure can be repeated.
async fn hand(world: Arc<World>, shops: Arc<Vec<pb::Account>>, seed: u64) {
    let mut state = seed;
    let mut next = move |below: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    for step in 0..25 {
        let shop = &shops[usize::try_from(next(shops.len() as u64)).expect("small")];
        let name = format!("order {seed} {step}");
        let paisa = i64::try_from(next(40_00)).expect("small") + 10;
        let held = world.place(shop, &name, paisa).await;
        if let Err(fault) = &held {
            assert_eq!(fault.reason(), "CREDIT_SHORT", "{fault:?}");
        }
        match (held.is_ok(), next(4)) {
            (true, 0) => drop(world.release(shop, &name).await.expect("released")),
            (true, 1 | 2) => drop(world.post(&name, paisa).await.expect("posted")),
            (false, 0) => drop(
                world
                    .set_limit(shop, i64::try_from(next(200_00)).expect("small"))
                    .await,
            ),
            (_, 3) | (false, _) => drop(world.pay(shop, paisa).await),
            _ => {}
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_hands_leave_books_that_agree() {
    let world = Arc::new(World::new().await);
    let mut shops = Vec::new();
    for _ in 0..3 {
        shops.push(world.shop(100_00).await);
    }
    let shops = Arc::new(shops);
    let mut hands = tokio::task::JoinSet::new();
    for seed in 1..=6 {
        hands.spawn(hand(world.clone(), shops.clone(), seed));
    }
    hands.join_all().await;
    world.assert_books().await;
    assert!(world.count("select count(*) from credit.entry").await > 20);
}
