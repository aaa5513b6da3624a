//! A wholesaler's stock and prices by chat.

use khaacho_fault::Fault;
use serde_json::json;

use crate::world::World;
use crate::world::books::{vendor_id, vendor_phone};
use crate::world::chat::Said;
use crate::world::stage::Play;

fn stock(world: &World, sku: &str) -> (i64, i64) {
    let books = world.books();
    let key = (vendor_id(1), sku.to_owned());
    (books.stock[&key] / 1000, books.prices[&key])
}

fn tap_id(said: &Said, word: &str) -> String {
    format!("{word} {}", said.inbound_id)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_is_shown_and_applied_when_it_is_confirmed() {
    let world = World::new().await;
    let phone = vendor_phone(1);
    let shown = world.say(&phone, "sugar 40 bora @ 1050").await;
    assert_eq!(shown.templates(), ["vendor_update"]);
    assert_eq!(
        shown.data()["items"],
        json!([{
            "name": "Sugar", "unit": "sack", "stock": "40", "stock_before": "100",
            "price_paisa": 105_000, "price_before_paisa": 100_000,
        }])
    );
    assert_eq!(stock(&world, "SUGAR"), (100, 100_000), "nothing yet");
    let done = world.say(&phone, "CONFIRM").await;
    assert_eq!(done.templates(), ["vendor_update_done"]);
    assert_eq!(stock(&world, "SUGAR"), (40, 105_000));
    let again = world.say(&phone, "CONFIRM").await;
    assert_eq!(again.templates(), ["vendor_update_none"]);
    // sold out, by a tap; the button of the older one does nothing
    let sold_out = world.say(&phone, "sugar sakiyo").await;
    assert_eq!(
        world.tap(&phone, &tap_id(&shown, "CONFIRM")).await.templates(),
        ["vendor_update_none"]
    );
    world.tap(&phone, &tap_id(&sold_out, "CONFIRM")).await;
    assert_eq!(stock(&world, "SUGAR"), (0, 105_000));
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_is_dropped_or_replaced_and_a_stranger_cannot_confirm_it() {
    let world = World::new().await;
    let phone = vendor_phone(1);
    let first = world.say(&phone, "sugar 40 bora").await;
    world.tap(&vendor_phone(2), &tap_id(&first, "CONFIRM")).await;
    assert_eq!(stock(&world, "SUGAR").0, 100);
    assert_eq!(
        world.say(&phone, "CANCEL").await.templates(),
        ["vendor_update_dropped"]
    );
    world.say(&phone, "sugar 40 bora").await;
    world.say(&phone, "sugar 30 bora").await;
    // nothing else waits for a yes
    assert_eq!(world.say(&phone, "yes").await.templates(), ["vendor_update_done"]);
    assert_eq!(stock(&world, "SUGAR").0, 30);
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_yes_is_for_the_order_when_one_waits_and_the_update_goes_on_waiting() {
    let world = World::new().await;
    let phone = vendor_phone(1);
    world.say(&phone, "sugar 40 bora").await;
    let order = world.offered().await;
    world.say(&phone, "yes").await;
    let accepted = world
        .get(crate::world::By::Operator, &order.order_id)
        .await
        .expect("it");
    assert_eq!(accepted.status(), khaacho_proto::order::v1::OrderStatus::Accepted);
    assert_eq!(stock(&world, "SUGAR").0, 100);
    assert_eq!(
        world.say(&phone, "CONFIRM").await.templates(),
        ["vendor_update_done"]
    );
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_yes_that_could_mean_several_orders_confirms_no_update() {
    let world = World::new().await;
    let phone = vendor_phone(1);
    world.offered().await;
    world.offered().await;
    world.say(&phone, "sugar 40 bora").await;
    assert_eq!(world.say(&phone, "yes").await.templates(), ["vendor_which_order"]);
    assert_eq!(stock(&world, "SUGAR").0, 100);
    assert_eq!(
        world.say(&phone, "CONFIRM").await.templates(),
        ["vendor_update_done"]
    );
    assert_eq!(stock(&world, "SUGAR").0, 40);
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_is_said_and_the_rest_is_done() {
    let world = World::new().await;
    let phone = vendor_phone(1);
    // his order has two sacks of rice in it
    world.offered().await;
    world.say(&phone, "jeera 0 bora, sugar 20 bora").await;
    let done = world.say(&phone, "CONFIRM").await;
    assert_eq!(done.data()["items"][0]["name"], json!("Sugar"));
    assert_eq!(done.data()["refused"][0]["name"], json!("Jeera rice"));
    assert!(done.data()["refused"][0]["reserved"].is_string());
    assert_eq!((stock(&world, "RICE").0, stock(&world, "SUGAR").0), (100, 20));

    world.books().prices.remove(&(vendor_id(1), "RICE-M".to_owned()));
    let unknown = world.say(&phone, "mansuli 10 bora, sugar 5 bora").await;
    assert_eq!(
        (unknown.outcome.as_str(), unknown.about.as_str()),
        ("needs_human", "STOCK_UPDATE")
    );
    assert_eq!(unknown.data()["not_offered"], json!(["Mansuli rice"]));
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_shown_an_hour_ago_is_shown_again() {
    let world = World::new().await;
    let phone = vendor_phone(1);
    world.say(&phone, "sugar 40 bora").await;
    world.minutes_pass(61);
    assert_eq!(world.say(&phone, "CONFIRM").await.templates(), ["vendor_update"]);
    assert_eq!(stock(&world, "SUGAR").0, 100);
    assert_eq!(
        world.say(&phone, "CONFIRM").await.templates(),
        ["vendor_update_done"]
    );
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_confirmation_that_is_handled_twice_repeats_its_requests() {
    let world = World::new().await;
    let phone = vendor_phone(1);
    world.say(&phone, "sugar 40 bora @ 1050").await;
    world.script("SetOffer", [Play::LoseAnswer, Play::Refuse(Fault::late())]);
    assert_eq!(
        world.say(&phone, "CONFIRM").await.templates(),
        ["vendor_update_done"]
    );
    let mut requests = world.books().updates.clone();
    assert!(requests.len() > 2, "{requests:?}");
    requests.sort();
    requests.dedup();
    assert_eq!(requests.len(), 2, "the same ids each time");
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn goods_that_left_after_it_was_shown_do_not_come_back() {
    let world = World::new().await;
    let phone = vendor_phone(1);
    world.say(&phone, "sugar 90 bora").await;
    world.books().stock_of(1, "SUGAR", 80);
    let done = world.say(&phone, "CONFIRM").await;
    assert_eq!(done.data()["items"][0]["stock"], json!("70"));
    assert_eq!(stock(&world, "SUGAR").0, 70);
    // another price in between is shown first
    world.say(&phone, "sugar 60 bora @ 1050").await;
    for price in world.books().prices.values_mut() {
        *price += 700;
    }
    assert_eq!(world.say(&phone, "CONFIRM").await.templates(), ["vendor_update"]);
    assert_eq!(
        world.say(&phone, "CONFIRM").await.templates(),
        ["vendor_update_done"]
    );
    assert_eq!(stock(&world, "SUGAR"), (60, 105_000));
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plain_number_behind_a_count_is_the_price_as_our_own_example_says() {
    let world = World::new().await;
    let phone = vendor_phone(1);
    let shown = world.say(&phone, "sugar 50 bora, 2150").await;
    assert_eq!(shown.templates(), ["vendor_update"]);
    let item = &shown.data()["items"][0];
    assert_eq!(
        (&item["stock"], &item["price_paisa"]),
        (&json!("50"), &json!(215_000))
    );
    assert_eq!(shown.data()["unclear"], json!([]));
    world.tap(&phone, &tap_id(&shown, "CONFIRM")).await;
    assert_eq!(stock(&world, "SUGAR"), (50, 215_000));
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_that_is_not_understood_is_named_and_changes_nothing() {
    let world = World::new().await;
    let phone = vendor_phone(1);
    // One sack is left, or one sack costs that?
    let shown = world.say(&phone, "sugar 1 bora 4500").await;
    assert_eq!(shown.templates(), ["vendor_update", "vendor_for_person"]);
    assert_eq!(
        (&shown.data_of(0)["items"], &shown.data_of(0)["unclear"]),
        (&json!([]), &json!(["sugar 1 bora 4500"]))
    );
    assert_eq!(
        (shown.outcome.as_str(), shown.about.as_str()),
        ("needs_human", "STOCK_UPDATE")
    );
    assert_eq!(
        world.say(&phone, "CONFIRM").await.templates(),
        ["vendor_update_none"]
    );
    // What is clear beside it can be confirmed.
    let shown = world
        .say(
            &phone,
            "jeera 20 bora, sugar 40 bora 4100 4200, mansuli 30 bora @ 900 @ 950",
        )
        .await;
    let data = shown.data();
    assert_eq!(data["items"].as_array().map(Vec::len), Some(1), "{data}");
    assert_eq!(data["items"][0]["name"], json!("Jeera rice"));
    assert_eq!(
        data["unclear"],
        json!(["sugar 40 bora 4100 4200", "mansuli 30 bora @ 900 @ 950"])
    );
    world.say(&phone, "CONFIRM").await;
    assert_eq!(stock(&world, "RICE"), (20, 100_000));
    assert_eq!(stock(&world, "SUGAR"), (100, 100_000));
    assert_eq!(stock(&world, "RICE-M"), (100, 100_000));
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_figures_for_one_product_are_both_named_and_none_counts() {
    let world = World::new().await;
    let phone = vendor_phone(1);
    let shown = world
        .say(&phone, "sugar 40 bora, jeera 20 bora, sugar 30 bora")
        .await;
    let data = shown.data();
    assert_eq!(data["items"].as_array().map(Vec::len), Some(1), "{data}");
    let twice = &data["twice"][0];
    assert_eq!(
        (&twice["name"], &twice["stock"]),
        (&json!("Sugar"), &json!(["40", "30"]))
    );
    world.say(&phone, "CONFIRM").await;
    assert_eq!((stock(&world, "RICE").0, stock(&world, "SUGAR").0), (20, 100));
    // A correction is one figure.
    let shown = world.say(&phone, "sugar 40 bora haina 30 bora").await;
    assert_eq!(shown.data()["items"][0]["stock"], json!("30"));
    assert_eq!(shown.data()["twice"], json!([]));
    // Only twice: nothing waits for a confirmation.
    world.say(&phone, "CANCEL").await;
    let shown = world.say(&phone, "sugar 40 bora, sugar 30 bora").await;
    assert_eq!(shown.data()["items"], json!([]));
    assert_eq!(
        world.say(&phone, "CONFIRM").await.templates(),
        ["vendor_update_none"]
    );
    world.assert_sound().await;
}
