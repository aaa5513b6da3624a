//! Plain words: what waits is neither dropped nor confirmed by a guess.

use serde_json::json;

use crate::world::World;
use crate::world::books::shop_phone;

/// How the reminder begins.
const STILL_WAITS: &str = "basket_waits";

#[tokio::test(flavor = "multi_thread")]
async fn a_basket_goes_on_waiting_while_nothing_is_understood() {
    let world = World::new().await;
    let phone = shop_phone(1);
    let other = world.offered().await;
    world.say(&phone, "2 jeera").await;
    for text in [
        "please send by 5 pm",
        "option 1",
        "first one",
        "2 gold",
        "2 gold, 3 silver",
        "yes but 3 sacks",
        "qwerty",
        "ok?",
        "ok thanks",
    ] {
        let said = world.say(&phone, text).await;
        let last = said.replies.len() - 1;
        assert_eq!(said.templates()[last], STILL_WAITS, "{text}");
    }
    for text in ["good evening", "what is my balance", "where is my order"] {
        assert_eq!(world.say(&phone, text).await.replies.len(), 1, "{text}");
    }
    let cancel = format!("CANCEL {} too late", other.order_number);
    let said = world.say(&phone, &cancel).await;
    assert_eq!(said.templates(), [STILL_WAITS]);
    let again = world.say(&phone, &cancel).await;
    assert_eq!(
        again.data(),
        json!({
            "reason": "WRONG_STATUS",
            "sentence": format!("order {} is cancelled already", other.order_number),
            "facts": { "order_number": other.order_number, "status": "CANCELLED", "wanted": "CANCELLED" },
        })
    );
    assert_eq!(world.count("select count(*) from orders.purchase_order").await, 1);
    assert_eq!(world.say(&phone, "yes please").await.outcome, "ordered");
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_goes_on_waiting_and_is_answered_in_words() {
    let world = World::new().await;
    let phone = shop_phone(1);
    world.say(&phone, "2 rice").await;
    for (text, templates) in [
        ("please send by 5 pm", vec!["choose_product"]),
        ("2 gold, 3 silver", vec!["not_understood", "choose_product"]),
        ("ok thanks", vec!["thanks", "choose_product"]),
    ] {
        let said = world.say(&phone, text).await;
        assert_eq!(said.templates(), templates, "{text}");
    }
    for text in ["first one", "option 2", "#1", "the second one please"] {
        let quote = world.say(&phone, text).await;
        assert_eq!(quote.templates(), ["quote"], "{text}");
        world.say(&phone, "2 rice").await;
    }
    world.assert_sound().await;
}

/// What is understood takes the place of what waited: the last list counts, even where it cannot be placed.
#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_which_something_is_known_replaces_what_waited() {
    let world = World::new().await;
    let phone = shop_phone(1);
    for (text, replies, then) in [
        // asked what to take instead, once more
        ("101 jeera", 2, "choose_product"),
        // asked what gold is, once more
        ("3 sugar, 2 gold", 1, "ask_name"),
    ] {
        world.say(&phone, "2 jeera").await;
        assert_eq!(world.say(&phone, text).await.replies.len(), replies, "{text}");
        let said = world.say(&phone, "confirm").await;
        assert_eq!(said.templates(), [then], "{text}");
    }
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reaction_is_stored_and_left_alone() {
    let world = World::new().await;
    let phone = shop_phone(1);
    world.say(&phone, "2 jeera").await;
    for sender in [phone.as_str(), "+9779800000099"] {
        let mut thumb = world.message(sender, "👍");
        thumb.message.as_mut().expect("one").kind = "reaction".to_owned();
        let said = world.send(thumb).await;
        assert_eq!(
            (said.outcome.as_str(), said.replies.len()),
            ("not_an_order", 0),
            "{said:?}"
        );
    }
    assert_eq!(world.count("select count(*) from orders.purchase_order").await, 0);
    assert_eq!(
        world.say(&phone, "confirm").await.outcome,
        "ordered",
        "the basket still waited"
    );
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_is_named_by_its_kind() {
    let world = World::new().await;
    for kind in ["unsupported", "audio"] {
        let mut message = world.message(&shop_phone(1), "");
        message.message.as_mut().expect("one").kind = kind.to_owned();
        let said = world.send(message).await;
        assert_eq!(said.templates(), ["media_unread"], "{kind}");
        assert_eq!(said.data()["kind"], json!(kind));
    }
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_repeated_of_long_words_is_short() {
    let world = World::new().await;
    let digits = "9".repeat(2000);
    for text in [
        format!("{digits} sack sugar"),
        format!("2 {}", "x".repeat(2000)),
        format!("status {digits}"),
    ] {
        let said = world.say(&shop_phone(1), &text).await;
        assert!(said.replies[0].data_json.len() < 300, "{said:?}");
    }
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_may_begin_with_orders() {
    let world = World::new().await;
    for text in ["orders 2 bora jeera", "2xjeera"] {
        let said = world.say(&shop_phone(1), text).await;
        assert_eq!(said.data()["lines"][0]["quantity"], json!("2"), "{text}");
    }
    assert_eq!(
        world.say(&shop_phone(1), "orders").await.templates(),
        ["orders_list"]
    );
    world.assert_sound().await;
}
