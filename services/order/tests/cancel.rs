use khaacho_proto::order::v1 as pb;
use pb::OrderStatus;

use crate::world::books::{shop_phone, vendor_id, vendor_phone};
use crate::world::{By, World, answer, reason};

#[tokio::test(flavor = "multi_thread")]
async fn a_shop_cancels_without_a_word_until_a_vendor_has_accepted() {
    let world = World::new().await;
    let order = world.offered().await;
    let cancelled = world.cancel(By::Shop(1), &order, "").await.expect("cancelled");
    assert_eq!(
        (cancelled.status(), cancelled.reason.as_str()),
        (OrderStatus::Cancelled, "CANCELLED")
    );
    world.assert_sound().await;
    assert_eq!(
        world.books().told(&vendor_phone(1)),
        ["vendor_offer", "vendor_order_cancelled"]
    );
    assert_eq!(
        world.books().told(&shop_phone(1)),
        ["order_placed", "order_cancelled"]
    );
    assert_eq!(world.books().available(&vendor_id(1), "RICE"), 100_000);
    assert_eq!(reason(world.accept(By::Vendor(1), &order).await), "OFFER_GONE");
    assert_eq!(world.routing(&order).await[0].answer, "WITHDRAWN");
}

#[tokio::test(flavor = "multi_thread")]
async fn then_it_gives_a_reason_and_once_the_goods_left_only_an_operator_cancels() {
    let world = World::new().await;
    let order = world.accepted().await;
    assert_eq!(
        reason(world.cancel(By::Shop(1), &order, " ").await),
        "REASON_MISSING"
    );
    world.pack_order(By::Vendor(1), &order).await.expect("packed");
    world
        .dispatch_order(By::Vendor(1), &order)
        .await
        .expect("dispatched");
    assert_eq!(
        reason(world.cancel(By::Shop(1), &order, "closed").await),
        "WRONG_STATUS"
    );
    assert_eq!(
        reason(world.cancel(By::Operator, &order, "").await),
        "REASON_MISSING"
    );
    let cancelled = world
        .cancel(By::Operator, &order, "the truck came back")
        .await
        .expect("cancelled");
    assert_eq!(cancelled.reason_text, "the truck came back");
    world.assert_sound().await;
    assert_eq!(
        reason(world.cancel(By::Operator, &order, "again").await),
        "WRONG_STATUS"
    );
    assert_eq!(
        world.routing(&order).await[0].answer,
        "ACCEPTED",
        "his answer stays what it was"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn only_its_own_shop_cancels_and_only_what_it_saw() {
    let world = World::new().await;
    let order = world.offered().await;
    assert_eq!(
        reason(world.cancel(By::Shop(2), &order, "mine").await),
        "ORDER_UNKNOWN"
    );
    let vendor = world.cancel(By::Vendor(1), &order, "no").await;
    assert_eq!(reason(vendor), "PERMISSION_DENIED");
    let body = |version| pb::CancelOrderRequest {
        request_id: world.request_id(),
        order: order.order_number.clone(),
        reason: "x".repeat(if version == 0 { 501 } else { 1 }),
        expected_version: version,
    };
    let cancel = async |version| answer(world.orders().cancel_order(By::Shop(1).asks(body(version))).await);
    assert_eq!(reason(cancel(0).await), "INVALID_ARGUMENT");
    assert_eq!(reason(cancel(order.version + 1).await), "STALE_VERSION");
    assert!(cancel(order.version).await.is_ok());
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cancelling_and_accepting_at_once_has_one_end() {
    for _ in 0..5 {
        let world = World::new().await;
        let order = world.offered().await;
        let (cancelled, accepted) = tokio::join!(
            world.cancel(By::Shop(1), &order, "closed"),
            world.accept(By::Vendor(1), &order)
        );
        assert!(
            cancelled.is_ok(),
            "it may be cancelled before and after: {cancelled:?} {accepted:?}"
        );
        world.assert_sound().await;
        let end = world.get(By::Operator, &order.order_id).await.expect("read");
        assert_eq!(end.status(), OrderStatus::Cancelled);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stuck_order_can_be_cancelled_and_waits_for_nobody_then() {
    let world = World::new().await;
    let order = world.offered().await;
    (2..=4).for_each(|vendor| world.books().stock_of(vendor, "RICE", 0));
    world.decline(By::Vendor(1), &order).await.expect("declined");
    world.becomes(&order, "stuck", |o| o.needs_operator).await;
    let cancelled = world
        .cancel(By::Operator, &order, "nobody has it")
        .await
        .expect("cancelled");
    assert!(!cancelled.needs_operator);
    world.assert_sound().await;
    assert_eq!(
        world.books().told(&vendor_phone(1)),
        ["vendor_offer", "vendor_offer_declined"],
        "it is not his"
    );
    assert_eq!(world.routing(&order).await[0].answer, "DECLINED");
}
