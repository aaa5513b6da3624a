//! Buttons and rows belong to the message they were shown with: an old one changes nothing and says so.

use khaacho_proto::order::v1 as pb;
use serde_json::json;

use crate::world::books::shop_phone;
use crate::world::chat::Said;
use crate::world::{By, World};

/// The id of a button of the quote that was answered, as the notification service makes it.
fn button(word: &str, quote: &Said) -> String {
    let data = quote.data_of(quote.replies.len() - 1);
    format!("{word} {}", data["quote_id"].as_str().expect("an id"))
}

/// The id of a row of the question that was answered.
fn row(question: &Said, n: usize) -> String {
    let data = question.data_of(question.replies.len() - 1);
    format!("OPTION {} {n}", data["question"].as_str().expect("an id"))
}

async fn orders(world: &World) -> Vec<pb::Order> {
    let all = pb::ListOrdersRequest::default();
    world.list(By::Operator, all).await.expect("a page").orders
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_button_does_nothing_and_shows_what_waits_now() {
    let world = World::new().await;
    let phone = shop_phone(1);
    let old = world.say(&phone, "2 jeera").await;
    let new = world.say(&phone, "3 jeera").await;
    for (word, so) in [
        ("CONFIRM", "ordered"),
        ("CHANGE", "changed"),
        ("CANCEL", "dropped"),
    ] {
        let said = world.tap(&phone, &button(word, &old)).await;
        assert_eq!(said.templates(), ["button_outdated", "quote"], "{word}");
        assert_eq!(
            (said.outcome.as_str(), said.about.as_str()),
            ("refused", "BUTTON_OUTDATED")
        );
        assert_eq!(
            said.data_of(0),
            json!({ "of": "basket", "undone": so, "now": "basket" }),
            "{word}"
        );
        let shown = said.data_of(1);
        assert_eq!(shown["quote_id"], new.data()["quote_id"], "the one that waits");
        assert_eq!(shown["total_paisa"], new.data()["total_paisa"]);
    }
    assert!(orders(&world).await.is_empty());
    let placed = world.tap(&phone, &button("CONFIRM", &new)).await;
    assert_eq!(placed.outcome, "ordered");
    assert_eq!(orders(&world).await[0].total_paisa, 300_000);
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_tap_is_told_the_order_that_the_first_one_placed() {
    let world = World::new().await;
    let phone = shop_phone(1);
    let quote = world.say(&phone, "2 jeera").await;
    let both = ["CONFIRM", "CONFIRM"].map(|word| {
        let mut tapped = world.message(&phone, "Confirm");
        tapped.message.as_mut().expect("one").reply_id = button(word, &quote);
        tapped
    });
    let ids = world.receive(both.into()).await.expect("received").inbound_ids;
    assert_eq!(world.ended(&ids[0]).await.outcome, "ordered");
    let second = world.ended(&ids[1]).await;
    let placed = orders(&world).await;
    assert_eq!(placed.len(), 1);
    assert_eq!(
        (second.outcome.as_str(), second.about.as_str()),
        ("refused", "QUOTE_USED")
    );
    let number = &placed[0].order_number;
    let told = |meant: &str| json!({ "order_number": number, "meant": meant });
    assert_eq!(second.templates(), ["basket_placed"]);
    assert_eq!(second.data(), told("confirm"));

    // With another basket waiting, its old buttons still speak of the order and leave the other basket alone.
    let other = world.say(&phone, "1 sugar").await;
    let cancel = world.tap(&phone, &button("CANCEL", &quote)).await;
    assert_eq!(cancel.data(), told("other"));
    assert_eq!(
        world.tap(&phone, &button("CONFIRM", &other)).await.outcome,
        "ordered"
    );
    assert_eq!(orders(&world).await.len(), 2);
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_basket_cannot_be_confirmed_and_nobody_confirms_for_others() {
    let world = World::new().await;
    let phone = shop_phone(1);
    let quote = world.say(&phone, "2 jeera").await;
    let foreign = world.tap(&shop_phone(2), &button("CONFIRM", &quote)).await;
    assert_eq!(foreign.about, "BUTTON_OUTDATED");
    let dropped = world.tap(&phone, &button("CANCEL", &quote)).await;
    assert_eq!(dropped.templates(), ["quote_cancelled"]);
    let late = world.tap(&phone, &button("CONFIRM", &quote)).await;
    assert_eq!(late.data()["now"], json!("nothing"));
    assert!(orders(&world).await.is_empty());

    let placed = world.say(&phone, "2 jeera").await;
    world.tap(&phone, &button("CONFIRM", &placed)).await;
    let foreign = world.tap(&shop_phone(2), &button("CONFIRM", &placed)).await;
    assert_eq!(foreign.about, "BUTTON_OUTDATED", "the order of another shop");
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_basket_that_is_shown_again_has_the_time_that_is_left_or_new_prices() {
    let world = World::new().await;
    let phone = shop_phone(1);
    let old = world.say(&phone, "2 jeera").await;
    world.say(&phone, "3 jeera").await;
    world.minutes_pass(4);
    let again = world.tap(&phone, &button("CONFIRM", &old)).await;
    assert_eq!(again.data_of(1)["expires_in_minutes"], json!(6));
    world.books().prices.values_mut().for_each(|price| *price += 500);
    world.minutes_pass(7);
    let again = world.tap(&phone, &button("CONFIRM", &old)).await;
    assert_eq!(again.templates(), ["button_outdated", "prices_changed", "quote"]);
    assert_eq!(again.data_of(2)["total_paisa"], json!(301_500));
    assert!(orders(&world).await.is_empty());
    let placed = world.tap(&phone, &button("CONFIRM", &again)).await;
    assert_eq!(placed.outcome, "ordered");
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_answers_the_question_it_was_shown_with_and_no_other() {
    let world = World::new().await;
    let phone = shop_phone(1);
    let first = world.say(&phone, "2 rice, 3 rice").await;
    let second = world.tap(&phone, &row(&first, 1)).await;
    assert_eq!(second.templates(), ["choose_product"], "the other phrase");
    let stale = world.tap(&phone, &row(&first, 1)).await;
    assert_eq!(stale.templates(), ["button_outdated", "choose_product"]);
    assert_eq!(stale.data_of(1), second.data(), "the same question");
    let quote = world.tap(&phone, &row(&stale, 2)).await;
    assert_eq!(quote.templates(), ["quote"]);
    let names: Vec<_> = quote.data()["lines"]
        .as_array()
        .expect("lines")
        .iter()
        .map(|line| line["name"].clone())
        .collect();
    assert_eq!(names, ["Jeera rice", "Mansuli rice"]);

    // The quote has taken the question's place.
    let stale = world.tap(&phone, &row(&second, 1)).await;
    assert_eq!(stale.templates(), ["button_outdated", "quote"]);
    assert_eq!(stale.data_of(1)["quote_id"], quote.data()["quote_id"]);
    // And a question the quote's.
    let third = world.say(&phone, "1 rice").await;
    let stale = world.tap(&phone, &button("CONFIRM", &quote)).await;
    assert_eq!(stale.templates(), ["button_outdated", "choose_product"]);
    assert_eq!(stale.data_of(1)["question"], third.data()["question"]);
    assert!(orders(&world).await.is_empty());
    // Typed numbers and words go to what is newest, as ever.
    assert_eq!(world.say(&phone, "1").await.templates(), ["quote"]);
    assert_eq!(world.say(&phone, "CONFIRM").await.outcome, "ordered");
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_impossible_quantity_answers_nothing_and_the_question_stays_open() {
    let world = World::new().await;
    let phone = shop_phone(1);
    let question = world.say(&phone, "2 rice").await;
    for text in ["SUGAR x -3", "SUGAR x 999999999999", "0 sugar"] {
        let said = world.say(&phone, text).await;
        let last = said.replies.len() - 1;
        assert_eq!(said.data_of(last), question.data(), "{text}: the same question");
    }
    assert_eq!(world.tap(&phone, &row(&question, 1)).await.templates(), ["quote"]);

    let other = shop_phone(2);
    let said = world.say(&other, "sugar 9000000").await;
    assert_eq!(
        said.data()["problems"],
        json!([{ "kind": "not_possible", "quantity": "9000000", "phrase": "sugar" }]),
        "without a question, too"
    );
    let said = world.say(&other, "sugar x -3").await;
    assert_eq!(said.templates(), ["ask_quantity"]);
    assert_eq!(said.data()["name"], json!("Sugar"));
    assert_eq!(
        world.say(&other, "3 bora").await.data()["lines"][0]["quantity"],
        json!("3")
    );
    world.assert_sound().await;
}

/// A question that was stored before rows named what they belong to.
#[tokio::test(flavor = "multi_thread")]
async fn conversations_of_before_go_on() {
    let world = World::new().await;
    let phone = shop_phone(1);
    world.say(&phone, "2 rice, 1 sugar").await;
    sqlx::query(
        "update orders.conversation
         set state = (state - 'question') #- '{open,0,at}' where state ? 'question'",
    )
    .execute(world.db.pool())
    .await
    .expect("as before");
    let again = world.say(&phone, "7").await;
    assert_eq!(again.data()["question"], json!(null));
    let quote = world.tap(&phone, "1").await;
    assert_eq!(quote.templates(), ["quote"]);
    assert_eq!(world.tap(&phone, "CONFIRM").await.outcome, "ordered");
    world.assert_sound().await;
}
