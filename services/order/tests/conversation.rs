//! Who writes, and two messages at once.

use khaacho_proto::common::v1::Provider;

use crate::world::World;
use crate::world::books::shop_phone;
use crate::world::stage::{Gate, Play};

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_is_welcomed_and_told_whom_to_call() {
    let world = World::new().await;
    let said = world.say("+9779800000099", "2 jeera").await;
    assert_eq!(
        (said.templates(), said.about.as_str()),
        (vec!["welcome_unregistered"], "UNKNOWN_SENDER")
    );
    assert_eq!(said.data()["support_phone"], "+977-9800000000");
    world.assert_sound().await;
}

/// No such sender may stop the message from ending: an id without a phone, an address that is none, a phone that is
/// none, an id longer than any that is kept.
#[tokio::test(flavor = "multi_thread")]
async fn senders_that_nobody_can_look_up_are_strangers() {
    let world = World::new().await;
    let long = format!("NP.{}", "x".repeat(128));
    for (address, phone, user_id) in [
        ("", "", "NP.4308123456789"),
        ("web-visitor-7", "", ""),
        ("+1555", "+1555", ""),
        ("", "", long.as_str()),
    ] {
        let mut message = world.message("", "hello");
        let from = message.address.as_mut().expect("one");
        from.provider = Provider::Meta.into();
        (from.address, from.phone, from.user_id) = (address.to_owned(), phone.to_owned(), user_id.to_owned());
        let said = world.send(message).await;
        assert_eq!(
            said.templates(),
            ["welcome_unregistered"],
            "{address} {phone} {user_id}"
        );
    }
    world.assert_sound().await;
}

/// A runner that lost its lease goes on while another one handles the next message: the conversation's version
/// decides, and the loser looks again.
#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_that_moved_on_is_looked_at_again() {
    let world = World::new().await;
    let phone = shop_phone(1);
    world.say(&phone, "2 jeera").await;
    let gate = Gate::new();
    world.script("FindParty", [Play::Wait(gate.clone())]);
    let confirm = world
        .receive(vec![world.message(&phone, "confirm")])
        .await
        .expect("received");
    gate.arrived().await;
    // Somebody else has dropped the quote meanwhile.
    sqlx::query("update orders.conversation set version = version + 1, state = '{\"kind\":\"idle\"}'")
        .execute(world.db.pool())
        .await
        .expect("moved on");
    gate.open();
    let said = world.ended(&confirm.inbound_ids[0]).await;
    assert_eq!(said.templates(), ["nothing_to_confirm"]);
    assert_eq!(world.count("select count(*) from orders.purchase_order").await, 0);
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_messages_at_once_are_handled_one_by_one() {
    let world = World::new().await;
    let phone = shop_phone(1);
    let said = (0..10).map(|_| world.receive(vec![world.message(&phone, "2 jeera")]));
    for response in futures_util::future::join_all(said).await {
        response.expect("received");
    }
    world.assert_sound().await;
    assert_eq!(world.books().told(&phone), ["quote"; 10]);
    assert_eq!(world.count("select version from orders.conversation").await, 10);
    let confirm = world.say(&phone, "confirm").await;
    assert_eq!(confirm.outcome, "ordered");
    world.assert_sound().await;
}

/// The same person at two of our numbers has two conversations.
#[tokio::test(flavor = "multi_thread")]
async fn our_numbers_do_not_share_conversations() {
    let world = World::new().await;
    let phone = shop_phone(1);
    world.say(&phone, "2 jeera").await;
    let mut elsewhere = world.message(&phone, "confirm");
    elsewhere.address.as_mut().expect("one").account = "another".to_owned();
    assert_eq!(world.send(elsewhere).await.templates(), ["nothing_to_confirm"]);
    assert_eq!(world.say(&phone, "confirm").await.outcome, "ordered");
    world.assert_sound().await;
}
