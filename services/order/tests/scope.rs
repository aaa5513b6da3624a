use khaacho_proto::order::v1 as pb;

use crate::world::books::{account_id, vendor_id};
use crate::world::{By, World, answer, reason};

#[tokio::test(flavor = "multi_thread")]
async fn an_order_exists_for_its_shop_and_its_vendor_only() {
    let world = World::new().await;
    let order = world.offered().await;
    for named in [
        &order.order_id,
        &order.order_number,
        &order.order_number.to_lowercase(),
    ] {
        for own in [By::Shop(1), By::Vendor(1), By::Operator] {
            assert_eq!(world.get(own, named).await.expect("his").order_id, order.order_id);
        }
        for foreign in [By::Shop(2), By::Vendor(2)] {
            assert_eq!(reason(world.get(foreign, named).await), "ORDER_UNKNOWN");
        }
    }
    for nothing in ["", "ord_1", "ORD2611000001", "x", &account_id(1)] {
        assert_eq!(
            reason(world.get(By::Operator, nothing).await),
            "ORDER_UNKNOWN",
            "{nothing}"
        );
    }
    let story = async |by: By| {
        let body = pb::ExplainOrderRequest {
            order: order.order_id.clone(),
        };
        answer(world.orders().explain_order(by.asks(body)).await)
    };
    assert!(story(By::Shop(1)).await.is_ok() && story(By::Vendor(1)).await.is_ok());
    assert_eq!(reason(story(By::Shop(2)).await), "ORDER_UNKNOWN");
    assert_eq!(reason(story(By::Vendor(2)).await), "ORDER_UNKNOWN");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_leaves_the_sight_of_the_vendor_who_lost_it() {
    let world = World::new().await;
    let order = world.offered().await;
    world.decline(By::Vendor(1), &order).await.expect("declined");
    world
        .becomes(&order, "with vendor 2", |o| o.vendor_name == "Vendor 2")
        .await;
    assert_eq!(
        reason(world.get(By::Vendor(1), &order.order_id).await),
        "ORDER_UNKNOWN"
    );
    assert!(world.get(By::Vendor(2), &order.order_id).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_are_confined_whatever_is_asked_for() {
    let world = World::new().await;
    let order = world.offered().await;
    let ids = async |by: By, account: &str, vendor: &str| {
        let body = pb::ListOrdersRequest {
            account_id: account.to_owned(),
            vendor_id: vendor.to_owned(),
            ..Default::default()
        };
        let page = world.list(by, body).await.expect("a page");
        page.orders.into_iter().map(|o| o.order_id).collect::<Vec<_>>()
    };
    let all = vec![order.order_id.clone()];
    assert_eq!(ids(By::Shop(1), "", "").await, all);
    assert_eq!(ids(By::Vendor(1), "", "").await, all);
    assert_eq!(ids(By::Operator, &account_id(1), &vendor_id(1)).await, all);
    assert!(ids(By::Shop(2), &account_id(1), "").await.is_empty());
    assert!(ids(By::Vendor(2), "", &vendor_id(1)).await.is_empty());
    assert!(ids(By::Operator, &account_id(2), "").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quote_and_a_receipt_are_their_own_shops() {
    let world = World::new().await;
    let order = world.delivered().await;
    world.quiet().await;
    assert_eq!(
        reason(world.complete_order(By::Shop(2), &order).await),
        "ORDER_UNKNOWN"
    );
    assert_eq!(
        reason(world.complete_order(By::Vendor(2), &order).await),
        "ORDER_UNKNOWN"
    );
    world
        .complete_order(By::Shop(1), &order)
        .await
        .expect("completed");
}
