//! Too little of a product is there.

use serde_json::json;

use crate::world::World;
use crate::world::books::shop_phone;

/// Nobody has more than three sacks of sugar.
async fn short_of_sugar() -> World {
    let world = World::new().await;
    for vendor in 1..=4 {
        world.books().stock_of(vendor, "SUGAR", 3);
    }
    world
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_left_or_what_stands_in_for_it_can_be_taken() {
    let world = short_of_sugar().await;
    let phone = shop_phone(1);
    for (answer, taken) in [
        ("1", json!([["Jeera rice", "2"], ["Sugar", "3"]])),
        ("3", json!([["Jeera rice", "2"], ["Mansuli rice", "5"]])),
        ("mansuli", json!([["Jeera rice", "2"], ["Mansuli rice", "5"]])),
        ("SKIP", json!([["Jeera rice", "2"]])),
        // "rice" fits two of them: the quantities stay with their products
        ("rice", json!([["Jeera rice", "2"], ["Mansuli rice", "5"]])),
    ] {
        let short = world.say(&phone, "2 jeera, 5 sugar").await;
        assert_eq!(
            short.templates(),
            ["quote_stock_short", "choose_product"],
            "{answer}"
        );
        assert_eq!(
            (short.outcome.as_str(), short.about.as_str()),
            ("refused", "STOCK_SHORT")
        );
        let question = short.data_of(1);
        assert_eq!(question["instead"], json!(true));
        let left = &question["options"][0];
        assert_eq!(
            (&left["name"], &left["quantity"], &left["unit"]),
            (&json!("Sugar"), &json!("3"), &json!("sack"))
        );
        assert_eq!(question["options"][2]["quantity"], json!("5"));
        if answer == "rice" {
            assert_eq!(world.say(&phone, answer).await.templates(), ["choose_product"]);
        }
        let answer = if answer == "rice" { "2" } else { answer };
        let quoted = world.say(&phone, answer).await;
        assert_eq!(quoted.templates(), ["quote"], "{answer}: {quoted:?}");
        let lines = quoted.data()["lines"].as_array().expect("lines").clone();
        let lines: Vec<_> = lines.iter().map(|l| json!([l["name"], l["quantity"]])).collect();
        assert_eq!(json!(lines), taken, "{answer}");
    }
    // nothing is called by the name of what it stood in for
    world.say(&phone, "CONFIRM").await;
    assert!(world.books().aliases.is_empty());
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tap_on_a_stand_in_takes_it_once() {
    let world = short_of_sugar().await;
    let phone = shop_phone(1);
    let short = world.say(&phone, "5 sugar").await;
    let row = format!("OPTION {} 2", short.inbound_id);
    assert_eq!(world.tap(&phone, &row).await.templates(), ["quote"]);
    assert_ne!(
        world.tap(&phone, &row).await.templates(),
        ["quote"],
        "its question is answered"
    );
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nothing_is_left_nothing_is_asked() {
    let world = World::new().await;
    for vendor in 1..=4 {
        for sku in ["SUGAR", "RICE", "RICE-M"] {
            world.books().stock_of(vendor, sku, 0);
        }
    }
    let short = world.say(&shop_phone(1), "5 sugar").await;
    assert_eq!(short.templates(), ["quote_stock_short"]);
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn prices_that_the_shop_knows_otherwise_are_told() {
    let world = World::new().await;
    let phone = shop_phone(1);
    assert_eq!(world.say(&phone, "2 jeera, 1 sugar").await.templates(), ["quote"]);
    for price in world
        .books()
        .prices
        .iter_mut()
        .filter(|((_, sku), _)| sku == "RICE")
    {
        *price.1 += 5_000;
    }
    world.minutes_pass(11);
    let again = world.say(&phone, "CONFIRM").await;
    assert_eq!(again.templates(), ["quote_expired", "prices_changed", "quote"]);
    assert_eq!(
        again.data_of(1)["items"],
        json!([{ "name": "Jeera rice", "before_paisa": 100_000, "now_paisa": 105_000 }])
    );
    world.say(&phone, "CONFIRM").await;
    for price in world
        .books()
        .prices
        .iter_mut()
        .filter(|((_, sku), _)| sku == "SUGAR")
    {
        *price.1 -= 5_000;
    }
    let repeated = world.say(&phone, "same order again").await;
    let templates = repeated.templates();
    assert_eq!(
        templates[templates.len() - 2..],
        ["prices_changed", "quote"],
        "{templates:?}"
    );
    world.assert_sound().await;
}
