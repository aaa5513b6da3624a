//! A wholesaler who can supply a part of an order: shown against its lines, for a person, and the order stays as it is.

use khaacho_proto::order::v1 as pb;
use pb::OrderStatus;
use serde_json::{Value, json};

use crate::world::books::vendor_phone;
use crate::world::chat::Said;
use crate::world::{By, World, answer};

/// An order of these lines, on offer to vendor 1.
async fn offered(world: &World, lines: &[(&str, &str)]) -> pb::Order {
    let quote = world.quote(lines).await;
    let order = world
        .place(By::Shop(1), world.placing(&quote))
        .await
        .expect("placed");
    world.reaches(&order, OrderStatus::SentToVendor).await
}

async fn status(world: &World, order: &pb::Order) -> OrderStatus {
    let order = world.get(By::Operator, &order.order_id).await.expect("read");
    order.status()
}

/// What the reply says of each line.
fn can(said: &Said) -> Vec<Value> {
    assert_eq!(said.templates(), ["vendor_partial"], "{said:?}");
    assert_eq!(
        (said.outcome.as_str(), said.about.as_str()),
        ("needs_human", "PARTIAL_ACCEPT")
    );
    let data = said.data();
    let lines = data["lines"].as_array().expect("lines").iter();
    lines.map(|line| line["can"].clone()).collect()
}

/// The conversation that has waited longest for a person.
async fn waiting(world: &World) -> pb::GetConversationResponse {
    let page = answer(
        world
            .intake()
            .list_conversations(By::Operator.asks(pb::ListConversationsRequest::default()))
            .await,
    )
    .expect("a page");
    let first = page.conversations.into_iter().next().expect("one waits");
    let body = pb::GetConversationRequest {
        conversation: first.conversation_id.clone(),
    };
    answer(world.intake().get_conversation(By::Operator.asks(body)).await).expect("it")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_is_shown_against_the_order_and_a_person_reads_what_was_understood() {
    let world = World::new().await;
    let phone = vendor_phone(1);
    let order = offered(&world, &[("RICE", "2"), ("SUGAR", "5")]).await;
    world.minutes_pass(20);
    let said = world
        .say(&phone, "sugar 2 bora matra cha, aru sabai pathauchu")
        .await;
    assert_eq!(can(&said), [json!("all"), json!("some")]);
    let data = said.data();
    assert_eq!(data["lines"][1]["count"], json!("2"));
    assert_eq!(data["lines"][1]["quantity"], json!("5"));
    assert_eq!(
        (&data["offered"], &data["minutes_left"]),
        (&json!(true), &json!(10))
    );
    assert_eq!(status(&world, &order).await, OrderStatus::SentToVendor);

    let waits = waiting(&world).await;
    assert_eq!(waits.conversation.expect("it").waits_for, "PARTIAL_ACCEPT");
    let shown = &waits.sent[0];
    assert_eq!(
        (
            shown.template.as_str(),
            shown.cause_id.as_str(),
            shown.order_id.as_str()
        ),
        (
            "vendor_partial",
            said.inbound_id.as_str(),
            order.order_id.as_str()
        ),
        "the operator reads what was understood, and of which order"
    );
    // He decides himself: all of it after all.
    let done = world.tap(&phone, &format!("ACCEPT {}", order.order_number)).await;
    assert_eq!(done.outcome, "ordered");
    assert_eq!(status(&world, &order).await, OrderStatus::Accepted);
    let now = world.get(By::Operator, &order.order_id).await.expect("read");
    assert_eq!(now.lines[1].quantity, "5", "the whole order, not the part");
    // Of an order that he has taken it is said that he has.
    let said = world.say(&phone, "sugar 2 bora matra cha").await;
    assert_eq!(can(&said), [json!("unsaid"), json!("some")]);
    assert_eq!(
        (&said.data()["offered"], &said.data()["minutes_left"]),
        (&json!(false), &json!(null))
    );
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_he_has_not_and_what_is_not_in_the_order_is_told() {
    let world = World::new().await;
    let phone = vendor_phone(1);
    let order = offered(&world, &[("RICE", "2"), ("SUGAR", "5")]).await;
    let said = world.say(&phone, "sabai huncha tara sugar chaina").await;
    assert_eq!(can(&said), [json!("all"), json!("none")]);
    let said = world.say(&phone, "mansuli 3 bora matra cha").await;
    assert_eq!(can(&said), [json!("unsaid"), json!("unsaid")]);
    assert_eq!(said.data()["understood"], json!(false));
    assert_eq!(said.data()["foreign"], json!(["mansuli 3 bora matra"]));
    let numbered = format!("ACCEPT {} but only 5", order.order_number);
    let said = world.say(&phone, &numbered).await;
    assert_eq!(can(&said), [json!("unsaid"), json!("unsaid")]);
    assert_eq!(said.data()["unclear"], json!(["5"]), "five of what?");
    assert_eq!(status(&world, &order).await, OrderStatus::SentToVendor);
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn all_of_it_or_none_of_it_is_asked_back_as_such() {
    let world = World::new().await;
    let phone = vendor_phone(1);
    offered(&world, &[("RICE", "2"), ("SUGAR", "5")]).await;
    for (text, says) in [
        ("jeera 2 bora ra sugar 5 bora pathauchu", "accept"),
        ("jeera ra sugar dina sakdina", "decline"),
    ] {
        let said = world.say(&phone, text).await;
        assert_eq!(said.templates(), ["vendor_ask_back"], "{text}: {said:?}");
        assert_eq!(said.data()["says"], json!(says), "{text}");
    }
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn his_goods_tell_which_of_several_orders_and_else_he_names_it() {
    let world = World::new().await;
    let phone = vendor_phone(1);
    let rice = offered(&world, &[("RICE", "9")]).await;
    let sugar = offered(&world, &[("SUGAR", "8")]).await;
    let said = world.say(&phone, "sugar 2 bora matra cha").await;
    assert_eq!(said.data()["order_number"], json!(sugar.order_number));
    let unclear = world.say(&phone, "4 bora matra pathauna sakchu").await;
    assert_eq!(unclear.templates(), ["vendor_partial_which"]);
    assert_eq!(unclear.data()["orders"].as_array().map(Vec::len), Some(2));
    let numbered = format!("{} 4 bora matra pathauna sakchu", rice.order_number);
    let said = world.say(&phone, &numbered).await;
    assert_eq!(can(&said), [json!("some")], "of the only line that it has");
    assert_eq!(said.data()["order_number"], json!(rice.order_number));
    assert_eq!(said.data()["lines"][0]["count"], json!("4"));
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_order_it_is_said_and_a_person_looks() {
    let world = World::new().await;
    let said = world.say(&vendor_phone(1), "sugar 2 bora matra cha").await;
    assert_eq!(said.templates(), ["vendor_no_order", "vendor_for_person"]);
    assert_eq!(said.outcome, "needs_human");
    let gone = world
        .say(&vendor_phone(1), "ORD2611000429 ma sugar 2 bora matra cha")
        .await;
    assert_eq!(gone.templates(), ["not_found_order"]);
    world.assert_sound().await;
}
