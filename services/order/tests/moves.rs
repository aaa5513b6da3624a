//! Stock moves to the next vendor.

use khaacho_fault::Fault;
use khaacho_proto::order::v1 as pb;
use pb::OrderStatus;

use crate::offers::Asked as _;
use crate::world::books::vendor_phone;
use crate::world::stage::{Gate, Play};
use crate::world::{By, World};

#[tokio::test(flavor = "multi_thread")]
async fn a_vendor_who_sold_out_before_the_stock_could_move_is_passed_over() {
    let world = World::new().await;
    let order = world.offered().await;
    world.script("Reserve", [Play::Refuse(Fault::refused("STOCK_SHORT"))]);
    world.decline(By::Vendor(1), &order).await.expect("declined");
    world
        .becomes(&order, "offered to vendor 3", |o| o.offers_vendor() == "Vendor 3")
        .await;
    world.assert_sound().await;
    let answers: Vec<String> = world
        .routing(&order)
        .await
        .into_iter()
        .map(|d| d.answer)
        .collect();
    assert_eq!(answers, ["DECLINED", "STOCK_SHORT", "OFFERED"]);
    assert_eq!(world.books().told(&vendor_phone(2)), Vec::<&str>::new());
}

/// The stock of vendor 2 is moved by a call that was given up and then refused: when it arrives after all, it must not
/// take the reservation away from the order.
#[tokio::test(flavor = "multi_thread")]
async fn a_move_that_arrives_late_takes_nothing_away() {
    let world = World::new().await;
    let order = world.offered().await;
    world.script(
        "Reserve",
        [Play::Late, Play::Refuse(Fault::refused("STOCK_SHORT"))],
    );
    world.decline(By::Vendor(1), &order).await.expect("declined");
    world
        .becomes(&order, "offered to vendor 3", |o| o.offers_vendor() == "Vendor 3")
        .await;
    world.quiet().await;
    world.stage.land();
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_move_is_repeated_and_has_one_effect() {
    let world = World::new().await;
    let order = world.offered().await;
    world.script("Reserve", [Play::LoseAnswer]);
    world.decline(By::Vendor(1), &order).await.expect("declined");
    world
        .becomes(&order, "offered to vendor 2", |o| o.offers_vendor() == "Vendor 2")
        .await;
    world.assert_sound().await;
    assert_eq!(world.books().pending_attempts(&order.order_id).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn cancelling_while_stock_moves_gives_the_new_reservation_back() {
    let world = World::new().await;
    let order = world.offered().await;
    let gate = Gate::new();
    world.script("Reserve", [Play::Wait(gate.clone())]);
    world.decline(By::Vendor(1), &order).await.expect("declined");
    gate.arrived().await;
    assert_eq!(
        world
            .get(By::Operator, &order.order_id)
            .await
            .expect("read")
            .status(),
        OrderStatus::Routed
    );
    world.cancel(By::Shop(1), &order, "").await.expect("cancelled");
    gate.open();
    world.assert_sound().await;
    let answers: Vec<String> = world
        .routing(&order)
        .await
        .into_iter()
        .map(|d| d.answer)
        .collect();
    assert_eq!(
        answers,
        ["DECLINED", "WITHDRAWN"],
        "closed answers stay what they were"
    );
    assert_eq!(world.books().told(&vendor_phone(2)), Vec::<&str>::new());
}
