//! Whatever is written, somebody answers.

use khaacho_fault::Fault;
use khaacho_proto::credit::v1::AccountState;
use serde_json::json;

use crate::world::World;
use crate::world::books::shop_phone;
use crate::world::stage::Play;

/// Whatever a peer says no to, the sender hears something: a message without an end would be a lost one.
#[tokio::test(flavor = "multi_thread")]
async fn quantities_that_are_none_are_answered_too() {
    let world = World::new().await;
    for text in [
        "sugar 5.",
        "0 sugar",
        "sugar 0.0005",
        "9999999 sugar",
        "sugar 1000000.999",
    ] {
        let said = world.say(&shop_phone(1), text).await;
        assert!(
            !said.replies.is_empty() && !said.outcome.is_empty(),
            "{text}: {said:?}"
        );
    }
    let sorted = world.say(&shop_phone(1), "sugar 5.").await;
    assert_eq!(sorted.templates(), ["quote"], "a full stop ends a sentence");
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_peer_that_refuses_unexpectedly_is_answered_in_words() {
    let world = World::new().await;
    let no = Fault::invalid("phrases", "must be 1 to 50");
    world.script("MatchProducts", [Play::Refuse(no)]);
    let said = world.say(&shop_phone(1), "2 sugar").await;
    assert_eq!(
        (said.outcome.as_str(), said.templates()),
        ("refused", vec!["not_understood"])
    );
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_blocked_shop_may_ask_and_may_not_order() {
    let world = World::new().await;
    let phone = shop_phone(1);
    world.say(&phone, "2 jeera").await;
    world.books().accounts[0].state = AccountState::Blocked.into();
    world.books().accounts[0].block_reason = "overdue since March".to_owned();
    for text in ["confirm", "2 jeera"] {
        let said = world.say(&phone, text).await;
        assert_eq!(
            (said.templates(), said.about.as_str()),
            (vec!["account_blocked"], "ACCOUNT_BLOCKED")
        );
        assert_eq!(said.data()["reason"], json!("overdue since March"));
    }
    assert_eq!(world.say(&phone, "balance").await.templates(), ["balance"]);
    assert_eq!(world.count("select count(*) from orders.purchase_order").await, 0);
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_gets_an_answer_and_a_person() {
    let world = World::new().await;
    let mut picture = world.message(&shop_phone(1), "");
    picture.message.as_mut().expect("one").kind = "image".to_owned();
    let said = world.send(picture).await;
    assert_eq!(
        (said.outcome.as_str(), said.about.as_str()),
        ("needs_human", "MEDIA_IMAGE")
    );
    assert_eq!(said.templates(), ["media_unread"]);
    let mut captioned = world.message(&shop_phone(1), "2 jeera");
    captioned.message.as_mut().expect("one").kind = "image".to_owned();
    assert_eq!(world.send(captioned).await.templates(), ["quote"]);
    world.assert_sound().await;
}
