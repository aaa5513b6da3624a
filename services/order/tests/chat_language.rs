//! The language of answers: heard in what people write, told once, set with a tap or a word.

use khaacho_fault::Fault;
use khaacho_proto::common::v1::Language;

use crate::world::World;
use crate::world::books::{account_id, shop_phone, vendor_id, vendor_phone};
use crate::world::chat::Said;
use crate::world::stage::Play;

/// Nobody has set any language.
async fn unset() -> World {
    let world = World::new().await;
    world.books().no_languages();
    world
}

/// Languages of its replies.
fn spoken(said: &Said) -> Vec<Language> {
    said.replies.iter().map(|reply| reply.language()).collect()
}

/// What was set by all requests: account or vendor, and language.
fn set(world: &World) -> Vec<(String, Language)> {
    world.books().languages.values().cloned().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_no_language_is_answered_in_the_one_that_he_writes_and_told_once() {
    let world = unset().await;
    let phone = shop_phone(1);
    let bare = world.say(&phone, "2 jeera").await;
    assert_eq!(bare.templates(), ["quote"], "goods show no language");
    assert_eq!(spoken(&bare), [Language::Unspecified], "English");

    let list = world.say(&phone, "3 jeera chahiyo").await;
    assert_eq!(
        list.templates(),
        ["quote"],
        "a basket waits: no moment to tell it"
    );
    assert_eq!(spoken(&list), [Language::NeLatn]);
    let confirmed = world.say(&phone, "CONFIRM").await;
    assert_eq!(confirmed.outcome, "ordered");
    assert_eq!(confirmed.templates(), ["language_heard"]);
    assert_eq!(confirmed.data()["language"], "NE_LATN");
    assert_eq!(spoken(&confirmed), [Language::NeLatn]);
    let order = confirmed.about.clone();
    let news: Vec<Language> = world
        .books()
        .notices
        .iter()
        .filter(|n| n.order_id == order)
        .filter(|n| n.template == "order_placed")
        .map(|n| n.language())
        .collect();
    assert_eq!(news, [Language::NeLatn], "news of the order, too");

    for text in ["mero hisab kati cha", "thanks", "BALANCE"] {
        let said = world.say(&phone, text).await;
        assert!(!said.templates().contains(&"language_heard"), "{text}: {said:?}");
        assert!(spoken(&said).iter().all(|l| *l == Language::NeLatn), "{text}");
    }
    assert!(set(&world).is_empty(), "nobody has set one");
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tap_sets_it_for_the_account_and_what_is_written_then_changes_nothing() {
    let world = unset().await;
    let phone = shop_phone(1);
    let told = world.say(&phone, "mero hisab kati cha").await;
    assert_eq!(told.templates(), ["balance", "language_heard"]);
    let kept = world.tap(&phone, "LANGUAGE NE_LATN").await;
    assert_eq!(kept.templates(), ["language_set"]);
    assert_eq!(set(&world), [(account_id(1), Language::NeLatn)]);
    for _ in 0..3 {
        let english = world.say(&phone, "what is my balance please").await;
        assert_eq!(spoken(&english), [Language::NeLatn], "it was set");
    }
    let hindi = world.say(&phone, "LANGUAGE हिन्दी").await;
    assert_eq!(hindi.templates(), ["language_set"]);
    assert_eq!(spoken(&hindi), [Language::Hi], "it is told in the new one");
    assert_eq!(world.books().accounts[0].language(), Language::Hi);
    assert_eq!(spoken(&world.say(&phone, "BALANCE").await), [Language::Hi]);
    world.assert_sound().await;
}

/// The choice, its name alone, another language, and a word that is none of ours.
#[tokio::test(flavor = "multi_thread")]
async fn the_word_alone_shows_what_there_is_and_a_setting_of_an_operator_counts() {
    let world = World::new().await;
    let phone = shop_phone(1);
    for text in ["LANGUAGE", "bhasa", "भाषा", "language newari"] {
        let shown = world.say(&phone, text).await;
        assert_eq!(shown.templates(), ["which_language"], "{text}");
        assert_eq!(spoken(&shown), [Language::En]);
    }
    let set_so = world.say(&phone, "bhasa nepali").await;
    assert_eq!(spoken(&set_so), [Language::NeLatn]);
    world.books().accounts[0].set_language(Language::Ne);
    assert_eq!(spoken(&world.say(&phone, "BALANCE").await), [Language::Ne]);
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_basket_and_a_question_go_on_waiting() {
    let world = unset().await;
    let phone = shop_phone(1);
    let quote = world.say(&phone, "2 jeera pathaunus").await;
    let id = quote.data()["quote_id"].as_str().expect("an id").to_owned();
    let chosen = world.say(&phone, "LANGUAGE english").await;
    assert_eq!(chosen.templates(), ["language_set", "basket_waits"]);
    let shown = world.say(&phone, "LANGUAGE").await;
    assert_eq!(shown.templates(), ["which_language", "basket_waits"]);
    let confirmed = world.tap(&phone, &format!("CONFIRM {id}")).await;
    assert_eq!(
        (confirmed.outcome.as_str(), confirmed.templates()),
        ("ordered", vec![])
    );

    let asked = world.say(&phone, "3 rice").await;
    assert_eq!(asked.templates(), ["choose_product"]);
    let chosen = world.tap(&phone, "LANGUAGE HI").await;
    assert_eq!(chosen.templates(), ["language_set", "choose_product"]);
    assert_eq!(world.say(&phone, "1").await.templates(), ["quote"]);
    world.assert_sound().await;
}

/// What was begun before the choice goes on in the new language: a basket that waits, and orders on both sides.
#[tokio::test(flavor = "multi_thread")]
async fn news_of_what_was_begun_before_are_in_the_new_language() {
    let world = unset().await;
    let (phone, seller) = (shop_phone(1), vendor_phone(1));
    world.say(&phone, "2 jeera").await;
    world.say(&phone, "LANGUAGE hindi").await;
    let order = world.say(&phone, "CONFIRM").await.about;
    world.say(&phone, "LANGUAGE english").await;
    world.say(&seller, "LANGUAGE nepali").await;
    world.say(&seller, "ACCEPT").await;
    let news = |template: &str| {
        let books = world.books();
        let mut all = books.notices.iter().filter(|n| n.order_id == order);
        all.find(|n| n.template == template).map(|n| n.language())
    };
    assert_eq!(news("order_placed"), Some(Language::Hi), "the basket waited");
    assert_eq!(news("vendor_assigned"), Some(Language::En), "the order was open");
    assert_eq!(
        news("vendor_offer_won"),
        Some(Language::NeLatn),
        "it was with him"
    );
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_message_in_another_language_is_an_exception_and_two_are_not() {
    let world = unset().await;
    let phone = shop_phone(1);
    let ask = async |text: &str| world.say(&phone, text).await.replies[0].language();
    assert_eq!(ask("mero hisab kati cha").await, Language::NeLatn);
    assert_eq!(ask("what is my balance").await, Language::NeLatn);
    assert_eq!(ask("BALANCE").await, Language::NeLatn);
    assert_eq!(ask("what is my balance").await, Language::En);
    assert_eq!(ask("mero hisab kati cha").await, Language::En);
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_and_a_late_repetition_set_it_once() {
    let world = unset().await;
    let phone = shop_phone(1);
    world.script("SetLanguage", [Play::LoseAnswer, Play::Refuse(Fault::late())]);
    let said = world.say(&phone, "LANGUAGE nepali").await;
    assert_eq!(said.templates(), ["language_set"]);
    assert_eq!(world.stage.calls("SetLanguage"), 3);
    assert_eq!(set(&world), [(account_id(1), Language::NeLatn)], "one request");
    let notices = world.books().notices.len();
    let again = world.message(&phone, "LANGUAGE hindi");
    let first = world.send(again.clone()).await;
    world.say(&phone, "LANGUAGE english").await;
    let repeated = world.receive(vec![again]).await.expect("received");
    assert_eq!(repeated.inbound_ids, [first.inbound_id]);
    world.quiet().await;
    assert_eq!(world.books().accounts[0].language(), Language::En);
    assert_eq!(world.books().notices.len(), notices + 2);
    world.assert_sound().await;
}

/// A job that did everything but was not seen to have, and one that raced another: told once.
#[tokio::test(flavor = "multi_thread")]
async fn it_is_told_once_also_when_the_message_is_handled_twice() {
    let world = unset().await;
    let phone = shop_phone(1);
    world.script("GetBalance", [Play::LoseAnswer, Play::LoseAnswer]);
    let told = world.say(&phone, "mero hisab kati cha").await;
    assert_eq!(told.templates(), ["balance", "language_heard"]);
    world.say(&phone, "mero hisab kati cha").await;
    let all = world
        .books()
        .notices
        .iter()
        .filter(|n| n.template == "language_heard")
        .count();
    assert_eq!(all, 1);
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_says_no_is_told_so_and_nothing_is_set() {
    let world = unset().await;
    let phone = shop_phone(1);
    world.script("SetLanguage", [Play::Refuse(Fault::not_found("ACCOUNT_UNKNOWN"))]);
    let said = world.say(&phone, "LANGUAGE hindi").await;
    assert_eq!(said.templates(), ["refused"]);
    assert_eq!(spoken(&said), [Language::Unspecified]);
    assert!(set(&world).is_empty());
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vendor_is_heard_told_and_sets_it_for_himself() {
    let world = unset().await;
    let phone = vendor_phone(1);
    let help = world.say(&phone, "mero order kati cha bhannu na").await;
    assert_eq!(help.templates(), ["vendor_help", "language_heard"]);
    assert_eq!(spoken(&help), [Language::NeLatn, Language::NeLatn]);
    let set_so = world.say(&phone, "भाषा नेपाली").await;
    assert_eq!(spoken(&set_so), [Language::Ne]);
    assert_eq!(set(&world), [(vendor_id(1), Language::Ne)]);
    assert_eq!(spoken(&world.say(&phone, "ORDERS").await), [Language::Ne]);
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_is_answered_in_his_language_and_may_choose_one() {
    let world = World::new().await;
    let phone = "+9779800000099";
    for (text, language) in [
        ("2 bora chini", Language::Unspecified),
        ("malai 2 bora chini chahiyo", Language::NeLatn),
        ("2 bora chini", Language::NeLatn),
    ] {
        let said = world.say(phone, text).await;
        assert_eq!(said.templates(), ["welcome_unregistered"], "{text}");
        assert_eq!(spoken(&said), [language], "{text}");
    }
    let chosen = world.say(phone, "LANGUAGE HINDI").await;
    assert_eq!(
        (chosen.templates(), spoken(&chosen)),
        (vec!["language_set"], vec![Language::Hi])
    );
    let said = world.say(phone, "malai 2 bora chini chahiyo").await;
    assert_eq!(spoken(&said), [Language::Hi], "he has chosen");
    let devanagari = world.say("+9779800000098", "मलाई चामल चाहियो").await;
    assert_eq!(spoken(&devanagari), [Language::Ne]);
    assert!(set(&world).is_empty(), "there is no account");
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_acts_for_several_shops_sets_it_for_all_of_them() {
    let world = unset().await;
    let phone = shop_phone(1);
    world.books().accounts[1].phones.push(phone.clone());
    let asked = world.say(&phone, "2 jeera pathaidinus").await;
    assert_eq!(asked.templates(), ["which_shop"]);
    assert_eq!(spoken(&asked), [Language::NeLatn]);
    let chosen = world.say(&phone, "LANGUAGE english").await;
    assert_eq!(
        chosen.templates(),
        ["language_set", "which_shop"],
        "the question stays"
    );
    let both = vec![(account_id(1), Language::En), (account_id(2), Language::En)];
    let mut done = set(&world);
    done.sort_by_key(|(account, _)| both.iter().position(|(id, _)| id == account));
    assert_eq!(done, both);
    assert_eq!(world.say(&phone, "2").await.templates(), ["for_shop"]);
    assert_eq!(world.say(&phone, "CONFIRM").await.outcome, "ordered");
    world.assert_sound().await;
}

/// Nothing that we wrote or that is for a person is heard, and nobody is told while a person has the talk.
#[tokio::test(flavor = "multi_thread")]
async fn taps_stops_and_talks_with_people_tell_nothing() {
    let world = unset().await;
    let phone = shop_phone(1);
    let tapped = world.tap(&phone, "BALANCE").await;
    assert_eq!(
        (tapped.templates(), spoken(&tapped)),
        (vec!["balance"], vec![Language::Unspecified])
    );
    let stopped = world.say(&phone, "aba malai message napathaunu").await;
    assert_eq!(stopped.templates(), ["consent_noted"]);
    assert_eq!(spoken(&stopped), [Language::NeLatn]);
    sqlx::query("update orders.conversation set claimed_by = 'key_a', claimed_at = now()")
        .execute(&world.superuser().await)
        .await
        .expect("claimed");
    let claimed = world.say(&phone, "LANGUAGE hindi").await;
    assert_eq!((claimed.about.as_str(), claimed.replies.len()), ("CLAIMED", 0));
    assert!(set(&world).is_empty());
    world.assert_sound().await;
}
