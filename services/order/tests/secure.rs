use khaacho_fault::Fault;
use khaacho_proto::inventory::v1::ReservationState;
use khaacho_proto::order::v1 as pb;
use pb::OrderStatus;

use crate::world::books::shop_phone;
use crate::world::stage::{Gate, Play};
use crate::world::{By, World};

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_hold_ends_the_order_and_makes_every_attempt_impossible() {
    let world = World::new().await;
    let short = Fault::refused("CREDIT_SHORT").say("pay Rs 500 or order less");
    world.script("PlaceHold", [Play::Refuse(short)]);
    let order = world.placed().await;
    let refused = world.reaches(&order, OrderStatus::Refused).await;
    assert_eq!(
        (refused.reason.as_str(), refused.reason_text.as_str()),
        ("CREDIT_SHORT", "pay Rs 500 or order less")
    );
    world.assert_sound().await;
    let books = world.books();
    for attempt in 1..=3 {
        let state = books.reservation(&order.order_id, attempt);
        assert_eq!(state, Some(ReservationState::Released), "attempt {attempt}");
    }
    assert_eq!(books.told(&shop_phone(1)), ["order_refused"]);
    assert_eq!(books.credit_left(&order.account_id), 10_000_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn stock_that_nobody_has_any_more_ends_the_order_and_gives_the_hold_back() {
    let world = World::idle().await;
    let order = world.placed().await;
    (1..=4).for_each(|vendor| world.books().stock_of(vendor, "RICE", 1));
    world.begin_jobs();
    let refused = world.reaches(&order, OrderStatus::Refused).await;
    assert_eq!(refused.reason, "STOCK_SHORT");
    world.assert_sound().await;
    assert_eq!(world.stage.calls("Reserve"), 3, "three vendors are tried");
}

#[tokio::test(flavor = "multi_thread")]
async fn when_the_first_vendor_has_sold_out_the_second_takes_it() {
    let world = World::idle().await;
    let order = world.placed().await;
    world.books().stock_of(1, "RICE", 1);
    world.begin_jobs();
    let offered = world.reaches(&order, OrderStatus::SentToVendor).await;
    assert_eq!(offered.vendor_name, "Vendor 2");
    assert_eq!(
        offered.total_paisa, order.total_paisa,
        "the shop pays what it confirmed"
    );
    world.assert_sound().await;
    let decisions = world.routing(&order).await;
    assert_eq!((decisions.len(), decisions[0].answer.as_str()), (1, "OFFERED"));
    assert_eq!(
        decisions[0].candidates[0].vendor_name, "Vendor 1",
        "the ranking says who was best"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn lost_answers_are_repeated_and_have_one_effect() {
    let world = World::new().await;
    world.script("PlaceHold", [Play::LoseAnswer]);
    world.script("Reserve", [Play::LoseAnswer, Play::LoseAnswer]);
    let order = world.placed().await;
    world.reaches(&order, OrderStatus::SentToVendor).await;
    world.assert_sound().await;
    assert!(world.stage.calls("PlaceHold") >= 2);
    assert_eq!(world.books().pending_attempts(&order.order_id), [1]);
    assert_eq!(world.books().told(&shop_phone(1)), ["order_placed"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_peer_that_is_away_is_waited_for() {
    let world = World::new().await;
    let away = || Play::Refuse(Fault::unavailable("away"));
    world.script("PlaceHold", (0..6).map(|_| away()));
    let order = world.placed().await;
    world.reaches(&order, OrderStatus::SentToVendor).await;
    world.assert_sound().await;
}

/// The lease is taken from the runner while peers are being called, as if its process had died before the commit.
#[tokio::test(flavor = "multi_thread")]
async fn a_crash_between_peers_and_commit_leaves_no_orphan() {
    let world = World::idle().await;
    let order = world.placed().await;
    world.books().stock_of(1, "RICE", 1);
    let gate = Gate::new();
    world.script("PlaceHold", [Play::Wait(gate.clone())]);
    world.begin_jobs();
    gate.arrived().await;
    let reserved = async || world.books().pending_attempts(&order.order_id) == [2];
    world.eventually("vendor 2 has reserved", reserved).await;
    sqlx::query("update orders.job set lease_owner = gen_random_uuid() where kind = 'secure_order'")
        .execute(world.db.pool())
        .await
        .expect("the lease is gone");
    // Meanwhile vendor 1 has been supplied again, so the next run chooses him.
    world.books().stock_of(1, "RICE", 100);
    gate.open();
    sqlx::query(
        "update orders.job set lease_until = now() - interval '1 second' where kind = 'secure_order'",
    )
    .execute(world.db.pool())
    .await
    .expect("the lease is over");
    let offered = world.reaches(&order, OrderStatus::SentToVendor).await;
    assert_eq!(offered.vendor_name, "Vendor 1");
    world.assert_sound().await;
    assert_eq!(
        world.books().reservation(&order.order_id, 2),
        Some(ReservationState::Released)
    );
}

/// The first call for vendor 1 is lost on its way, its repetition finds no stock, and vendor 2 reserves. Later the
/// first call arrives after all.
#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_arrives_late_finds_its_attempt_closed() {
    let world = World::new().await;
    let short = || Play::Refuse(Fault::refused("STOCK_SHORT"));
    world.script("Reserve", [Play::Late, short()]);
    let order = world.placed().await;
    let offered = world.reaches(&order, OrderStatus::SentToVendor).await;
    assert_eq!(offered.vendor_name, "Vendor 2");
    world.quiet().await;
    world.stage.land();
    world.assert_sound().await;
}

/// The same, but the repetition happens inside the channel, so that the job itself ran only once.
#[tokio::test(flavor = "multi_thread")]
async fn an_attempt_that_was_refused_is_closed_also_after_one_run() {
    let world = World::new().await;
    world.script("Reserve", [Play::Refuse(Fault::refused("STOCK_SHORT"))]);
    let order = world.placed().await;
    world.reaches(&order, OrderStatus::SentToVendor).await;
    world.assert_sound().await;
    assert_eq!(
        world.books().reservation(&order.order_id, 1),
        Some(ReservationState::Released)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vendor_that_does_not_exist_any_more_is_passed_over() {
    let world = World::new().await;
    world.script("Reserve", [Play::Refuse(Fault::not_found("VENDOR_UNKNOWN"))]);
    let order = world.placed().await;
    let offered = world.reaches(&order, OrderStatus::SentToVendor).await;
    assert_eq!(offered.vendor_name, "Vendor 2");
    world.assert_sound().await;
}

/// The vendor's offer and the shop's receipt travel together; one that cannot be sent keeps only itself back.
#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_cannot_be_sent_keeps_no_other_back() {
    let world = World::new().await;
    let no = || Play::Refuse(Fault::invalid("notices[0].recipient.phone", "is no phone"));
    world.script("Enqueue", [no(), no()]);
    world.offered().await;
    world.quiet().await;
    assert_eq!(world.books().told(&shop_phone(1)), ["order_placed"]);
    let parked = "select count(*) from orders.job where kind = 'notify' and parked_at is not null";
    assert_eq!(world.count(parked).await, 1, "an operator sees the other one");
}

#[tokio::test(flavor = "multi_thread")]
async fn cancelling_while_it_is_secured_gives_everything_back() {
    let world = World::new().await;
    let gate = Gate::new();
    world.script("PlaceHold", [Play::Wait(gate.clone())]);
    let order = world.placed().await;
    gate.arrived().await;
    let cancelled = world.cancel(By::Shop(1), &order, "").await.expect("cancelled");
    assert_eq!(cancelled.status(), OrderStatus::Cancelled);
    gate.open();
    world.assert_sound().await;
    let books = world.books();
    assert_eq!(books.told(&shop_phone(1)), ["order_cancelled"]);
    assert_eq!(books.credit_left(&order.account_id), 10_000_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_was_cancelled_before_it_was_secured_calls_nobody_but_to_close_its_attempts() {
    let world = World::idle().await;
    let order = world.placed().await;
    world.cancel(By::Shop(1), &order, "").await.expect("cancelled");
    world.begin_jobs();
    world.assert_sound().await;
    assert_eq!(
        (world.stage.calls("PlaceHold"), world.stage.calls("Reserve")),
        (0, 0)
    );
    assert_eq!(
        (world.stage.calls("ReleaseHold"), world.stage.calls("Release")),
        (1, 3)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_that_fails_is_tried_until_it_succeeds() {
    let world = World::new().await;
    let order = world.offered().await;
    world.script("ReleaseHold", [Play::LoseAnswer]);
    world.script("Release", [Play::Late, Play::LoseAnswer]);
    world.cancel(By::Shop(1), &order, "").await.expect("cancelled");
    world.assert_sound().await;
    world.stage.land();
    world.assert_sound().await;
}
