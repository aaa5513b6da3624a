//! STOP and START.

use crate::world::World;
use crate::world::books::{shop_phone, vendor_phone};

#[tokio::test(flavor = "multi_thread")]
async fn who_wants_no_messages_says_so_and_can_take_it_back() {
    let world = World::new().await;
    let (shop, stranger) = (shop_phone(1), "+9779800000099".to_owned());
    for phone in [shop.clone(), vendor_phone(1), stranger] {
        let out = world.say(&phone, "Stop!").await;
        assert_eq!(out.templates(), ["consent_noted"], "{phone}");
        assert_eq!(out.data()["opted_out"], true);
        assert_eq!(world.books().consents.last(), Some(&(phone.clone(), true)));
        world.say(&phone, "START").await;
        assert_eq!(world.books().consents.last(), Some(&(phone, false)));
    }
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_basket_that_waits_goes_on_waiting_and_a_sentence_says_it_too() {
    let world = World::new().await;
    let phone = shop_phone(1);
    world.say(&phone, "2 jeera").await;
    let out = world.say(&phone, "message pathauna banda garnus").await;
    assert_eq!(out.templates(), ["consent_noted", "basket_waits"], "{out:?}");
    assert_eq!(world.books().consents, [(phone.clone(), true)]);
    assert_eq!(world.say(&phone, "CONFIRM").await.outcome, "ordered");
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_kept_while_a_person_has_the_conversation() {
    let world = World::new().await;
    let phone = shop_phone(1);
    world.say(&phone, "namaste").await;
    sqlx::query("update orders.conversation set claimed_by = 'key_a', claimed_at = now()")
        .execute(&world.superuser().await)
        .await
        .expect("claimed");
    let said = world.say(&phone, "STOP").await;
    assert_eq!((said.about.as_str(), said.replies.len()), ("CLAIMED", 0));
    assert_eq!(world.books().consents, [(phone, true)]);
    world.assert_sound().await;
}
