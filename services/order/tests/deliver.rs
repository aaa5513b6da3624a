use khaacho_fault::Fault;
use khaacho_proto::order::v1 as pb;
use pb::OrderStatus;

use crate::world::books::{shop_phone, vendor_id};
use crate::world::stage::{Gate, Play};
use crate::world::{By, World, answer, reason};

#[tokio::test(flavor = "multi_thread")]
async fn from_accepted_to_completed_every_step_is_told_and_the_debt_is_posted_once() {
    let world = World::new().await;
    let order = world.delivered().await;
    let posted = world
        .becomes(&order, "posted", |o| !o.invoice_number.is_empty())
        .await;
    assert!(posted.due_at.is_some() && posted.delivered_at.is_some());
    world.assert_sound().await;
    let completed = world
        .complete_order(By::Shop(1), &order)
        .await
        .expect("completed");
    assert_eq!(completed.status(), OrderStatus::Completed);
    world.assert_sound().await;
    let books = world.books();
    let posting = &books.postings[&order.order_id];
    assert_eq!(
        (posting.amount_paisa, posting.vat_paisa, posting.vendor_paisa),
        (200_000, 0, 200_000)
    );
    assert_eq!(posting.vendor_id, vendor_id(1));
    assert_eq!(books.available(&vendor_id(1), "RICE"), 98_000);
    let told = [
        "order_placed",
        "vendor_assigned",
        "order_packing",
        "order_dispatched",
        "order_out_for_delivery",
        "order_delivered",
        "order_completed",
    ];
    assert_eq!(books.told(&shop_phone(1)), told);
}

#[tokio::test(flavor = "multi_thread")]
async fn steps_go_in_their_order_and_by_the_vendor_who_has_it() {
    let world = World::new().await;
    let order = world.offered().await;
    let vendor = By::Vendor(1);
    assert_eq!(reason(world.pack_order(vendor, &order).await), "WRONG_STATUS");
    world.accept(vendor, &order).await.expect("accepted");
    assert_eq!(reason(world.dispatch_order(vendor, &order).await), "WRONG_STATUS");
    assert_eq!(
        reason(world.pack_order(By::Vendor(2), &order).await),
        "ORDER_UNKNOWN"
    );
    world.pack_order(vendor, &order).await.expect("packed");
    assert_eq!(reason(world.pack_order(vendor, &order).await), "WRONG_STATUS");
    assert_eq!(reason(world.send_out_order(vendor, &order).await), "WRONG_STATUS");
    world.dispatch_order(vendor, &order).await.expect("dispatched");
    assert_eq!(reason(world.deliver_order(vendor, &order).await), "WRONG_STATUS");
    world.send_out_order(vendor, &order).await.expect("out");
    assert_eq!(reason(world.complete_order(vendor, &order).await), "WRONG_STATUS");
    assert_eq!(
        reason(world.deliver_order(By::Vendor(2), &order).await),
        "ORDER_UNKNOWN"
    );
    world
        .deliver_order(By::Operator, &order)
        .await
        .expect("delivered");
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stale_reader_is_refused_and_a_repeated_request_is_not() {
    let world = World::new().await;
    let order = world.accepted().await;
    let body = |version| pb::PackOrderRequest {
        request_id: format!("pack-{version}"),
        order: order.order_id.clone(),
        expected_version: version,
    };
    let pack = async |version| answer(world.orders().pack_order(By::Vendor(1).asks(body(version))).await);
    let stale = pack(order.version - 1).await.expect_err("stale");
    assert_eq!(
        (stale.reason(), stale.facts()["version"].clone()),
        ("STALE_VERSION", order.version.to_string())
    );
    let packed = pack(order.version).await.expect("packed");
    assert_eq!(pack(order.version).await.expect("replayed"), packed);
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lost_answers_of_posting_and_stock_have_one_effect() {
    let world = World::new().await;
    world.script("PostHold", [Play::LoseAnswer]);
    world.script(
        "Consume",
        [Play::LoseAnswer, Play::Refuse(Fault::unavailable("away"))],
    );
    let order = world.delivered().await;
    world
        .becomes(&order, "posted", |o| !o.invoice_number.is_empty())
        .await;
    world.assert_sound().await;
    assert_eq!(world.books().available(&vendor_id(1), "RICE"), 98_000);
    let told = world
        .books()
        .told(&shop_phone(1))
        .iter()
        .filter(|t| **t == "order_delivered")
        .count();
    assert_eq!(told, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_completes_only_after_its_debt_is_posted() {
    let world = World::new().await;
    let gate = Gate::new();
    world.script("PostHold", [Play::Wait(gate.clone())]);
    let order = world.delivered().await;
    gate.arrived().await;
    let early = world
        .complete_order(By::Shop(1), &order)
        .await
        .expect_err("too early");
    assert_eq!(early.reason(), "NOT_POSTED_YET");
    assert!(early.retry_after().is_some());
    assert_eq!(
        reason(world.cancel(By::Operator, &order, "x").await),
        "WRONG_STATUS"
    );
    gate.open();
    world
        .becomes(&order, "posted", |o| !o.invoice_number.is_empty())
        .await;
    world
        .complete_order(By::Vendor(1), &order)
        .await
        .expect("completed");
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_disputes_is_complete_after_48_hours() {
    let world = World::new().await;
    let order = world.delivered().await;
    world
        .becomes(&order, "posted", |o| !o.invoice_number.is_empty())
        .await;
    let due = "select count(*) from orders.job where kind = 'complete_order'
               and run_at - created_at between interval '47 hours 59 minutes' and interval '48 hours 1 minute'";
    assert_eq!(world.count(due).await, 1);
    world.minutes_pass(48 * 60);
    world.reaches(&order, OrderStatus::Completed).await;
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_timer_of_a_completed_order_changes_nothing() {
    let world = World::new().await;
    let order = world.delivered().await;
    world
        .becomes(&order, "posted", |o| !o.invoice_number.is_empty())
        .await;
    let completed = world
        .complete_order(By::Shop(1), &order)
        .await
        .expect("completed");
    world.minutes_pass(49 * 60);
    let timers = "select count(*) from orders.job where kind = 'complete_order'";
    world
        .eventually("the timer has run", async || world.count(timers).await == 0)
        .await;
    assert_eq!(
        world
            .get(By::Operator, &order.order_id)
            .await
            .expect("read")
            .version,
        completed.version
    );
    world.assert_sound().await;
}
