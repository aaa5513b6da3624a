use std::time::{Duration, Instant};

use khaacho_proto::order::v1 as pb;
use pb::OrderStatus;

use crate::world::stage::{Gate, Play};
use crate::world::verbs::asked;
use crate::world::{By, World, answer, reason};

#[tokio::test(flavor = "multi_thread")]
async fn a_quote_becomes_one_order_that_is_secured_and_offered() {
    let world = World::new().await;
    let quote = world.quote(&[("RICE", "2"), ("SUGAR", "1")]).await;
    let order = world
        .place(By::Shop(1), world.placing(&quote))
        .await
        .expect("placed");
    assert_eq!(
        (order.total_paisa, order.lines.as_slice()),
        (313_000, quote.lines.as_slice())
    );
    assert!(order.order_number.starts_with("ORD"), "{}", order.order_number);
    let offered = world.reaches(&order, OrderStatus::SentToVendor).await;
    assert!(offered.settled && offered.vendor_deadline_at.is_some());
    assert_eq!(offered.vendor_name, "Vendor 1");
    world.assert_sound().await;
    assert_eq!(world.books().told("+9779759153901"), ["vendor_offer"]);
    assert_eq!(world.books().told("+9779841234501"), ["order_placed"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_request_meets_its_order_and_another_body_is_refused() {
    let world = World::new().await;
    let body = pb::PlaceOrderRequest {
        request_id: "once".to_owned(),
        account_id: "R00001".to_owned(),
        lines: asked(&[("RICE", "2")]),
        ..Default::default()
    };
    let place = async |body: pb::PlaceOrderRequest| world.place(By::Operator, body).await;
    let first = place(body.clone()).await.expect("placed");
    let (again, twin) = tokio::join!(place(body.clone()), place(body.clone()));
    assert_eq!(again.expect("replayed").order_id, first.order_id);
    assert_eq!(twin.expect("replayed").order_id, first.order_id);
    let more = pb::PlaceOrderRequest {
        lines: asked(&[("RICE", "3")]),
        ..body.clone()
    };
    assert_eq!(reason(place(more).await), "REQUEST_ID_REUSED");
    let other = pb::PlaceOrderRequest {
        account_id: "R00002".to_owned(),
        ..body.clone()
    };
    assert_eq!(reason(place(other).await), "REQUEST_ID_REUSED");
    assert_eq!(world.count("select count(*) from orders.purchase_order").await, 1);
    let replayed = world
        .orders()
        .place_order(By::Operator.asks(body))
        .await
        .expect("replayed");
    assert!(replayed.metadata().contains_key("x-khaacho-replayed"));
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn twins_that_place_at_once_make_one_order() {
    let world = World::new().await;
    let quote = world.quote(&[("RICE", "2")]).await;
    let (one, two) = (world.placing(&quote), world.placing(&quote));
    let (one, two) = tokio::join!(world.place(By::Shop(1), one), world.place(By::Shop(1), two));
    let (placed, refused) = if one.is_ok() { (one, two) } else { (two, one) };
    let number = placed.expect("placed").order_number;
    let refused = refused.expect_err("used");
    assert_eq!(
        (refused.reason(), refused.facts()["order_number"].as_str()),
        ("QUOTE_USED", number.as_str())
    );
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quote_is_good_for_ten_minutes_and_for_its_own_account() {
    let world = World::idle().await;
    let quote = world.quote(&[("RICE", "2")]).await;
    assert_eq!(
        reason(world.place(By::Shop(2), world.placing(&quote)).await),
        "QUOTE_UNKNOWN"
    );
    let unknown = pb::Quote {
        quote_id: "quo_1".to_owned(),
        ..quote.clone()
    };
    assert_eq!(
        reason(world.place(By::Shop(1), world.placing(&unknown)).await),
        "QUOTE_UNKNOWN"
    );
    world.minutes_pass(10);
    assert_eq!(
        reason(world.place(By::Shop(1), world.placing(&quote)).await),
        "QUOTE_EXPIRED"
    );
    assert_eq!(world.count("select count(*) from orders.purchase_order").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hopeless_basket_is_refused_before_there_is_an_order() {
    let world = World::idle().await;
    let place = async |lines: &[(&str, &str)]| {
        let body = pb::PlaceOrderRequest {
            request_id: world.request_id(),
            lines: asked(lines),
            ..Default::default()
        };
        world.place(By::Shop(1), body).await
    };
    assert_eq!(reason(place(&[("NOPE", "1")]).await), "BAD_LINES");
    assert_eq!(reason(place(&[]).await), "BAD_LINES");
    assert_eq!(reason(place(&[("RICE", "101")]).await), "STOCK_SHORT");
    let blocked = khaacho_proto::credit::v1::AccountState::Blocked.into();
    world.books().accounts[0].state = blocked;
    assert_eq!(reason(place(&[("RICE", "1")]).await), "ORDERING_BLOCKED");
    assert_eq!(world.count("select count(*) from orders.purchase_order").await, 0);
    assert_eq!(world.count("select count(*) from orders.quote").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_hears_the_outcome_as_soon_as_it_is_there() {
    let world = World::new().await;
    let body = pb::PlaceOrderRequest {
        request_id: world.request_id(),
        lines: asked(&[("RICE", "2")]),
        wait_seconds: 8,
        ..Default::default()
    };
    let started = Instant::now();
    let placed = answer(world.orders().place_order(By::Shop(1).asks(body)).await).expect("placed");
    assert!(
        placed.settled && started.elapsed() < Duration::from_secs(4),
        "{:?}",
        started.elapsed()
    );
    assert_eq!(
        placed.order.expect("an order").status(),
        OrderStatus::SentToVendor
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_in_vain_gets_the_placed_order_when_his_wait_is_over() {
    let world = World::new().await;
    let gate = Gate::new();
    world.script("PlaceHold", [Play::Wait(gate.clone())]);
    let body = pb::PlaceOrderRequest {
        request_id: world.request_id(),
        lines: asked(&[("RICE", "2")]),
        wait_seconds: 1,
        ..Default::default()
    };
    let started = Instant::now();
    let placed = answer(world.orders().place_order(By::Shop(1).asks(body)).await).expect("placed");
    assert!(started.elapsed() >= Duration::from_secs(1) && !placed.settled);
    let order = placed.order.expect("an order");
    assert_eq!(order.status(), OrderStatus::Placed);
    gate.open();
    world.reaches(&order, OrderStatus::SentToVendor).await;
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wait_longer_than_the_callers_deadline_ends_before_it() {
    let world = World::idle().await;
    let body = pb::PlaceOrderRequest {
        request_id: world.request_id(),
        lines: asked(&[("RICE", "2")]),
        wait_seconds: 8,
        ..Default::default()
    };
    let mut request = By::Shop(1).asks(body);
    request.set_timeout(Duration::from_secs(1));
    let placed = answer(world.orders().place_order(request).await).expect("an answer in time");
    assert!(!placed.settled);
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_grow_and_are_never_given_twice() {
    let world = World::idle().await;
    let mut numbers = Vec::new();
    for _ in 0..5 {
        numbers.push(world.placed().await.order_number);
        // A refusal may use a number up; it is not given again.
        let quote = world.quote(&[("NOPE", "1")]).await;
        assert!(world.place(By::Shop(1), world.placing(&quote)).await.is_err());
    }
    assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]), "{numbers:?}");
}
