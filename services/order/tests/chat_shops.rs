//! One phone that acts for several shops: it is asked for which, and nothing is done for another one.

use khaacho_proto::order::v1 as pb;
use serde_json::{Value, json};

use crate::world::books::{account_id, shop_phone};
use crate::world::chat::Said;
use crate::world::{By, World, answer};

/// Two shops of the first shop's phone: Khadka Kirana and Ganesh Store.
pub(crate) async fn two_shops() -> World {
    let world = World::new().await;
    {
        let mut books = world.books();
        books.accounts[0].shop_name = "Khadka Kirana".to_owned();
        books.accounts[1].shop_name = "Ganesh Store".to_owned();
        books.accounts[1].phones.push(shop_phone(1));
    }
    world
}

/// Another shop of that phone.
fn third_shop(world: &World) {
    let mut books = world.books();
    let mut third = books.accounts[0].clone();
    third.account_id = account_id(3);
    third.code = "R00003".to_owned();
    third.shop_name = "Third".to_owned();
    third.phones = vec![shop_phone(1)];
    books.accounts.push(third);
}

/// Ganesh Store is not the phone's any more.
fn taken_away(world: &World) {
    world.books().accounts[1].phones.pop();
}

/// The replies, each with the shop that is named above it.
pub(crate) fn shown(said: &Said) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let reply = |n: usize| match said.templates()[n] {
        "for_shop" => {
            let data = said.data_of(n);
            (text(&data["shop"]), text(&data["template"]))
        }
        plain => (String::new(), plain.to_owned()),
    };
    (0..said.replies.len()).map(reply).collect()
}

pub(crate) fn named(shop: &str, template: &str) -> (String, String) {
    (shop.to_owned(), template.to_owned())
}

/// The id of a row of the question that was asked.
fn row(question: &Said, n: usize) -> String {
    let data = question.data_of(question.replies.len() - 1);
    format!("OPTION {} {n}", data["question"].as_str().expect("an id"))
}

/// The id of the button that confirms the quote.
pub(crate) fn confirm(quote: &Said) -> String {
    let data = quote.data_of(quote.replies.len() - 1);
    format!("CONFIRM {}", data["data"]["quote_id"].as_str().expect("an id"))
}

/// The accounts that have ordered.
async fn buyers(world: &World) -> Vec<String> {
    let all = pb::ListOrdersRequest::default();
    let page = world.list(By::Operator, all).await.expect("a page");
    page.orders.into_iter().map(|order| order.account_id).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_order_is_for_the_shop_that_was_chosen_by_tap_number_or_name() {
    let world = two_shops().await;
    let phone = shop_phone(1);
    for way in ["2", "ganesh", "tap"] {
        let asked = world.say(&phone, "2 jeera").await;
        assert_eq!(asked.templates(), ["which_shop"], "{way}");
        let data = asked.data();
        assert_eq!(data["waits"], json!("2 jeera"));
        assert_eq!(data["shops"][1]["name"], json!("Ganesh Store"));
        let quote = if way == "tap" {
            world.tap(&phone, &row(&asked, 2)).await
        } else {
            world.say(&phone, way).await
        };
        assert_eq!(shown(&quote), [named("Ganesh Store", "quote")], "{way}");
        assert_eq!(quote.data()["data"]["lines"][0]["quantity"], json!("2"));
        if way == "tap" {
            assert_eq!(world.tap(&phone, &confirm(&quote)).await.outcome, "ordered");
        } else {
            world.say(&phone, "CANCEL").await;
            world.minutes_pass(61);
        }
    }
    assert_eq!(buyers(&world).await, [account_id(2)]);
    let own = world.say(&phone, "STATUS").await;
    assert_eq!(shown(&own), [named("Ganesh Store", "order_status")]);
    world.say(&phone, "SHOP").await;
    world.say(&phone, "khadka").await;
    let other = world.say(&phone, "STATUS").await;
    assert_eq!(shown(&other), [named("Khadka Kirana", "orders_list")]);
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_of_one_shop_is_never_asked() {
    let world = two_shops().await;
    let quote = world.say(&shop_phone(2), "2 jeera").await;
    assert_eq!(quote.templates(), ["quote"]);
    world.say(&shop_phone(2), "CONFIRM").await;
    assert_eq!(buyers(&world).await, [account_id(2)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_choice_holds_for_an_hour_and_as_long_as_a_basket_waits() {
    let world = two_shops().await;
    let phone = shop_phone(1);
    world.say(&phone, "balance").await;
    let first = world.say(&phone, "1").await;
    assert_eq!(shown(&first), [named("Khadka Kirana", "balance")]);
    world.minutes_pass(59);
    let later = world.say(&phone, "balance").await;
    assert_eq!(shown(&later), [named("Khadka Kirana", "balance")]);
    world.minutes_pass(61);
    assert_eq!(world.say(&phone, "balance").await.templates(), ["which_shop"]);

    world.say(&phone, "2").await;
    let quote = world.say(&phone, "2 jeera").await;
    assert_eq!(shown(&quote), [named("Ganesh Store", "quote")]);
    world.minutes_pass(90);
    let waits = world.say(&phone, "balance").await;
    assert_eq!(shown(&waits)[0], named("Ganesh Store", "balance"));

    // Neither a thumb nor an old button keeps the choice alive.
    world.say(&phone, "CANCEL").await;
    world.minutes_pass(61);
    let mut thumb = world.message(&phone, "👍");
    thumb.message.as_mut().expect("one").kind = "reaction".to_owned();
    world.send(thumb).await;
    let old = world.tap(&phone, &confirm(&quote)).await;
    assert_eq!(shown(&old), [named("", "button_outdated")]);
    assert_eq!(world.say(&phone, "balance").await.templates(), ["which_shop"]);
    assert!(buyers(&world).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quote_belongs_to_its_shop() {
    let world = two_shops().await;
    let phone = shop_phone(1);
    world.say(&phone, "2 jeera").await;
    let khadka = world.say(&phone, "1").await;
    let asked = world.say(&phone, "pasal").await;
    assert_eq!(
        (asked.templates(), &asked.data()["waits"]),
        (vec!["which_shop"], &json!(null))
    );
    let same = world.say(&phone, "1").await;
    assert_eq!(
        same.templates(),
        ["shop_chosen", "basket_waits"],
        "nothing is lost"
    );
    assert_eq!(
        same.data_of(0),
        json!({ "shop": "Khadka Kirana", "dropped": false })
    );
    world.say(&phone, "SHOP").await;
    let other = world.say(&phone, "2").await;
    assert_eq!(other.templates(), ["shop_chosen"]);
    assert_eq!(other.data(), json!({ "shop": "Ganesh Store", "dropped": true }));

    let old = world.tap(&phone, &confirm(&khadka)).await;
    assert_eq!(shown(&old), [named("Ganesh Store", "other_shop")]);
    assert_eq!(old.data()["data"], json!({ "shop": "Khadka Kirana" }));
    assert_eq!(
        (old.outcome.as_str(), old.about.as_str()),
        ("refused", "BUTTON_OUTDATED")
    );
    let typed = world.say(&phone, "CONFIRM").await;
    assert_eq!(shown(&typed), [named("Ganesh Store", "nothing_to_confirm")]);

    let ganesh = world.say(&phone, "3 jeera").await;
    let old = world.tap(&phone, &confirm(&khadka)).await;
    assert_eq!(
        shown(&old),
        [
            named("Ganesh Store", "other_shop"),
            named("Ganesh Store", "quote")
        ]
    );
    assert!(buyers(&world).await.is_empty());
    assert_eq!(world.tap(&phone, &confirm(&ganesh)).await.outcome, "ordered");
    assert_eq!(buyers(&world).await, [account_id(2)]);

    // While it is asked which shop, the button of a placed basket names its order.
    world.say(&phone, "SHOP").await;
    let placed = world.tap(&phone, &confirm(&ganesh)).await;
    assert_eq!(shown(&placed), [named("", "basket_placed")]);
    assert_eq!(buyers(&world).await.len(), 1);
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_shops_of_the_phone_can_be_chosen() {
    let world = two_shops().await;
    let phone = shop_phone(1);
    third_shop(&world);
    let asked = world.say(&phone, "2 jeera").await;
    let stranger = world.tap(&shop_phone(2), &row(&asked, 1)).await;
    assert_eq!(
        stranger.templates(),
        ["button_outdated"],
        "somebody else's question"
    );
    let forged = world.tap(&phone, &row(&asked, 9)).await;
    assert_eq!(forged.templates(), ["which_shop"]);

    taken_away(&world);
    let anew = world.tap(&phone, &row(&asked, 2)).await;
    assert_eq!(anew.templates(), ["which_shop"], "not the phone's any more");
    let names: Vec<_> = anew.data()["shops"]
        .as_array()
        .expect("shops")
        .iter()
        .map(|shop| shop["name"].clone())
        .collect();
    assert_eq!(names, ["Khadka Kirana", "Third"]);
    let stale = world.tap(&phone, &row(&asked, 2)).await;
    assert_eq!(stale.templates(), ["button_outdated", "which_shop"]);
    let quote = world.tap(&phone, &row(&anew, 2)).await;
    assert_eq!(
        shown(&quote),
        [named("Third", "quote")],
        "the message was not lost"
    );
    assert!(buyers(&world).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_basket_of_a_shop_that_is_the_phones_no_more_is_dropped() {
    let world = two_shops().await;
    let phone = shop_phone(1);
    third_shop(&world);
    world.say(&phone, "2 jeera").await;
    let quote = world.say(&phone, "ganesh").await;
    taken_away(&world);
    let tapped = world.tap(&phone, &confirm(&quote)).await;
    assert_eq!(shown(&tapped), [named("", "button_outdated")]);
    let typed = world.say(&phone, "CONFIRM").await;
    assert_eq!(typed.templates(), ["which_shop"]);
    let none = world.say(&phone, "1").await;
    assert_eq!(shown(&none), [named("Khadka Kirana", "nothing_to_confirm")]);
    assert!(buyers(&world).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn after_two_failed_answers_a_person_has_a_look_and_the_question_stays() {
    let world = two_shops().await;
    let phone = shop_phone(1);
    world.say(&phone, "2 jeera").await;
    let once = world.say(&phone, "hmm hmm").await;
    assert_eq!(once.templates(), ["which_shop"]);
    let mut picture = world.message(&phone, "");
    picture.message.as_mut().expect("one").kind = "image".to_owned();
    let picture = world.send(picture).await;
    assert_eq!(picture.data()["resend"], json!(true), "not an answer that failed");
    let twice = world.say(&phone, "what shop").await;
    assert_eq!(twice.templates(), ["answer_unclear", "which_shop"]);
    assert_eq!(twice.outcome, "needs_human");

    let waiting = pb::ListConversationsRequest::default();
    let page = answer(
        world
            .intake()
            .list_conversations(By::Operator.asks(waiting))
            .await,
    )
    .expect("a page");
    let [only] = page.conversations.as_slice() else {
        panic!("{page:?}")
    };
    assert_eq!(
        (
            only.state.as_str(),
            only.question.as_str(),
            only.party_id.as_str()
        ),
        ("which_shop", "2 jeera\nhmm hmm\nwhat shop", "")
    );
    let quote = world.say(&phone, "2").await;
    assert_eq!(shown(&quote), [named("Ganesh Store", "quote")]);

    // A message that is not text is to be sent again.
    world.say(&phone, "CANCEL").await;
    world.minutes_pass(61);
    let mut voice = world.message(&phone, "");
    voice.message.as_mut().expect("one").kind = "audio".to_owned();
    let asked = world.send(voice).await;
    assert_eq!(
        (&asked.data()["resend"], &asked.data()["waits"]),
        (&json!(true), &json!(null))
    );
    let chosen = world.tap(&phone, &row(&asked, 1)).await;
    assert_eq!(chosen.templates(), ["shop_chosen"]);
    let dropped = world.say(&phone, "SHOP").await;
    assert_eq!(dropped.templates(), ["which_shop"]);
    let back = world.say(&phone, "CANCEL").await;
    assert_eq!(shown(&back), [named("Khadka Kirana", "quote_cancelled")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_with_words_has_not_to_be_sent_again() {
    let world = two_shops().await;
    let phone = shop_phone(1);
    let picture = |words: &str| {
        let mut message = world.message(&phone, words);
        let inbound = message.message.as_mut().expect("one");
        inbound.kind = "image".to_owned();
        inbound.media = vec![pb::InboundMedium::default()];
        message
    };
    let asked = world.send(picture("2 jeera")).await;
    assert_eq!(asked.templates(), ["for_person", "which_shop"]);
    let question = asked.data_of(1);
    assert_eq!(
        (&question["resend"], &question["waits"]),
        (&json!(false), &json!("2 jeera"))
    );
    let wordless = world.send(picture("")).await;
    assert_eq!(wordless.templates(), ["for_person", "which_shop"]);
    let quote = world.send(picture("2")).await;
    assert_eq!(
        shown(&quote),
        [
            named("Ganesh Store", "for_person"),
            named("Ganesh Store", "quote")
        ]
    );
    let matter = quote.data_of(0)["data"]["matter"].clone();
    assert_eq!(matter, json!("MEDIA_IMAGE"));
    assert_eq!(world.stage.calls("FetchMedia"), 3);
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cart_is_for_the_shop_that_was_chosen_or_is_sent_again() {
    let world = two_shops().await;
    let phone = shop_phone(1);
    let cart = || {
        let mut message = world.message(&phone, "");
        let inbound = message.message.as_mut().expect("one");
        inbound.kind = "order".to_owned();
        inbound.cart = vec![pb::CartItem {
            sku: "RICE-M".to_owned(),
            quantity: 2,
        }];
        message
    };
    let asked = world.send(cart()).await;
    assert_eq!(asked.templates(), ["which_shop"]);
    assert_eq!(asked.data()["resend"], json!(true));
    world.say(&phone, "2").await;
    let quote = world.send(cart()).await;
    assert_eq!(shown(&quote), [named("Ganesh Store", "quote")]);
    assert_eq!(world.tap(&phone, &confirm(&quote)).await.outcome, "ordered");
    assert_eq!(buyers(&world).await, [account_id(2)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_wants_no_messages_is_not_asked_for_which_shop() {
    let world = two_shops().await;
    let phone = shop_phone(1);
    let out = world.say(&phone, "STOP").await;
    assert_eq!(out.templates(), ["consent_noted"]);
    world.say(&phone, "2 jeera").await;
    let back = world.say(&phone, "START").await;
    assert_eq!(back.templates(), ["consent_noted", "which_shop"]);
    assert_eq!(
        world.books().consents,
        [(phone.clone(), true), (phone.clone(), false)]
    );
    let quote = world.say(&phone, "1").await;
    assert_eq!(shown(&quote), [named("Khadka Kirana", "quote")]);
    let out = world.say(&phone, "STOP").await;
    assert_eq!(out.templates()[0], "consent_noted", "about no shop");
}
