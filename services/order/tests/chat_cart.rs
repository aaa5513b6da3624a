//! Carts that were put together in the provider's catalogue.

use khaacho_proto::order::v1 as pb;
use serde_json::json;

use crate::world::World;
use crate::world::books::{shop_phone, vendor_phone};

fn cart(world: &World, phone: &str, note: &str, things: &[(&str, u32)]) -> pb::ReceivedMessage {
    let mut message = world.message(phone, note);
    let inbound = message.message.as_mut().expect("one");
    inbound.kind = "order".to_owned();
    let thing = |(sku, quantity): &(&str, u32)| pb::CartItem {
        sku: (*sku).to_owned(),
        quantity: *quantity,
    };
    inbound.cart = things.iter().map(thing).collect();
    message
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cart_is_quoted_and_placed_once() {
    let world = World::new().await;
    let phone = shop_phone(1);
    let message = cart(&world, &phone, "", &[("RICE-M", 2), ("rice-m", 1)]);
    let quoted = world.send(message.clone()).await;
    assert_eq!(quoted.templates(), ["quote"]);
    assert_eq!(quoted.data()["lines"][0]["quantity"], json!("3"));
    let again = world.receive(vec![message]).await.expect("received");
    assert_eq!(again.receipts().next(), Some(pb::Receipt::Duplicate));
    assert_eq!(world.say(&phone, "CONFIRM").await.outcome, "ordered");
    assert_eq!(
        world.say(&phone, "CONFIRM").await.templates(),
        ["nothing_to_confirm"]
    );
    assert_eq!(world.count("select count(*) from orders.purchase_order").await, 1);
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_of_a_cart_is_not_clear_is_asked() {
    let world = World::new().await;
    let phone = shop_phone(1);
    let unknown = cart(&world, &phone, "", &[("RICE-M", 2), ("NOT-OURS", 4)]);
    let asked = world.send(unknown).await;
    assert_eq!(asked.templates(), ["ask_name"]);
    assert_eq!(asked.data()["phrase"], json!("NOT-OURS"));
    assert_eq!(world.say(&phone, "SKIP").await.templates(), ["quote"]);
    let none = cart(&world, &phone, "", &[("RICE-M", 0)]);
    assert_eq!(world.send(none).await.templates(), ["ask_quantity"]);
    assert_eq!(world.say(&phone, "2").await.templates(), ["quote"]);
    // a thing without a key is asked about by its place, and a note alone confirms nothing
    let nameless = cart(&world, &phone, "", &[("RICE-M", 1), ("", 3)]);
    assert_eq!(world.send(nameless).await.data()["phrase"], json!("#2"));
    world.say(&phone, "2 jeera").await;
    let empty = cart(&world, &phone, "ok", &[]);
    assert_eq!(world.send(empty).await.about, "MEDIA_ORDER");
    assert_eq!(world.count("select count(*) from orders.purchase_order").await, 0);
    // a key without a hyphen
    let plain = cart(&world, &phone, "", &[("sugar", 1)]);
    assert_eq!(world.send(plain).await.templates(), ["quote"]);
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn words_beside_a_cart_wait_for_a_person() {
    let world = World::new().await;
    let phone = shop_phone(1);
    let said = world
        .send(cart(&world, &phone, "bholi bihana samma", &[("RICE-M", 1)]))
        .await;
    assert_eq!(said.templates(), ["for_person", "quote"]);
    assert_eq!(
        (said.outcome.as_str(), said.about.as_str()),
        ("needs_human", "CART_NOTE")
    );
    assert_eq!(world.say(&phone, "CONFIRM").await.outcome, "ordered");
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_shops_order_by_cart() {
    let world = World::new().await;
    let vendor = world
        .send(cart(&world, &vendor_phone(1), "", &[("RICE-M", 1)]))
        .await;
    assert_eq!(vendor.about, "MEDIA_ORDER");
    let stranger = world
        .send(cart(&world, "+9779800000099", "", &[("RICE-M", 1)]))
        .await;
    assert_eq!(stranger.templates(), ["welcome_unregistered"]);
    let many: Vec<(&str, u32)> = (0..101).map(|_| ("RICE-M", 1)).collect();
    let refused = world.receive(vec![cart(&world, &shop_phone(1), "", &many)]).await;
    assert!(refused.is_err(), "more than a cart can hold");
    world.assert_sound().await;
}
