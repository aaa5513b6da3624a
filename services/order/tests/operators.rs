use khaacho_fault::Fault;
use khaacho_proto::order::v1 as pb;
use pb::OrderStatus;

use crate::world::books::{shop_phone, vendor_phone};
use crate::world::stage::{Gate, Play};
use crate::world::{By, World, answer, reason};

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_takes_the_offer_away_and_gives_the_order_to_another() {
    let world = World::new().await;
    let order = world.offered().await;
    let moving = world.assign(&order, "V03").await.expect("assigned");
    assert!(matches!(
        moving.status(),
        OrderStatus::Routed | OrderStatus::Accepted
    ));
    let accepted = world.reaches(&order, OrderStatus::Accepted).await;
    assert_eq!(
        (accepted.vendor_name.as_str(), accepted.vendor_deadline_at),
        ("Vendor 3", None)
    );
    world.assert_sound().await;
    assert_eq!(
        world.books().told(&vendor_phone(1)),
        ["vendor_offer", "vendor_offer_lost"]
    );
    assert_eq!(
        world.books().told(&vendor_phone(3)),
        ["vendor_pack_list", "vendor_offer_won"]
    );
    assert_eq!(
        world.books().told(&shop_phone(1)),
        ["order_placed", "vendor_assigned"]
    );
    let decisions = world.routing(&order).await;
    let told: Vec<_> = decisions
        .iter()
        .map(|d| (d.method.as_str(), d.answer.as_str()))
        .collect();
    assert_eq!(told, [("scored", "WITHDRAWN"), ("operator", "ACCEPTED")]);
    assert_eq!(
        reason(world.accept(By::Vendor(1), &order).await),
        "NOT_YOUR_OFFER"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_asked_already_is_not_told_that_he_lost_it() {
    let world = World::new().await;
    let order = world.offered().await;
    // All he has is reserved for this very order.
    world.books().stock_of(1, "RICE", 2);
    world.assign(&order, "V01").await.expect("assigned");
    world.reaches(&order, OrderStatus::Accepted).await;
    world.assert_sound().await;
    assert_eq!(
        world.books().told(&vendor_phone(1)),
        ["vendor_offer", "vendor_pack_list", "vendor_offer_won"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_assignment_needs_a_reason_a_vendor_with_stock_and_an_order_that_waits() {
    let world = World::new().await;
    let order = world.offered().await;
    world.books().stock_of(2, "RICE", 1);
    let refused = world.assign(&order, "V02").await.expect_err("short");
    assert_eq!(refused.reason(), "VENDOR_NOT_ELIGIBLE");
    assert!(
        refused.sentence().contains("STOCK_SHORT"),
        "{}",
        refused.sentence()
    );
    assert_eq!(reason(world.assign(&order, "V99").await), "VENDOR_UNKNOWN");
    let silent = pb::AssignVendorRequest {
        request_id: world.request_id(),
        order: order.order_id.clone(),
        vendor_id: "V03".to_owned(),
        reason: "  ".to_owned(),
    };
    let silent = answer(world.orders().assign_vendor(By::Operator.asks(silent)).await);
    assert_eq!(reason(silent), "REASON_MISSING");
    world.accept(By::Vendor(1), &order).await.expect("accepted");
    assert_eq!(reason(world.assign(&order, "V03").await), "WRONG_STATUS");
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_assigned_vendor_who_sold_out_meanwhile_brings_the_order_back_to_routing() {
    let world = World::new().await;
    let order = world.offered().await;
    world.script("Reserve", [Play::Refuse(Fault::refused("STOCK_SHORT"))]);
    world.assign(&order, "V03").await.expect("assigned");
    let so = |o: &pb::Order| o.status() == OrderStatus::SentToVendor && o.vendor_name != "Vendor 1";
    let next = world.becomes(&order, "offered to the next", so).await;
    assert_eq!(next.vendor_name, "Vendor 2");
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decline_and_an_assignment_at_once_leave_one_vendor() {
    let world = World::new().await;
    let order = world.offered().await;
    let (declined, assigned) =
        tokio::join!(world.decline(By::Vendor(1), &order), world.assign(&order, "V04"));
    assert!(assigned.is_ok() || declined.is_ok(), "{declined:?} {assigned:?}");
    world.quiet().await;
    let order = world.get(By::Operator, &order.order_id).await.expect("read");
    if assigned.is_ok() {
        assert_eq!(
            (order.status(), order.vendor_name.as_str()),
            (OrderStatus::Accepted, "Vendor 4")
        );
    }
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_assignment_while_the_next_vendor_is_looked_for_wins() {
    let world = World::new().await;
    let order = world.offered().await;
    let gate = Gate::new();
    world.script("QuoteLines", [Play::Wait(gate.clone())]);
    world.decline(By::Vendor(1), &order).await.expect("declined");
    gate.arrived().await;
    world.assign(&order, "V04").await.expect("assigned");
    gate.open();
    let accepted = world.reaches(&order, OrderStatus::Accepted).await;
    assert_eq!(accepted.vendor_name, "Vendor 4");
    world.assert_sound().await;
    assert_eq!(world.books().told(&vendor_phone(2)), Vec::<&str>::new());
}
