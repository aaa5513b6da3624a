use khaacho_proto::order::v1 as pb;
use pb::OrderStatus;
use serde_json::json;

use crate::world::books::vendor_phone;
use crate::world::{By, World};

#[tokio::test(flavor = "multi_thread")]
async fn a_vendor_takes_packs_and_delivers_by_chat() {
    let world = World::new().await;
    let order = world.offered().await;
    let number = order.order_number.as_str();
    let said = world.say(&vendor_phone(1), &format!("ACCEPT {number}")).await;
    assert_eq!(
        (said.outcome.as_str(), said.about.as_str()),
        ("ordered", order.order_id.as_str())
    );
    assert_eq!(
        world.books().told(&vendor_phone(1)),
        ["vendor_offer", "vendor_offer_won"]
    );
    // Without a number the only order that waits for the step is meant.
    for text in ["packing", "dispatched", "out", "delivered"] {
        let said = world.say(&vendor_phone(1), text).await;
        assert_eq!(
            (said.templates(), said.outcome.as_str()),
            (vec!["vendor_order_step"], "ordered"),
            "{text}"
        );
    }
    world
        .becomes(&order, "posted", |o| !o.invoice_number.is_empty())
        .await;
    world.assert_sound().await;
    let actor: String =
        sqlx::query_scalar("select actor from orders.order_event where to_status = 'PACKING'")
            .fetch_one(world.db.pool())
            .await
            .expect("one");
    assert_eq!(actor, crate::world::books::vendor_id(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decline_carries_its_reason_and_the_next_vendor_is_asked() {
    let world = World::new().await;
    let order = world.offered().await;
    world
        .say(
            &vendor_phone(1),
            &format!("decline {} no rice today", order.order_number),
        )
        .await;
    world
        .becomes(&order, "offered to vendor 2", |o| o.vendor_name == "Vendor 2")
        .await;
    assert_eq!(world.routing(&order).await[0].answer_reason, "no rice today");
    let late = world
        .say(&vendor_phone(1), &format!("accept {}", order.order_number))
        .await;
    assert_eq!(
        (late.templates(), late.about.as_str()),
        (vec!["vendor_offer_lost"], "OFFER_GONE")
    );
    assert_eq!(late.data()["why"], json!("asked_another"));
    world.say(&vendor_phone(2), "accept").await;
    for word in ["accept", "decline", "packing"] {
        let late = world
            .say(&vendor_phone(1), &format!("{word} {}", order.order_number))
            .await;
        assert_eq!(late.templates(), ["vendor_offer_lost"], "{word}");
        assert_eq!(late.data()["why"], json!("taken"));
    }
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_after_the_deadline_is_told_the_truth() {
    let world = World::new().await;
    let order = world.offered().await;
    (2..=4).for_each(|vendor| world.books().stock_of(vendor, "RICE", 0));
    world.minutes_pass(31);
    world.becomes(&order, "stuck", |o| o.needs_operator).await;
    let late = world.say(&vendor_phone(1), "accept").await;
    assert_eq!(late.templates(), ["vendor_no_order"], "nothing waits for him");
    let late = world
        .say(&vendor_phone(1), &format!("accept {}", order.order_number))
        .await;
    assert_eq!(late.data()["why"], json!("not_on_offer"));
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_answers_again_for_an_order_that_he_has_is_told_that_it_is_his() {
    let world = World::new().await;
    let order = world.offered().await;
    let number = order.order_number.as_str();
    // A double tap: both were sent before either was handled.
    let taps = [1, 2].map(|_| world.message(&vendor_phone(1), &format!("ACCEPT {number}")));
    let ids = world.receive(taps.into()).await.expect("received").inbound_ids;
    assert_eq!(world.ended(&ids[0]).await.outcome, "ordered");
    let again = world.ended(&ids[1]).await;
    assert_eq!(again.templates(), ["vendor_order_yours"]);
    assert_eq!(
        again.data(),
        json!({ "order_number": number, "status": "ACCEPTED", "call": null })
    );

    let changed = world
        .say(&vendor_phone(1), &format!("DECLINE {number} no rice"))
        .await;
    assert_eq!(
        (changed.templates(), changed.about.as_str()),
        (vec!["vendor_order_yours"], "OFFER_GONE")
    );
    assert_eq!(changed.data()["call"], json!("+977-9800000000"));
    let order = world.get(By::Operator, number).await.expect("read");
    assert_eq!(order.status(), OrderStatus::Accepted, "nothing was declined");

    let twice = world.say(&vendor_phone(1), "accept").await;
    assert_eq!(twice.templates(), ["vendor_no_order"]);

    for text in ["packing", "dispatched", "out", "delivered"] {
        world.say(&vendor_phone(1), text).await;
    }
    let posted = world
        .becomes(&order, "posted", |o| !o.invoice_number.is_empty())
        .await;
    world
        .complete_order(By::Shop(1), &posted)
        .await
        .expect("completed");
    let late = world.say(&vendor_phone(1), &format!("yes {number}")).await;
    assert_eq!(late.data()["status"], json!("COMPLETED"));
    assert!(
        !world
            .books()
            .told(&vendor_phone(1))
            .contains(&"vendor_offer_lost")
    );
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_answers_for_a_cancelled_order_is_told_that_it_is_cancelled() {
    let world = World::new().await;
    let order = world.offered().await;
    world
        .cancel(By::Shop(1), &order, "closed today")
        .await
        .expect("cancelled");
    for word in ["accept", "decline"] {
        let said = world
            .say(&vendor_phone(1), &format!("{word} {}", order.order_number))
            .await;
        assert_eq!(said.templates(), ["vendor_order_cancelled"], "{word}");
        assert_eq!(said.data()["reason"], json!("closed today"));
    }
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn orders_of_others_do_not_exist_for_him() {
    let world = World::new().await;
    let order = world.offered().await;
    for word in ["accept", "decline", "packing", "delivered"] {
        let said = world
            .say(&vendor_phone(2), &format!("{word} {}", order.order_number))
            .await;
        assert_eq!(
            (said.outcome.as_str(), said.about.as_str()),
            ("refused", "ORDER_UNKNOWN"),
            "{word}"
        );
    }
    assert_eq!(
        world.say(&vendor_phone(2), "orders").await.data()["orders"],
        json!([])
    );
    let own = world.say(&vendor_phone(1), "orders").await.data()["orders"].clone();
    assert_eq!(own[0]["order_number"], json!(order.order_number));
    let wrong = world.say(&vendor_phone(1), "accept ORD2611000001").await;
    assert_eq!(wrong.templates(), ["not_found_order"]);
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_two_offers_he_has_to_name_one() {
    let world = World::new().await;
    let (one, two) = (world.offered().await, world.offered().await);
    assert_eq!(
        world.say(&vendor_phone(1), "accept").await.templates(),
        ["vendor_which_order"]
    );
    world
        .say(&vendor_phone(1), &format!("accept {}", two.order_number))
        .await;
    world.say(&vendor_phone(1), "accept").await;
    for order in [one, two] {
        let order = world.get(By::Operator, &order.order_id).await.expect("read");
        assert_eq!(order.status(), OrderStatus::Accepted);
    }
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_too_early_is_refused_in_words() {
    let world = World::new().await;
    let order = world.accepted().await;
    let said = world
        .say(&vendor_phone(1), &format!("delivered {}", order.order_number))
        .await;
    assert_eq!(
        (said.outcome.as_str(), said.about.as_str()),
        ("refused", "WRONG_STATUS")
    );
    assert_eq!(said.templates(), ["vendor_refused"]);
    assert_eq!(
        (&said.data()["facts"]["status"], &said.data()["facts"]["wanted"]),
        (&json!("ACCEPTED"), &json!("DELIVERED"))
    );
    world.assert_sound().await;
}
