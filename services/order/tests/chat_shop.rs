use khaacho_proto::order::v1 as pb;
use pb::OrderStatus;
use serde_json::json;

use crate::world::books::{shop_phone, vendor_phone};
use crate::world::{By, World};

async fn only_order(world: &World) -> pb::Order {
    let page = world
        .list(By::Operator, pb::ListOrdersRequest::default())
        .await
        .expect("a page");
    let [order] = page.orders.as_slice() else {
        panic!("one order: {page:?}")
    };
    order.clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn from_a_question_over_a_number_and_a_quote_to_a_confirmed_order() {
    let world = World::new().await;
    let phone = shop_phone(1);
    let question = world.say(&phone, "2 bora rice, 1 sugar").await;
    assert_eq!(
        (question.templates(), question.outcome.as_str()),
        (vec!["choose_product"], "not_an_order")
    );
    let options = question.data()["options"].clone();
    assert_eq!(
        (options[0]["sku"].clone(), options[1]["sku"].clone()),
        (json!("RICE"), json!("RICE-M"))
    );
    assert_eq!(
        world.say(&phone, "7").await.templates(),
        ["choose_product"],
        "no such option: asked again"
    );
    assert_eq!(
        world.say(&phone, "ok").await.templates(),
        ["choose_product"],
        "there is nothing to confirm yet"
    );
    let quote = world.say(&phone, "2").await;
    assert_eq!(quote.templates(), ["quote"]);
    assert_eq!(quote.data()["total_paisa"], json!(313_000));
    let placed = world.say(&phone, "CONFIRM").await;
    let order = world
        .reaches(&only_order(&world).await, OrderStatus::SentToVendor)
        .await;
    assert_eq!(
        (placed.outcome.as_str(), placed.about.as_str()),
        ("ordered", order.order_id.as_str())
    );
    let skus: Vec<_> = order.lines.iter().map(|l| l.sku.as_str()).collect();
    assert_eq!(skus, ["RICE-M", "SUGAR"], "as the shop wrote them");
    world.assert_sound().await;
    assert_eq!(world.books().told(&phone).last(), Some(&"order_placed"));
    assert_eq!(world.books().told(&vendor_phone(1)), ["vendor_offer"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn confirming_twice_makes_one_order() {
    let world = World::new().await;
    let phone = shop_phone(1);
    world.say(&phone, "2 jeera").await;
    let both = vec![world.message(&phone, "CONFIRM"), world.message(&phone, "yes")];
    let ids = world.receive(both).await.expect("received").inbound_ids;
    assert_eq!(world.ended(&ids[0]).await.outcome, "ordered");
    assert_eq!(world.ended(&ids[1]).await.templates(), ["nothing_to_confirm"]);
    only_order(&world).await;
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_confirmation_that_comes_too_late_gets_new_prices_and_places_nothing() {
    let world = World::new().await;
    let phone = shop_phone(1);
    world.say(&phone, "2 jeera").await;
    world.books().prices.values_mut().for_each(|price| *price += 500);
    world.minutes_pass(11);
    let late = world.say(&phone, "confirm").await;
    assert_eq!(late.templates(), ["quote_expired", "prices_changed", "quote"]);
    assert_eq!(world.count("select count(*) from orders.purchase_order").await, 0);
    assert_eq!(world.say(&phone, "confirm").await.outcome, "ordered");
    assert_eq!(only_order(&world).await.total_paisa, 201_000);
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quote_that_was_used_elsewhere_is_not_confirmed_again() {
    let world = World::new().await;
    let phone = shop_phone(1);
    world.say(&phone, "2 jeera").await;
    let quote: uuid::Uuid = sqlx::query_scalar("select id from orders.quote")
        .fetch_one(world.db.pool())
        .await
        .expect("one");
    let quote_id = khaacho_ids::QuoteId::from(quote).to_string();
    let quote = pb::Quote {
        quote_id,
        ..Default::default()
    };
    let order = world
        .place(By::Shop(1), world.placing(&quote))
        .await
        .expect("placed");
    let said = world.say(&phone, "confirm").await;
    assert_eq!(
        (said.outcome.as_str(), said.about.as_str()),
        ("refused", "QUOTE_USED")
    );
    assert_eq!(said.data()["order_number"], json!(order.order_number));
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stands_in_the_way_is_told_with_what_cures_it() {
    let world = World::new().await;
    let phone = shop_phone(1);
    let said = world.say(&phone, "99 jeera, 2 mansuli").await;
    assert_eq!(
        (said.templates(), said.about.as_str()),
        (vec!["quote_credit_short"], "CREDIT_SHORT")
    );
    assert_eq!(said.data()["short_paisa"], json!(100_000));
    assert_eq!(
        world.say(&phone, "101 jeera").await.templates(),
        ["quote_stock_short", "choose_product"]
    );
    world.say(&phone, "CANCEL").await;
    assert_eq!(world.say(&phone, "2 gold").await.templates(), ["unknown_product"]);
    assert_eq!(
        world.say(&phone, "2 gold, 3 silver").await.templates(),
        ["not_understood"]
    );
    assert_eq!(world.say(&phone, "qwerty").await.templates(), ["not_understood"]);
    assert_eq!(
        world.say(&phone, "confirm").await.templates(),
        ["nothing_to_confirm"]
    );
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tapped_button_counts_as_its_words() {
    let world = World::new().await;
    world.say(&shop_phone(1), "2 jeera").await;
    let mut tapped = world.message(&shop_phone(1), "Confirm, please");
    tapped.message.as_mut().expect("one").reply_id = "CONFIRM".to_owned();
    assert_eq!(world.send(tapped).await.outcome, "ordered");
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn questions_about_orders_are_answered_for_own_orders_only() {
    let world = World::new().await;
    let phone = shop_phone(1);
    assert_eq!(world.say(&phone, "status").await.data()["orders"], json!([]));
    let order = world.offered().await;
    let number = order.order_number.as_str();
    let status = world.say(&phone, &format!("status {number}")).await;
    assert_eq!(status.data()["status"], json!("SENT_TO_VENDOR"));
    assert_eq!(status.data()["vendor"], json!(null), "nobody has taken it yet");
    assert_eq!(world.say(&phone, "status").await.templates(), ["order_status"]);
    let foreign = world.say(&shop_phone(2), &format!("status {number}")).await;
    assert_eq!(foreign.templates(), ["not_found_order"]);
    assert_eq!(
        world.say(&phone, "status ORD2611000001").await.templates(),
        ["not_found_order"]
    );
    let cancel = format!("cancel {number} closed");
    let foreign = world.say(&shop_phone(2), &cancel).await;
    assert_eq!(
        (foreign.outcome.as_str(), foreign.about.as_str()),
        ("refused", "ORDER_UNKNOWN")
    );
    let said = world.say(&phone, &cancel).await;
    assert!(
        said.replies.is_empty(),
        "the change itself tells the shop: {said:?}"
    );
    assert_eq!(world.books().told(&phone).last(), Some(&"order_cancelled"));
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shop_confirms_the_receipt_of_its_only_delivery() {
    let world = World::new().await;
    let phone = shop_phone(1);
    assert_eq!(world.say(&phone, "received").await.templates(), ["which_order"]);
    let order = world.delivered().await;
    world.quiet().await;
    world.say(&phone, "received").await;
    let end = world.get(By::Operator, &order.order_id).await.expect("read");
    assert_eq!(end.status(), OrderStatus::Completed);
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn change_and_cancel_drop_the_quote() {
    let world = World::new().await;
    let phone = shop_phone(1);
    world.say(&phone, "2 jeera").await;
    assert_eq!(world.say(&phone, "cancel").await.templates(), ["quote_cancelled"]);
    assert_eq!(
        world.say(&phone, "confirm").await.templates(),
        ["nothing_to_confirm"]
    );
    world.say(&phone, "2 jeera").await;
    world.say(&phone, "change").await;
    assert_eq!(
        world.say(&phone, "confirm").await.templates(),
        ["nothing_to_confirm"]
    );
    world.say(&phone, "2 jeera").await;
    world.say(&phone, "3 jeera").await;
    world.say(&phone, "confirm").await;
    assert_eq!(
        only_order(&world).await.total_paisa,
        300_000,
        "the last list counts"
    );
    world.assert_sound().await;
}
