//! What a shop calls its products: asked once, learned with the order, forgotten on request.

use serde_json::json;

use crate::world::World;
use crate::world::books::{account_id, shop_phone};
use crate::world::chat::Said;

fn last(said: &Said) -> serde_json::Value {
    said.data_of(said.replies.len() - 1)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_learned_with_the_order_and_not_before() {
    let world = World::new().await;
    let phone = shop_phone(1);
    for end in ["CANCEL", "CONFIRM"] {
        assert_eq!(
            world.say(&phone, "2 bora rice").await.templates(),
            ["choose_product"],
            "{end}"
        );
        assert_eq!(world.say(&phone, "mansuli").await.templates(), ["quote"]);
        assert!(world.books().aliases.is_empty());
        world.say(&phone, end).await;
    }
    let key = (account_id(1), "rice".to_owned());
    assert_eq!(
        world.books().aliases.get(&key).map(String::as_str),
        Some("RICE-M")
    );

    let again = world.say(&phone, "sugar 1, rice 3 bora").await;
    assert_eq!(again.templates(), ["recalled", "quote"]);
    assert_eq!(
        again.data_of(0)["items"],
        json!([{ "phrase": "rice", "name": "Mansuli rice", "own": true }])
    );
    let lines = last(&again)["lines"].clone();
    assert_eq!(
        (&lines[0]["name"], &lines[1]["name"]),
        (&json!("Sugar"), &json!("Mansuli rice"))
    );
    assert_eq!(lines[1]["quantity"], json!("3"));
    // the other shop is asked
    let other = world.say(&shop_phone(2), "3 bora rice").await;
    assert_eq!(other.templates(), ["choose_product"]);

    let forgotten = world.say(&phone, "FORGET rice").await;
    assert_eq!(forgotten.templates()[0], "forgotten");
    assert_eq!(
        forgotten.data_of(0),
        json!({ "phrase": "rice", "name": "Mansuli rice" })
    );
    assert_eq!(
        world.say(&phone, "3 bora rice").await.templates(),
        ["choose_product"]
    );
    let nothing = world.say(&phone, "forget rice").await;
    assert_eq!(nothing.data_of(0)["name"], json!(null));
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quantity_that_is_asked_for_later_loses_no_name() {
    let world = World::new().await;
    let phone = shop_phone(1);
    world.say(&phone, "rice pathaunus").await;
    world.say(&phone, "1").await;
    assert_eq!(world.say(&phone, "4 bora").await.templates(), ["quote"]);
    world.say(&phone, "CONFIRM").await;
    let key = (account_id(1), "rice".to_owned());
    assert_eq!(world.books().aliases.get(&key).map(String::as_str), Some("RICE"));
    let again = world.say(&phone, "rice pathaunus").await;
    assert_eq!(again.templates()[0], "recalled", "{again:?}");
    assert_eq!(world.say(&phone, "5").await.templates(), ["quote"]);
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_could_match_is_told_to_the_catalogue() {
    let world = World::new().await;
    let phone = shop_phone(1);
    world.say(&phone, "5 bora zebra").await;
    let told = world.books().unmatched.clone();
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(
        (
            told[0].phrase.as_str(),
            told[0].quantity_milli,
            told[0].unit.as_str()
        ),
        ("zebra", 5000, "sack")
    );
    world.say(&phone, "1 sugar, 2 bora quagga").await;
    assert_eq!(world.books().unmatched.len(), 1, "it is still asked");
    assert_eq!(world.say(&phone, "SKIP").await.templates(), ["quote"]);
    assert_eq!(world.books().unmatched[1].phrase, "quagga");
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn forget_may_be_about_the_list_that_waits() {
    let world = World::new().await;
    let phone = shop_phone(1);
    world.say(&phone, "2 jeera, 1 sugar").await;
    let left = world.say(&phone, "forget it").await;
    assert_eq!(left.templates(), ["quote_cancelled"]);
    world.say(&phone, "2 jeera, 1 sugar").await;
    // nothing is explained that could be forgotten: it is a sentence about the basket
    let said = world.say(&phone, "forget the sugar").await;
    assert_ne!(said.templates()[0], "forgotten", "{said:?}");
    world.assert_sound().await;
}
