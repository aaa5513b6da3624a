use std::sync::Arc;

use khaacho_fault::Kind;
use khaacho_proto::credit::v1 as pb;

use crate::world::{World, answer, by_order, order, reason};

#[tokio::test(flavor = "multi_thread")]
async fn a_hold_takes_what_it_needs_and_says_what_is_left() {
    let world = World::new().await;
    let shop = world.shop(50_000_00).await;
    let held = world.place(&shop, "a", 5_250_00).await.expect("held");
    let (hold, balance) = (held.hold.expect("a hold"), held.balance.expect("a balance"));
    assert_eq!(
        (hold.state(), hold.amount_paisa),
        (pb::HoldState::Pending, 5_250_00)
    );
    assert_eq!(
        (balance.held_paisa, balance.available_paisa),
        (5_250_00, 44_750_00)
    );
    assert_eq!(world.balance(&shop).await, balance);
    world.assert_books().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_hold_twice_is_one_hold() {
    let world = World::new().await;
    let shop = world.shop(100_00).await;
    let first = world.place(&shop, "a", 60_00).await.expect("held");
    let again = world.place(&shop, "a", 60_00).await.expect("held");
    assert_eq!(first, again);
    assert_eq!(world.balance(&shop).await.held_paisa, 60_00);
    assert_eq!(reason(world.place(&shop, "a", 61_00).await), "REQUEST_ID_REUSED");
    world.assert_books().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn twins_of_one_order_at_the_same_time_are_one_hold() {
    let world = Arc::new(World::new().await);
    let shop = Arc::new(world.shop(100_00).await);
    let twins: Vec<_> = (0..8)
        .map(|_| {
            let (world, shop) = (world.clone(), shop.clone());
            async move { world.place(&shop, "twin", 60_00).await }
        })
        .collect();
    let answers = all(twins).await;
    assert!(answers.iter().all(Result::is_ok), "{answers:?}");
    assert_eq!(world.balance(&shop).await.held_paisa, 60_00);
    world.assert_books().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sixteen_rivals_share_the_limit_exactly() {
    let world = Arc::new(World::new().await);
    let shop = Arc::new(world.shop(1000_00).await);
    let rivals: Vec<_> = (0..16)
        .map(|n| {
            let (world, shop) = (world.clone(), shop.clone());
            async move { world.place(&shop, &format!("rival {n}"), 100_00).await }
        })
        .collect();
    let answers = all(rivals).await;
    let refused: Vec<_> = answers
        .iter()
        .filter_map(|answer| answer.as_ref().err())
        .collect();
    assert_eq!(answers.len() - refused.len(), 10);
    assert!(
        refused.iter().all(|fault| fault.reason() == "CREDIT_SHORT"),
        "{refused:?}"
    );
    let balance = world.balance(&shop).await;
    assert_eq!((balance.held_paisa, balance.available_paisa), (1000_00, 0));
    world.assert_books().await;
}

/// A batch sorts out who has no room before it writes holds; a hold that stands already is no newcomer.
#[tokio::test(flavor = "multi_thread")]
async fn repetitions_find_their_holds_on_a_full_account_among_newcomers() {
    let world = Arc::new(World::new().await);
    let (full, free) = (world.shop(1000_00).await, world.shop(9000_00).await);
    for n in 0..10 {
        let held = world.place(&full, &format!("first {n}"), 100_00).await;
        held.expect("there is room");
    }
    let (full, free) = (Arc::new(full), Arc::new(free));
    let asked: Vec<_> = (0..60)
        .map(|n| {
            let (world, full, free) = (world.clone(), full.clone(), free.clone());
            async move {
                let answer = match n % 3 {
                    0 => world.place(&full, &format!("first {}", n / 6), 100_00).await,
                    1 => world.place(&full, &format!("new {n}"), 100_00).await,
                    _ => world.place(&free, &format!("other {n}"), 100_00).await,
                };
                (n, answer)
            }
        })
        .collect();
    for (n, answer) in all(asked).await {
        match n % 3 {
            1 => assert_eq!(reason(answer), "CREDIT_SHORT"),
            _ => assert!(answer.is_ok(), "{n}: {answer:?}"),
        }
    }
    assert_eq!(world.balance(&full).await.held_paisa, 1000_00);
    assert_eq!(world.balance(&free).await.held_paisa, 2000_00);
    world.assert_books().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_short_credit_says_what_is_missing_and_leaves_nothing_behind() {
    let world = World::new().await;
    let shop = world.shop(50_00).await;
    world.place(&shop, "a", 40_00).await.expect("held");
    let refused = world.place(&shop, "b", 15_00).await.expect_err("short");
    assert_eq!(
        (refused.kind(), refused.reason()),
        (Kind::Refused, "CREDIT_SHORT")
    );
    let facts = refused.facts();
    assert_eq!(
        [
            &facts["available_paisa"],
            &facts["short_paisa"],
            &facts["limit_paisa"]
        ],
        ["1000", "500", "5000"]
    );
    assert!(
        refused.sentence().contains("pay Rs 5 or order for at most Rs 10"),
        "{}",
        refused.sentence()
    );
    assert_eq!(world.count("select count(*) from credit.hold").await, 1);
    assert_eq!(world.count("select version from credit.account").await, 2);
    // and the same order may be held once there is room
    world.release(&shop, "a").await.expect("released");
    world.place(&shop, "b", 15_00).await.expect("held");
    world.assert_books().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lowered_limit_stops_new_holds_and_keeps_the_old_ones() {
    let world = World::new().await;
    let shop = world.shop(100_00).await;
    world.place(&shop, "a", 80_00).await.expect("held");
    let lowered = world.set_limit(&shop, 50_00).await.balance.expect("a balance");
    assert_eq!((lowered.held_paisa, lowered.available_paisa), (80_00, -30_00));
    let refused = world.place(&shop, "b", 1).await.expect_err("no room");
    assert_eq!(
        (refused.reason(), refused.facts()["available_paisa"].as_str()),
        ("CREDIT_SHORT", "-3000")
    );
    world
        .post("a", 80_00)
        .await
        .expect("what was held can still be posted");
    world.assert_books().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_says_what_a_hold_would_say() {
    let world = World::new().await;
    let shop = world.shop(50_00).await;
    let check = |amount_paisa| {
        let body = pb::CheckCreditRequest {
            account_id: shop.account_id.clone(),
            amount_paisa,
        };
        let mut holds = world.holds();
        async move { answer(holds.check_credit(by_order(body)).await).expect("checked") }
    };
    let allowed = check(50_00).await;
    assert_eq!(
        (allowed.allowed, allowed.short_paisa, allowed.reason.as_str()),
        (true, 0, "")
    );
    let short = check(51_00).await;
    assert_eq!(
        (short.allowed, short.short_paisa, short.reason.as_str()),
        (false, 1_00, "CREDIT_SHORT")
    );
    assert_eq!(world.balance(&shop).await.held_paisa, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hold_needs_an_account_and_an_amount() {
    let world = World::new().await;
    let shop = world.shop(50_00).await;
    let nobody = pb::Account {
        account_id: format!("acc_{}", "0".repeat(32)),
        ..shop.clone()
    };
    assert_eq!(reason(world.place(&nobody, "a", 1).await), "ACCOUNT_UNKNOWN");
    let body = pb::PlaceHoldRequest {
        order_id: order("a"),
        account_id: "R001".to_owned(),
        amount_paisa: 0,
    };
    let invalid = answer(world.holds().place_hold(by_order(body)).await).expect_err("two mistakes");
    let fields: Vec<_> = invalid
        .violations()
        .iter()
        .map(|violation| violation.field.as_str())
        .collect();
    assert_eq!(fields, ["amount_paisa", "account_id"]);
}

/// Runs all at the same time on all threads.
async fn all<T: Send + 'static>(futures: Vec<impl Future<Output = T> + Send + 'static>) -> Vec<T> {
    let mut set = tokio::task::JoinSet::new();
    futures.into_iter().for_each(|future| {
        set.spawn(future);
    });
    set.join_all().await
}
