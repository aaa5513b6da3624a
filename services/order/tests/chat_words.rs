//! Sentences: changes, questions, and what only a person can do.

use khaacho_proto::order::v1 as pb;
use pb::OrderStatus;
use serde_json::json;

use crate::world::books::{shop_phone, vendor_phone};
use crate::world::chat::Said;
use crate::world::{By, World};

/// Words of the n-th reply, from 0.
fn words(said: &Said, n: usize) -> String {
    said.data_of(n)["text"].as_str().expect("words").to_owned()
}

/// Names and quantities of the quote that came last.
fn lines(said: &Said) -> Vec<(String, String)> {
    let data = said.data_of(said.replies.len() - 1);
    let text = |line: &serde_json::Value, field: &str| line[field].as_str().expect("text").to_owned();
    let lines = data["lines"].as_array().expect("a quote");
    lines
        .iter()
        .map(|line| (text(line, "name"), text(line, "quantity")))
        .collect()
}

fn line(name: &str, quantity: &str) -> (String, String) {
    (name.to_owned(), quantity.to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_basket_that_waits_is_changed_in_words() {
    let world = World::new().await;
    let phone = shop_phone(1);
    world.say(&phone, "2 jeera").await;
    for (text, expected) in [
        (
            "3 bora sugar pani thapnu",
            vec![line("Jeera rice", "2"), line("Sugar", "3")],
        ),
        ("sugar hataunu", vec![line("Jeera rice", "2")]),
        (
            "add 1 bora mansuli",
            vec![line("Jeera rice", "2"), line("Mansuli rice", "1")],
        ),
        ("mansuli chaidaina", vec![line("Jeera rice", "2")]),
    ] {
        let said = world.say(&phone, text).await;
        assert_eq!(said.templates().last(), Some(&"quote"), "{text}: {said:?}");
        assert_eq!(lines(&said), expected, "{text}");
    }
    let nothing = world.say(&phone, "remove sugar").await;
    assert!(
        words(&nothing, 0).contains("is not in this basket"),
        "{nothing:?}"
    );
    assert_eq!(nothing.replies.len(), 2, "the basket still waits");
    assert_eq!(world.say(&phone, "confirm").await.outcome, "ordered");
    let orders = world
        .list(By::Operator, pb::ListOrdersRequest::default())
        .await
        .expect("a page");
    assert_eq!(orders.orders[0].total_paisa, 200_000);
    let late = world.say(&phone, "add 1 bora mansuli").await;
    assert_eq!(
        (late.outcome.as_str(), late.about.as_str()),
        ("needs_human", "CHANGE_ORDER")
    );
    assert!(words(&late, 0).contains("is not changed by this"), "{late:?}");
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_quantity_is_asked_and_the_rest_is_kept() {
    let world = World::new().await;
    let phone = shop_phone(1);
    let asked = world.say(&phone, "2 bora mansuli, jeera pathaunu").await;
    assert!(words(&asked, 0).contains("How much Jeera rice?"), "{asked:?}");
    let odd = world.say(&phone, "2-3 bora").await;
    assert_eq!(odd.templates().last(), Some(&"plain_text"), "{odd:?}");
    let quote = world.say(&phone, "4 bora").await;
    assert_eq!(
        lines(&quote),
        [line("Mansuli rice", "2"), line("Jeera rice", "4")]
    );
    let question = world.say(&phone, "2 bora rice").await;
    assert_eq!(question.templates(), ["choose_product"]);
    let named = world.say(&phone, "jeera").await;
    assert_eq!(lines(&named), [line("Jeera rice", "2")], "by its name");
    let typed = world.say(&phone, "3 sugar, 2 bora gold").await;
    assert!(words(&typed, 0).contains("gold"), "{typed:?}");
    let again = world.say(&phone, "mansuli").await;
    assert_eq!(
        lines(&again),
        [line("Sugar", "3"), line("Mansuli rice", "2")],
        "the name that was not known is written another way"
    );
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_understood_beside_a_list_is_told() {
    let world = World::new().await;
    let said = world
        .say(&shop_phone(1), "2 bora jeera pathaunu. 5000 tireko")
        .await;
    assert_eq!(
        (said.outcome.as_str(), said.about.as_str()),
        ("needs_human", "PAYMENT_CLAIM")
    );
    assert_eq!(said.templates(), ["plain_text", "quote"]);
    assert!(words(&said, 0).contains("Rs 5,000"), "{said:?}");
    let phone = shop_phone(2);
    let said = world.say(&phone, "5000 tireko. balance pathau").await;
    assert_eq!(said.templates(), ["balance", "plain_text"], "both are answered");
    assert_eq!(said.about, "PAYMENT_CLAIM");
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn prices_and_stock_are_told_as_they_are() {
    let world = World::new().await;
    let phone = shop_phone(1);
    let price = words(&world.say(&phone, "sugar ko rate kati ho?").await, 0);
    assert!(
        price.starts_with("Sugar: from Rs 1,000 a sack plus VAT; up to 100 sack in stock"),
        "{price}"
    );
    (1..=4).for_each(|vendor| world.books().stock_of(vendor, "RICE", 0));
    let stock = words(&world.say(&phone, "jeera cha?").await, 0);
    assert!(stock.starts_with("Jeera rice: out of stock now"), "{stock}");
    let all = words(&world.say(&phone, "rice ko bhau?").await, 0);
    assert!(
        all.contains("Jeera rice: ") && all.contains("Mansuli rice: "),
        "{all}"
    );
    assert_eq!(world.count("select count(*) from orders.quote").await, 0);
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_order_is_quoted_again_at_the_prices_of_today() {
    let world = World::new().await;
    let phone = shop_phone(1);
    let none = world.say(&phone, "hijo ko order feri pathau").await;
    assert!(
        words(&none, 0).starts_with("There is no earlier order"),
        "{none:?}"
    );
    world.say(&phone, "2 jeera, 1 mansuli").await;
    let placed = world.say(&phone, "confirm").await;
    world.books().prices.values_mut().for_each(|price| *price += 500);
    let again = world.say(&phone, "hijo ko order feri pathau").await;
    assert_eq!(again.templates(), ["plain_text", "quote"]);
    assert!(words(&again, 0).contains("which came to Rs 3,000"), "{again:?}");
    assert_eq!(
        lines(&again),
        [line("Jeera rice", "2"), line("Mansuli rice", "1")]
    );
    assert_eq!(again.data_of(1)["total_paisa"], json!(301_500));
    let order = world.get(By::Operator, &placed.about).await.expect("read");
    assert_eq!(order.total_paisa, 300_000, "the first one is as it was");
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_lists_what_is_booked() {
    let world = World::new().await;
    let phone = shop_phone(1);
    let empty = words(&world.say(&phone, "statement pathau").await, 0);
    assert!(empty.starts_with("Nothing is booked"), "{empty}");
    world.delivered().await;
    world.quiet().await;
    let booked = words(&world.say(&phone, "statement pathau").await, 0);
    assert!(booked.contains(": delivery + Rs "), "{booked}");
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_person_has_to_see_is_kept_and_nothing_is_claimed() {
    let world = World::new().await;
    let phone = shop_phone(1);
    world.say(&phone, "2 jeera").await;
    for (text, reason) in [
        ("5000 esewa bata tireko", "PAYMENT_CLAIM"),
        ("bholi tirchu", "PAYMENT_PROMISE"),
        ("manche sanga kura garnu cha", "HUMAN"),
        ("stop", "STOP"),
        ("start", "START"),
        ("hijo ko jeera ma kira paryo", "COMPLAINT"),
        ("2 bora jeera futeko aayo", "DELIVERY_ISSUE"),
    ] {
        let said = world.say(&phone, text).await;
        assert_eq!(
            (said.outcome.as_str(), said.about.as_str()),
            ("needs_human", reason),
            "{text}"
        );
        assert!(
            words(&said, 0).contains("is kept for a person"),
            "{text}: {said:?}"
        );
        assert!(words(&said, 1).starts_with("Your basket still waits"), "{text}");
    }
    for text in ["received nothing", "paye chaina", "cancel 1 bora jeera"] {
        let said = world.say(&phone, text).await;
        assert_ne!(said.outcome, "ordered", "{text}");
        assert!(!said.templates().contains(&"quote"), "{text}: {said:?}");
    }
    assert_eq!(
        world.say(&phone, "hajur pathaunus").await.outcome,
        "ordered",
        "that was a yes"
    );
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_is_named_by_the_end_of_its_number() {
    let world = World::new().await;
    let order = world.offered().await;
    let end = &order.order_number[order.order_number.len() - 6..];
    let said = world
        .say(&shop_phone(1), &format!("order {end} kaha pugyo?"))
        .await;
    assert_eq!(said.data()["order_number"], json!(order.order_number));
    let foreign = world
        .say(&shop_phone(2), &format!("order {end} kaha pugyo?"))
        .await;
    assert_eq!(foreign.templates(), ["not_found_order"]);
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vendors_sentence_is_answered_with_the_word_that_it_would_be() {
    let world = World::new().await;
    let order = world.offered().await;
    let number = &order.order_number;
    for (text, word) in [
        ("huncha pathaidinchu", "ACCEPT"),
        ("ok but tomorrow", "ACCEPT"),
        ("stock chaina sorry", "DECLINE"),
    ] {
        let said = world.say(&vendor_phone(1), text).await;
        assert_eq!(
            (said.outcome.as_str(), said.about.as_str()),
            ("refused", "NOT_CERTAIN"),
            "{text}"
        );
        assert!(
            words(&said, 0).contains(&format!("{word} {number}")),
            "{text}: {said:?}"
        );
    }
    let partly = world
        .say(&vendor_phone(1), "jeera 1 bora matra cha, baki chaina")
        .await;
    assert_eq!(partly.outcome, "needs_human", "{partly:?}");
    assert!(words(&partly, 0).contains("nothing was"), "{partly:?}");
    let price = world.say(&vendor_phone(1), "sugar ko rate 4600 bhayo").await;
    assert_eq!(
        (price.outcome.as_str(), price.about.as_str()),
        ("needs_human", "STOCK_UPDATE")
    );
    let same = world.get(By::Operator, &order.order_id).await.expect("read");
    assert_eq!(
        same.status(),
        OrderStatus::SentToVendor,
        "none of it moved the order"
    );
    assert_eq!(world.say(&vendor_phone(1), "accept").await.outcome, "ordered");
    world.assert_sound().await;
}
