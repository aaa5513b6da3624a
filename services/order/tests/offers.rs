use khaacho_proto::inventory::v1::ReservationState;
use khaacho_proto::notification::v1::Notice;
use khaacho_proto::order::v1 as pb;
use pb::OrderStatus;

use crate::world::books::{shop_phone, vendor_phone};
use crate::world::{By, OPERATOR_PHONE, World, reason};

#[tokio::test(flavor = "multi_thread")]
async fn the_asked_vendor_takes_it_once_and_both_sides_are_told() {
    let world = World::new().await;
    let order = world.offered().await;
    for verb in [
        world.accept(By::Vendor(2), &order).await,
        world.decline(By::Vendor(2), &order).await,
    ] {
        assert_eq!(reason(verb), "ORDER_UNKNOWN", "he was never asked");
    }
    let accepted = world.accept(By::Vendor(1), &order).await.expect("accepted");
    assert_eq!(
        (accepted.status(), accepted.vendor_deadline_at),
        (OrderStatus::Accepted, None)
    );
    assert_eq!(reason(world.accept(By::Vendor(1), &order).await), "OFFER_GONE");
    assert_eq!(reason(world.decline(By::Vendor(1), &order).await), "OFFER_GONE");
    world.assert_sound().await;
    assert_eq!(
        world.books().told(&vendor_phone(1)),
        ["vendor_offer", "vendor_offer_won"]
    );
    assert_eq!(
        world.books().told(&shop_phone(1)),
        ["order_placed", "vendor_assigned"]
    );
    assert_eq!(world.routing(&order).await[0].answer, "ACCEPTED");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vendor_cannot_answer_in_the_name_of_another() {
    let world = World::new().await;
    let order = world.offered().await;
    let body = pb::AcceptOrderRequest {
        request_id: world.request_id(),
        order: order.order_id.clone(),
        vendor_id: crate::world::books::vendor_id(1),
    };
    let foreign = world
        .orders()
        .accept_order(By::Vendor(2).asks(body.clone()))
        .await;
    assert_eq!(reason(crate::world::answer(foreign)), "PERMISSION_DENIED");
    let operator = world.orders().accept_order(By::Operator.asks(body)).await;
    assert_eq!(
        operator
            .expect("for him")
            .into_inner()
            .order
            .expect("it")
            .status(),
        OrderStatus::Accepted
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_at_once_have_one_winner() {
    let world = World::new().await;
    let order = world.offered().await;
    let (yes, no) = tokio::join!(
        world.accept(By::Vendor(1), &order),
        world.decline(By::Vendor(1), &order)
    );
    assert!(yes.is_ok() ^ no.is_ok(), "{yes:?} {no:?}");
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_decline_stock_moves_to_the_next_vendor_who_is_asked() {
    let world = World::new().await;
    let order = world.offered().await;
    let declined = world.decline(By::Vendor(1), &order).await.expect("declined");
    assert_eq!(declined.status(), OrderStatus::Pending);
    let offered = world.becomes(&order, "offered to vendor 2", |o| {
        o.status() == OrderStatus::SentToVendor && o.vendor_name == "Vendor 2"
    });
    let offered = offered.await;
    assert_eq!(
        (offered.total_paisa, offered.needs_operator),
        (order.total_paisa, false)
    );
    world.assert_sound().await;
    let offer = |vendor: usize| {
        let books = world.books();
        let his = |n: &&Notice| {
            n.template == "vendor_offer"
                && n.recipient
                    .as_ref()
                    .is_some_and(|r| r.phone == vendor_phone(vendor))
        };
        let data = books
            .notices
            .iter()
            .find(his)
            .expect("an offer")
            .data_json
            .clone();
        serde_json::from_str::<serde_json::Value>(&data).expect("JSON")
    };
    let (first, second) = (offer(1), offer(2));
    assert_eq!(first["lines"][0]["amount_paisa"], 200_000);
    assert_eq!(second["vendor_total_paisa"], 202_000, "he is dearer");
    let line = second["lines"][0].as_object().expect("a line");
    assert!(
        !line.contains_key("amount_paisa") && !line.contains_key("unit_price_paisa"),
        "{line:?}"
    );
    assert_eq!(
        world.books().told(&vendor_phone(1)),
        ["vendor_offer", "vendor_offer_declined"]
    );
    assert_eq!(
        world.books().reservation(&order.order_id, 1),
        Some(ReservationState::Released)
    );
    assert_eq!(
        reason(world.accept(By::Vendor(1), &order).await),
        "NOT_YOUR_OFFER",
        "not any more"
    );
    world.accept(By::Vendor(2), &order).await.expect("accepted");
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_three_declines_an_operator_has_to_act() {
    let world = World::new().await;
    let order = world.offered().await;
    for vendor in 1..=3 {
        let asked = format!("Vendor {vendor}");
        let so = |o: &pb::Order| o.status() == OrderStatus::SentToVendor && o.vendor_name == asked;
        world.becomes(&order, &asked, so).await;
        world.decline(By::Vendor(vendor), &order).await.expect("declined");
    }
    let stuck = world.becomes(&order, "stuck", |o| o.needs_operator).await;
    assert_eq!(
        (stuck.status(), stuck.reason.as_str()),
        (OrderStatus::Pending, "NO_VENDOR_ANSWERED")
    );
    world.assert_sound().await;
    assert_eq!(
        world.books().told(&shop_phone(1)),
        ["order_placed", "order_delayed"]
    );
    assert_eq!(world.books().told(OPERATOR_PHONE), ["order_escalated_operator"]);
    assert_eq!(
        world.books().told(&vendor_phone(4)),
        Vec::<&str>::new(),
        "three are enough"
    );

    world.assign(&order, "V04").await.expect("assigned");
    let accepted = world.reaches(&order, OrderStatus::Accepted).await;
    assert_eq!(
        (accepted.vendor_name.as_str(), accepted.needs_operator),
        ("Vendor 4", false)
    );
    assert_eq!(
        (accepted.reason.as_str(), accepted.reason_text.as_str()),
        ("", ""),
        "it is not stuck any more"
    );
    world.assert_sound().await;
}

/// An order that vendor 3 was the last one to decline.
async fn declined_by_three(world: &World) -> pb::Order {
    let order = world.offered().await;
    for vendor in 1..=3 {
        let asked = format!("Vendor {vendor}");
        world
            .becomes(&order, &asked, |o| o.offers_vendor() == asked)
            .await;
        world.decline(By::Vendor(vendor), &order).await.expect("declined");
    }
    world.becomes(&order, "stuck", |o| o.needs_operator).await
}

#[tokio::test(flavor = "multi_thread")]
async fn who_said_no_last_neither_lists_nor_reads_the_order_and_may_be_given_it_again() {
    let world = World::new().await;
    let stuck = declined_by_three(&world).await;
    assert_eq!(
        (
            stuck.vendor_id.as_str(),
            stuck.vendor_name.as_str(),
            stuck.vendor_deadline_at
        ),
        ("", "", None)
    );
    assert_eq!(
        reason(world.get(By::Vendor(3), &stuck.order_id).await),
        "ORDER_UNKNOWN"
    );
    let his = world.list(By::Vendor(3), pb::ListOrdersRequest::default()).await;
    assert!(his.expect("a page").orders.is_empty());
    let chat = world.say(&vendor_phone(3), "orders").await.data();
    assert_eq!(chat["orders"], serde_json::json!([]));
    let answers: Vec<_> = world
        .routing(&stuck)
        .await
        .into_iter()
        .map(|d| d.answer)
        .collect();
    assert_eq!(answers, ["DECLINED", "DECLINED", "DECLINED"], "the history stays");
    assert_eq!(reason(world.accept(By::Vendor(3), &stuck).await), "OFFER_GONE");
    world.assert_sound().await;

    // All that he has is what is still reserved at him for this very order.
    world.books().stock_of(3, "RICE", 2);
    world.assign(&stuck, "V03").await.expect("assigned");
    let accepted = world.reaches(&stuck, OrderStatus::Accepted).await;
    assert_eq!(accepted.vendor_name, "Vendor 3");
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_nobody_took_is_cancelled_with_all_it_holds() {
    let world = World::new().await;
    let stuck = declined_by_three(&world).await;
    world
        .cancel(By::Operator, &stuck, "nobody has it")
        .await
        .expect("cancelled");
    world.assert_sound().await;
    assert_eq!(
        world.books().told(&vendor_phone(3)),
        ["vendor_offer", "vendor_offer_declined"],
        "who declined hears no more of it"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_offer_expires_at_its_deadline_and_a_late_answer_is_told_so() {
    let world = World::new().await;
    let order = world.offered().await;
    let (asked, deadline) = (
        order.updated_at.expect("a time"),
        order.vendor_deadline_at.expect("a deadline"),
    );
    assert_eq!(deadline.seconds - asked.seconds, 30 * 60);
    // Nobody else has enough, so it stays with the one who was asked.
    (2..=4).for_each(|vendor| world.books().stock_of(vendor, "RICE", 0));
    world.minutes_pass(30);
    let stuck = world.becomes(&order, "stuck", |o| o.needs_operator).await;
    assert_eq!(stuck.status(), OrderStatus::Pending);
    assert_eq!(reason(world.accept(By::Vendor(1), &order).await), "OFFER_GONE");
    world.assert_sound().await;
    assert_eq!(
        world.books().told(&vendor_phone(1)),
        ["vendor_offer", "vendor_offer_lost"]
    );
    assert_eq!(world.routing(&order).await[0].answer, "EXPIRED");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_timer_of_an_answered_offer_changes_nothing() {
    let world = World::new().await;
    let order = world.offered().await;
    world.decline(By::Vendor(1), &order).await.expect("declined");
    let second = world
        .becomes(&order, "offered to vendor 2", |o| o.offers_vendor() == "Vendor 2")
        .await;
    world.minutes_pass(20);
    world.accept(By::Vendor(2), &second).await.expect("accepted");
    world.minutes_pass(60);
    let timers = "select count(*) from orders.job where kind = 'expire_offer'";
    world
        .eventually("timers have run", async || world.count(timers).await == 0)
        .await;
    assert_eq!(
        world
            .get(By::Operator, &order.order_id)
            .await
            .expect("read")
            .status(),
        OrderStatus::Accepted
    );
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vendor_who_became_too_dear_is_not_asked() {
    let world = World::new().await;
    let order = world.offered().await;
    let rice = |vendor| (crate::world::books::vendor_id(vendor), "RICE".to_owned());
    world.books().prices.insert(rice(2), 110_001);
    world.books().prices.insert(rice(3), 110_000);
    world.decline(By::Vendor(1), &order).await.expect("declined");
    world
        .becomes(&order, "offered", |o| {
            o.status() == OrderStatus::SentToVendor && o.vendor_name != "Vendor 1"
        })
        .await;
    let decisions = world.routing(&order).await;
    let dear = decisions[1]
        .candidates
        .iter()
        .find(|c| c.vendor_name == "Vendor 2")
        .expect("ranked");
    assert_eq!(dear.failed, ["TOO_DEAR"]);
    let just = decisions[1]
        .candidates
        .iter()
        .find(|c| c.vendor_name == "Vendor 3")
        .expect("ranked");
    assert_eq!(
        just.failed,
        Vec::<String>::new(),
        "ten per cent more is still carried"
    );
}

/// Who is asked.
pub(crate) trait Asked {
    fn offers_vendor(&self) -> &str;
}

impl Asked for pb::Order {
    fn offers_vendor(&self) -> &str {
        if self.status() == OrderStatus::SentToVendor {
            &self.vendor_name
        } else {
            ""
        }
    }
}
