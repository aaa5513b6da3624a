use khaacho_fault::Fault;
use khaacho_proto::order::v1 as pb;
use pb::OrderStatus;

use crate::world::books::{account_id, shop_phone, vendor_phone};
use crate::world::stage::Play;
use crate::world::{By, World};

#[tokio::test(flavor = "multi_thread")]
async fn the_story_of_an_order_goes_from_the_first_message_to_the_last_move() {
    let world = World::new().await;
    let phone = shop_phone(1);
    let asked = world.say(&phone, "2 jeera").await;
    let confirmed = world.say(&phone, "confirm").await;
    let order = world.get(By::Operator, &confirmed.about).await.expect("placed");
    world.reaches(&order, OrderStatus::SentToVendor).await;
    let accepted = world.say(&vendor_phone(1), "accept").await;
    let story = world.story(By::Operator, &order).await;

    let times: Vec<_> = story
        .entries
        .iter()
        .filter_map(|e| e.at.map(|at| (at.seconds, at.nanos)))
        .collect();
    assert!(times.is_sorted(), "oldest first: {times:?}");
    let moves: Vec<_> = own(&story, "status").iter().map(|e| e.summary.clone()).collect();
    let order_of_moves: Vec<_> = moves
        .iter()
        .map(|m| m.split(" by ").next().expect("a move").to_owned())
        .collect();
    let expected = [
        "PLACED",
        "PLACED → PENDING",
        "PENDING → ROUTED",
        "ROUTED → SENT_TO_VENDOR",
        "SENT_TO_VENDOR → ACCEPTED",
    ];
    assert_eq!(order_of_moves, expected);
    assert!(
        moves[0].contains(&account_id(1)),
        "who wrote is named: {}",
        moves[0]
    );

    let messages: Vec<_> = own(&story, "message_in").iter().map(|e| e.id.clone()).collect();
    assert_eq!(
        messages,
        [
            asked.inbound_id,
            confirmed.inbound_id.clone(),
            accepted.inbound_id.clone()
        ]
    );
    let summaries: Vec<_> = own(&story, "message_in")
        .iter()
        .map(|e| e.summary.clone())
        .collect();
    assert_eq!(
        summaries,
        [
            "text message received, outcome answered",
            "text message received, outcome ordered",
            "text message received, outcome ordered"
        ]
    );
    assert_eq!(own(&story, "status")[0].cause_id, confirmed.inbound_id);
    assert_eq!(own(&story, "status")[4].cause_id, accepted.inbound_id);
    assert!(own(&story, "routing")[0].summary.contains("Vendor 1"));
    assert!(
        story
            .entries
            .iter()
            .filter(|e| e.service == "order")
            .all(|e| e.trace_id.len() == 32)
    );
    assert!(
        story
            .entries
            .iter()
            .any(|e| e.service == "credit" && e.kind == "hold")
    );
    assert!(!format!("{story:?}").contains(&phone), "phones stay out");
}

#[tokio::test(flavor = "multi_thread")]
async fn peers_that_do_not_answer_are_named_and_the_rest_is_told() {
    let world = World::new().await;
    let order = world.offered().await;
    world.script("ExplainCredit", [Play::Refuse(Fault::bug("broken"))]);
    let story = world.story(By::Shop(1), &order).await;
    assert_eq!(
        story.missing,
        ["credit", "inventory"],
        "one of them knows no such method here"
    );
    assert_eq!(own(&story, "status").len(), 4);
    assert!(own(&story, "status").iter().all(|e| !e.cause_id.is_empty()));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_history_cannot_be_rewritten_and_knows_its_edges() {
    let world = World::new().await;
    world.offered().await;
    let hand = world.superuser().await;
    for sql in [
        "update orders.order_event set note = 'x'",
        "delete from orders.order_event",
        "insert into orders.order_event select order_id, 9, 'SENT_TO_VENDOR', 'COMPLETED', 'x', 'x', 'x', 'x', now()
         from orders.order_event limit 1",
    ] {
        assert!(sqlx::query(sql).execute(&hand).await.is_err(), "{sql}");
    }
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_message_about_an_order_belongs_to_its_story() {
    let world = World::new().await;
    let (shop, vendor) = (shop_phone(1), vendor_phone(1));
    let quoted = world.say(&shop, "2 jeera").await;
    let placed = world.say(&shop, "confirm").await;
    let order = world.get(By::Operator, &placed.about).await.expect("placed");
    world.reaches(&order, OrderStatus::SentToVendor).await;
    let number = order.order_number.as_str();
    let button = format!("CONFIRM {}", quoted.data()["quote_id"].as_str().expect("an id"));
    let mut said = vec![
        world.tap(&shop, &button).await,
        world.say(&shop, &format!("status {number}")).await,
        world.say(&shop, "status").await,
        world.say(&vendor, &format!("delivered {number}")).await,
    ];
    world.say(&vendor, &format!("accept {number}")).await;
    for text in [
        format!("accept {number}"),
        format!("decline {number}"),
        "packing".to_owned(),
    ] {
        said.push(world.say(&vendor, &text).await);
    }
    // It needs a reason now.
    said.push(world.say(&shop, &format!("cancel {number}")).await);
    for message in &said {
        assert_eq!(message.replies.len(), 1, "{message:?}");
        assert_eq!(message.replies[0].order_id, order.order_id, "{message:?}");
    }
    for other in ["balance", "help", "cancel ORD2611000001"] {
        assert_eq!(world.say(&shop, other).await.replies[0].order_id, "", "{other}");
    }

    let out = async |by: By| -> Vec<String> {
        let story = world.story(by, &order).await;
        let told = own(&story, "message_out");
        told.iter()
            .map(|e| e.summary.replace(" to somebody", ""))
            .collect()
    };
    let all = out(By::Operator).await;
    assert_eq!(all[0], "quote", "with the quote it began");
    for template in [
        "order_placed",
        "order_status",
        "vendor_order_yours",
        "vendor_order_step",
        "vendor_assigned",
    ] {
        assert!(all.iter().any(|t| t == template), "{template}: {all:?}");
    }
    let shops = out(By::Shop(1)).await;
    assert!(shops.contains(&"quote".to_owned()) && shops.contains(&"vendor_assigned".to_owned()));
    let of_vendors: Vec<_> = shops.iter().filter(|t| t.starts_with("vendor_")).collect();
    assert_eq!(of_vendors, ["vendor_assigned"], "what vendors are told is theirs");
    world.assert_sound().await;
}

fn own<'a>(story: &'a pb::ExplainOrderResponse, kind: &str) -> Vec<&'a pb::TimelineEntry> {
    story.entries.iter().filter(|e| e.kind == kind).collect()
}
