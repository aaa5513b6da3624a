//! Sentences of a wholesaler about orders: asked back with the words that do it, and nothing is done by the sentence.

use khaacho_proto::order::v1 as pb;
use pb::OrderStatus;
use serde_json::{Value, json};

use crate::world::books::{shop_phone, vendor_phone};
use crate::world::chat::Said;
use crate::world::{By, World};

async fn status(world: &World, order: &pb::Order) -> OrderStatus {
    let order = world.get(By::Operator, &order.order_id).await.expect("read");
    order.status()
}

/// What the only reply asks back.
fn asked(said: &Said) -> (Value, Value, Value) {
    assert_eq!(said.templates(), ["vendor_ask_back"], "{said:?}");
    assert_eq!(said.outcome, "not_an_order");
    let data = said.data();
    (
        data["order_number"].clone(),
        data["says"].clone(),
        data["stands"].clone(),
    )
}

fn about(order: &pb::Order, says: &str, stands: &str) -> (Value, Value, Value) {
    (json!(order.order_number), json!(says), json!(stands))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sentence_is_asked_back_and_the_tap_does_it() {
    let world = World::new().await;
    let phone = vendor_phone(1);
    let order = world.offered().await;
    world.minutes_pass(10);
    let said = world.say(&phone, "hami pathauna sakchau").await;
    assert_eq!(asked(&said), about(&order, "accept", "SENT_TO_VENDOR"));
    let data = said.data();
    assert_eq!(data["lines"][0]["name"], json!("Jeera rice"));
    assert_eq!(data["lines"][0]["quantity"], json!("2"));
    assert_eq!(data["vendor_total_paisa"], json!(200_000));
    assert_eq!(data["shop"], json!("Shop 1"));
    assert_eq!(
        data["minutes_left"],
        json!(20),
        "the deadline of the offer goes on"
    );
    assert_eq!(
        status(&world, &order).await,
        OrderStatus::SentToVendor,
        "nothing yet"
    );
    let said = world.say(&phone, "stock chaina hola").await;
    assert_eq!(asked(&said), about(&order, "decline", "SENT_TO_VENDOR"));
    assert_eq!(
        status(&world, &order).await,
        OrderStatus::SentToVendor,
        "nothing yet"
    );

    let tap = |word: &str| format!("{word} {}", order.order_number);
    assert_eq!(world.tap(&phone, &tap("ACCEPT")).await.outcome, "ordered");
    assert_eq!(status(&world, &order).await, OrderStatus::Accepted);
    // The other button of the question is stale now, and is answered truly.
    let stale = world.tap(&phone, &tap("DECLINE")).await;
    assert_eq!(stale.templates(), ["vendor_order_yours"]);
    assert_eq!(status(&world, &order).await, OrderStatus::Accepted);
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_in_a_sentence_declines_when_it_is_tapped() {
    let world = World::new().await;
    let phone = vendor_phone(1);
    let order = world.offered().await;
    let said = world.say(&phone, "sorry, aaja dina mildaina").await;
    assert_eq!(asked(&said), about(&order, "decline", "SENT_TO_VENDOR"));
    world
        .tap(&phone, &format!("DECLINE {}", order.order_number))
        .await;
    world
        .becomes(&order, "offered to vendor 2", |o| o.vendor_name == "Vendor 2")
        .await;
    // His old question has a button that takes it: it is not his any more.
    let stale = world.tap(&phone, &format!("ACCEPT {}", order.order_number)).await;
    assert_eq!(stale.templates(), ["vendor_offer_lost"]);
    let said = world.say(&phone, "huncha pathaidinchu").await;
    assert_eq!(said.templates(), ["vendor_no_order"], "nothing waits for him");
    assert_eq!(
        (said.outcome.as_str(), said.about.as_str()),
        ("refused", "ORDER_UNKNOWN")
    );
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn goods_that_left_are_asked_about_where_the_order_stands() {
    let world = World::new().await;
    let phone = vendor_phone(1);
    let order = world.offered().await;
    let steps = [
        ("SENT_TO_VENDOR", "ACCEPT", OrderStatus::Accepted),
        ("ACCEPTED", "PACKING", OrderStatus::Packing),
        ("PACKING", "DISPATCHED", OrderStatus::Dispatched),
        ("DISPATCHED", "OUT", OrderStatus::OutForDelivery),
    ];
    for (stands, word, next) in steps {
        let said = world.say(&phone, "samaan gayo").await;
        assert_eq!(asked(&said), about(&order, "dispatched", stands));
        let before = stands == "SENT_TO_VENDOR";
        assert_eq!(said.data()["minutes_left"].is_null(), !before, "{stands}");
        world.tap(&phone, &format!("{word} {}", order.order_number)).await;
        assert_eq!(status(&world, &order).await, next);
    }
    let said = world.say(&phone, "samaan gayo").await;
    assert_eq!(said.templates(), ["vendor_no_order"]);
    let named = world
        .say(&phone, &format!("{} pathayau", order.order_number))
        .await;
    assert_eq!(named.templates(), ["vendor_order_yours"], "it is on the road");
    assert_eq!(named.data()["status"], json!("OUT_FOR_DELIVERY"));
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_several_orders_a_list_is_shown_and_its_rows_do_it() {
    let world = World::new().await;
    let phone = vendor_phone(1);
    let (one, two) = (world.offered().await, world.offered().await);
    let said = world.say(&phone, "huncha dai pathaidinchu").await;
    assert_eq!(said.templates(), ["vendor_ask_which"]);
    let data = said.data();
    assert_eq!((&data["says"], &data["more"]), (&json!("accept"), &json!(false)));
    let rows = data["orders"].as_array().expect("rows").clone();
    assert_eq!(rows.len(), 2);
    assert!(rows.iter().all(|row| row["word"] == json!("accept")), "{rows:?}");
    assert_eq!(rows[0]["shop"], json!("Shop 1"));
    for order in [&one, &two] {
        assert_eq!(status(&world, order).await, OrderStatus::SentToVendor);
    }
    world.tap(&phone, &format!("ACCEPT {}", two.order_number)).await;
    assert_eq!(status(&world, &two).await, OrderStatus::Accepted);
    // Now only one is left to ask about.
    let said = world.say(&phone, "huncha dai pathaidinchu").await;
    assert_eq!(asked(&said), about(&one, "accept", "SENT_TO_VENDOR"));
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn more_orders_than_a_list_holds_are_said_to_be_more() {
    let world = World::new().await;
    let phone = vendor_phone(1);
    for _ in 0..11 {
        world.offered().await;
    }
    let data = world.say(&phone, "hami pathauna sakchau").await.data();
    assert_eq!(data["orders"].as_array().expect("rows").len(), 10);
    assert_eq!(data["more"], json!(true));
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sentence_with_a_number_is_about_that_order() {
    let world = World::new().await;
    let phone = vendor_phone(1);
    let (one, two) = (world.offered().await, world.offered().await);
    for order in [&one, &two] {
        let said = world
            .say(&phone, &format!("{} linchu hami", order.order_number))
            .await;
        assert_eq!(asked(&said), about(order, "accept", "SENT_TO_VENDOR"));
    }
    let other = world
        .say(&vendor_phone(2), &format!("{} linchu hami", one.order_number))
        .await;
    assert_eq!(
        other.templates(),
        ["not_found_order"],
        "it does not exist for him"
    );
    // The last six digits name it, too.
    let digits = &one.order_number[one.order_number.len() - 6..];
    let said = world
        .say(&phone, &format!("#{digits} hudaina, stock chaina"))
        .await;
    assert_eq!(asked(&said), about(&one, "decline", "SENT_TO_VENDOR"));
    world
        .cancel(By::Shop(1), &one, "closed today")
        .await
        .expect("cancelled");
    let said = world
        .say(&phone, &format!("{} linchu hami", one.order_number))
        .await;
    assert_eq!(said.templates(), ["vendor_order_cancelled"]);
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_asks_or_takes_something_back_is_for_a_person() {
    let world = World::new().await;
    let phone = vendor_phone(1);
    let order = world.offered().await;
    for text in [
        "accept garda kahile paisa aauncha?",
        "huncha tara bholi matra",
        "ok but cash chahiyo",
    ] {
        let said = world.say(&phone, text).await;
        assert_eq!(
            (said.templates(), said.outcome.as_str(), said.about.as_str()),
            (vec!["vendor_for_person"], "needs_human", "ASKED"),
            "{text}"
        );
    }
    assert_eq!(status(&world, &order).await, OrderStatus::SentToVendor);
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_that_waits_is_shown_again_where_no_order_is_meant() {
    let world = World::new().await;
    let phone = vendor_phone(1);
    world.say(&phone, "sugar 40 bora").await;
    let said = world.say(&phone, "hajur huncha pathaidinchu").await;
    assert_eq!(
        said.templates(),
        ["vendor_update"],
        "nothing is applied by a sentence"
    );
    assert_eq!(said.data()["items"][0]["stock"], json!("40"));
    let done = world.tap(&phone, &format!("CONFIRM {}", said.inbound_id)).await;
    assert_eq!(done.templates(), ["vendor_update_done"]);
    // With an order on offer the sentence is about the order, and the update goes on waiting.
    world.say(&phone, "sugar 30 bora").await;
    let order = world.offered().await;
    let said = world.say(&phone, "hajur huncha pathaidinchu").await;
    assert_eq!(asked(&said), about(&order, "accept", "SENT_TO_VENDOR"));
    assert_eq!(
        world.say(&phone, "CONFIRM").await.templates(),
        ["vendor_update_done"]
    );
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shop_says_the_same_words_about_its_own() {
    let world = World::new().await;
    let order = world.offered().await;
    let said = world.say(&shop_phone(1), "samaan gayo").await;
    assert!(!said.templates().contains(&"vendor_ask_back"), "{said:?}");
    assert_eq!(status(&world, &order).await, OrderStatus::SentToVendor);
    world.assert_sound().await;
}
