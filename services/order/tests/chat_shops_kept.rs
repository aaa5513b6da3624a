//! One phone for several shops: what is written before the shop is known is kept, and news name the shop.

use serde_json::{Value, json};

use crate::chat_shops::{confirm, named, shown, two_shops};
use crate::world::World;
use crate::world::books::{shop_phone, vendor_phone};
use crate::world::chat::Said;

/// The replies to a message that waited, each with the shop that is named above it; those of the question left out.
async fn later(world: &World, asked: &Said) -> Vec<(String, String)> {
    let again = world.ended(&asked.inbound_id).await;
    shown(&again).split_off(asked.replies.len())
}

#[tokio::test(flavor = "multi_thread")]
async fn all_that_was_written_is_answered_in_its_order_once_the_shop_is_known() {
    let world = two_shops().await;
    let phone = shop_phone(1);
    let first = world.say(&phone, "2 jeera").await;
    assert_eq!(first.data()["also"], json!([]));
    let second = world.say(&phone, "balance").await;
    assert_eq!(second.templates(), ["which_shop"]);
    assert_eq!(
        (&second.data()["waits"], &second.data()["also"]),
        (&json!("2 jeera"), &json!(["balance"]))
    );
    let third = world.say(&phone, "3 sugar").await;
    let chosen = world.say(&phone, "ganesh").await;
    world.quiet().await;
    assert_eq!(shown(&chosen), [named("Ganesh Store", "quote")]);
    assert_eq!(later(&world, &second).await, [named("Ganesh Store", "balance")]);
    // As if it had just come: a list replaces the basket that waits.
    let replaced = later(&world, &third).await;
    assert_eq!(replaced.last(), Some(&named("Ganesh Store", "quote")));
    let order = ["quote", "balance", "quote"];
    let told: Vec<Value> = world
        .books()
        .notices
        .iter()
        .filter(|n| n.template == "for_shop")
        .map(|n| serde_json::from_str::<Value>(&n.data_json).expect("JSON")["template"].clone())
        .collect();
    assert_eq!(told, order.map(|template| json!(template)));
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_would_act_on_something_unseen_is_not_kept() {
    let world = two_shops().await;
    let phone = shop_phone(1);
    world.say(&phone, "2 jeera").await;
    let yes = world.say(&phone, "yes").await;
    assert_eq!(yes.templates(), ["which_shop"]);
    assert_eq!(yes.data()["also"], json!([]));
    let quote = world.say(&phone, "1").await;
    world.quiet().await;
    assert_eq!(shown(&quote), [named("Khadka Kirana", "quote")]);
    let orders = world.count("select count(*) from orders.purchase_order").await;
    assert_eq!(orders, 0, "nobody has seen that basket when the yes was written");
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn more_than_is_kept_is_said_and_a_dropped_question_drops_all() {
    let world = two_shops().await;
    let phone = shop_phone(1);
    world.say(&phone, "2 jeera").await;
    for n in 1..=4 {
        let kept = world.say(&phone, &format!("{n} sugar")).await;
        let data = kept.data_of(kept.replies.len() - 1);
        assert_eq!(data["full"], json!(null));
        assert_eq!(data["also"].as_array().map(Vec::len), Some(n));
    }
    let full = world.say(&phone, "9 sugar").await;
    let data = full.data_of(full.replies.len() - 1);
    assert_eq!(data["full"], json!("9 sugar"), "named, to be sent again");
    assert_eq!(data["also"].as_array().map(Vec::len), Some(4));
    let dropped = world.say(&phone, "CANCEL").await;
    assert_eq!(dropped.templates(), ["quote_cancelled"]);
    let before = world.books().notices.len();
    world.quiet().await;
    assert_eq!(world.books().notices.len(), before, "nothing of it is answered");
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn news_of_an_order_name_the_shop_of_a_phone_that_has_several() {
    let world = two_shops().await;
    let phone = shop_phone(1);
    world.say(&phone, "2 jeera").await;
    let quote = world.say(&phone, "ganesh").await;
    assert_eq!(world.tap(&phone, &confirm(&quote)).await.outcome, "ordered");
    world.say(&vendor_phone(1), "accept").await;
    world.say(&vendor_phone(1), "packing").await;
    let news: Vec<(Value, Value)> = world
        .books()
        .notices
        .iter()
        .filter(|n| n.dedup_key.starts_with("ord_") && n.template == "for_shop")
        .map(|n| {
            let data: Value = serde_json::from_str(&n.data_json).expect("JSON");
            (data["shop"].clone(), data["template"].clone())
        })
        .collect();
    let ganesh = |template: &str| (json!("Ganesh Store"), json!(template));
    assert_eq!(
        news,
        ["order_placed", "vendor_assigned", "order_packing"].map(ganesh)
    );
    // A phone of one shop reads the same without a name.
    let quote = world.say(&shop_phone(2), "2 jeera").await;
    let id = quote.data()["quote_id"].as_str().expect("an id").to_owned();
    world.tap(&shop_phone(2), &format!("CONFIRM {id}")).await;
    let plain = world.books().told(&shop_phone(2)).contains(&"order_placed");
    assert!(plain);
    world.assert_sound().await;
}
