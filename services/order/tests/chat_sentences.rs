//! Sentences: lists with questions in them, changes, and matters that are no list.

use khaacho_proto::order::v1 as pb;
use serde_json::json;

use crate::world::books::{shop_phone, vendor_phone};
use crate::world::chat::Said;
use crate::world::{By, World};

/// Lines of the quote that was answered last: (product's name, quantity).
fn quoted(said: &Said) -> Vec<(String, String)> {
    let last = said.replies.len() - 1;
    assert_eq!(said.templates()[last], "quote", "{said:?}");
    let lines = said.data_of(last)["lines"].as_array().expect("lines").clone();
    let text = |line: &serde_json::Value, name: &str| line[name].as_str().expect("text").to_owned();
    let line = |line: &serde_json::Value| (text(line, "name"), text(line, "quantity"));
    lines.iter().map(line).collect()
}

fn line(name: &str, quantity: &str) -> (String, String) {
    (name.to_owned(), quantity.to_owned())
}

async fn orders(world: &World) -> Vec<pb::Order> {
    let page = world.list(By::Operator, pb::ListOrdersRequest::default()).await;
    page.expect("a page").orders
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_read_as_it_is_spoken() {
    let world = World::new().await;
    let phone = shop_phone(1);
    for (text, lines) in [
        (
            "dui bora jeera ra ek bora sugar pathaidinus",
            vec![line("Jeera rice", "2"), line("Sugar", "1")],
        ),
        ("jeera २ बोरा", vec![line("Jeera rice", "2")]),
        ("2 bora jeera haina 3 bora", vec![line("Jeera rice", "3")]),
        ("2 bora jeera, sugar napathaunu", vec![line("Jeera rice", "2")]),
        ("1 jeera, 2 jeera", vec![line("Jeera rice", "3")]),
    ] {
        assert_eq!(quoted(&world.say(&phone, text).await), lines, "{text}");
    }
    assert!(orders(&world).await.is_empty());
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_quantity_is_asked_for_and_a_number_answers() {
    let world = World::new().await;
    let phone = shop_phone(1);
    for (text, answer, quantity) in [
        ("sugar pathaunus", "2", "2"),
        ("sugar pathaunus", "dui bora dinus", "2"),
        ("sugar 2-3 bora", "3 bora", "3"),
        ("sugar adha bora", "1", "1"),
        ("sugar 2 carton", "2 bora", "2"),
    ] {
        let asked = world.say(&phone, text).await;
        assert_eq!(asked.templates(), ["ask_quantity"], "{text}");
        assert_eq!(asked.data()["name"], json!("Sugar"), "{text}");
        let said = world.say(&phone, answer).await;
        assert_eq!(quoted(&said), [line("Sugar", quantity)], "{text} {answer}");
    }
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_is_answered_by_a_name_with_or_without_a_quantity() {
    let world = World::new().await;
    let phone = shop_phone(1);
    for (text, answer, told) in [
        ("2 rice", "mansuli wala", line("Mansuli rice", "2")),
        ("2 rice", "jeera", line("Jeera rice", "2")),
        ("2 rice", "5 bora jeera", line("Jeera rice", "5")),
    ] {
        let asked = world.say(&phone, text).await;
        assert_eq!(asked.templates(), ["choose_product"], "{text}");
        assert_eq!(
            quoted(&world.say(&phone, answer).await),
            [told],
            "{text} {answer}"
        );
    }
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_unknown_is_named_again_or_left_out_and_the_rest_is_kept() {
    let world = World::new().await;
    let phone = shop_phone(1);
    let asked = world.say(&phone, "2 gold, 1 bora sugar").await;
    assert_eq!(asked.templates(), ["ask_name"]);
    assert_eq!(asked.data()["phrase"], json!("gold"));
    let said = world.say(&phone, "mansuli").await;
    assert_eq!(quoted(&said), [line("Mansuli rice", "2"), line("Sugar", "1")]);
    world.say(&phone, "2 gold, 1 bora sugar").await;
    assert_eq!(quoted(&world.say(&phone, "skip").await), [line("Sugar", "1")]);
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_two_answers_that_nobody_understands_a_person_has_a_look() {
    let world = World::new().await;
    let phone = shop_phone(1);
    world.say(&phone, "2 rice").await;
    assert_eq!(world.say(&phone, "qwerty").await.outcome, "not_an_order");
    let second = world.say(&phone, "asdf").await;
    assert_eq!(
        (second.outcome.as_str(), second.about.as_str()),
        ("needs_human", "NOT_UNDERSTOOD")
    );
    assert_eq!(second.templates(), ["answer_unclear", "choose_product"]);
    assert_eq!(quoted(&world.say(&phone, "2").await), [line("Mansuli rice", "2")]);
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_basket_is_changed_before_it_is_confirmed() {
    let world = World::new().await;
    let phone = shop_phone(1);
    world.say(&phone, "2 bora jeera, 1 bora sugar").await;
    for (text, lines) in [
        (
            "1 bora mansuli thapdinus",
            vec![
                line("Jeera rice", "2"),
                line("Sugar", "1"),
                line("Mansuli rice", "1"),
            ],
        ),
        (
            "sugar hataidinus",
            vec![line("Jeera rice", "2"), line("Mansuli rice", "1")],
        ),
        (
            "1 bora jeera thapdinus",
            vec![line("Jeera rice", "3"), line("Mansuli rice", "1")],
        ),
    ] {
        assert_eq!(quoted(&world.say(&phone, text).await), lines, "{text}");
    }
    let gone = world.say(&phone, "sugar hataidinus").await;
    assert_eq!(gone.data_of(0)["problems"][0]["kind"], json!("not_in_basket"));
    assert_eq!(world.say(&phone, "confirm").await.outcome, "ordered");
    let orders = orders(&world).await;
    let lines: Vec<_> = orders[0]
        .lines
        .iter()
        .map(|l| (l.sku.as_str(), l.quantity.as_str()))
        .collect();
    assert!(
        lines.is_empty() || lines == [("RICE", "3"), ("RICE-M", "1")],
        "{lines:?}"
    );
    assert_eq!(orders[0].total_paisa, 400_000);
    world.assert_sound().await;
}

/// Who changes an order that stands talks to a person; the program does not guess.
#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_stands_is_changed_by_a_person_only() {
    let world = World::new().await;
    let phone = shop_phone(1);
    let order = world.offered().await;
    for text in [
        "sugar hataidinus".to_owned(),
        format!("order {} ma 2 bora sugar thapdinus", order.order_number),
    ] {
        let said = world.say(&phone, &text).await;
        assert_eq!(
            (said.outcome.as_str(), said.about.as_str()),
            ("needs_human", "CHANGE"),
            "{text}"
        );
    }
    assert_eq!(orders(&world).await.len(), 1);
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sentence_confirms_cancels_and_completes_nothing() {
    let world = World::new().await;
    let phone = shop_phone(1);
    let order = world.delivered().await;
    world.quiet().await;
    world.say(&phone, "2 jeera").await;
    for text in [
        "saman sabai thik aayo",
        "order cancel gardinus hai",
        "thik cha pathaidinus",
        "malai chahidaina",
        "hudaina",
    ] {
        let said = world.say(&phone, text).await;
        assert!(
            !said.replies.is_empty() && said.outcome != "ordered",
            "{text}: {said:?}"
        );
    }
    let end = world.get(By::Operator, &order.order_id).await.expect("read");
    assert_eq!(end.status(), pb::OrderStatus::Delivered);
    assert_eq!(orders(&world).await.len(), 1);
    assert_eq!(
        world.say(&phone, "हुन्छ").await.outcome,
        "ordered",
        "the basket still waited"
    );
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn prices_and_stock_are_told_from_the_catalogue() {
    let world = World::new().await;
    let phone = shop_phone(1);
    for text in ["sugar ko rate kati ho?", "sugar cha?"] {
        let said = world.say(&phone, text).await;
        assert_eq!(said.templates(), ["prices"], "{text}");
        assert_eq!(
            said.data()["products"],
            json!([{
                "name": "Sugar", "price_paisa": 100_000, "unit": "sack", "pack": null, "pack_paisa": null,
                "in_stock": true,
            }]),
            "{text}"
        );
    }
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn money_and_trouble_go_to_a_person_and_post_nothing() {
    let world = World::new().await;
    let phone = shop_phone(1);
    for (text, reason) in [
        ("5000 rupaiya esewa ma tireko chu", "PAYMENT_CLAIM"),
        ("bholi 5000 rupaiya tirchu", "PAYMENT_PROMISE"),
        ("sugar futeko aayo", "DELIVERY_ISSUE"),
        ("manche sanga kura garna paryo", "ASKED"),
    ] {
        let said = world.say(&phone, text).await;
        assert_eq!(
            (said.outcome.as_str(), said.about.as_str()),
            ("needs_human", reason),
            "{text}"
        );
    }
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_order_comes_again_at_the_prices_of_today() {
    let world = World::new().await;
    let phone = shop_phone(1);
    let said = world.say(&phone, "pahila ko jastai order pathaidinus").await;
    assert_eq!(said.templates(), ["nothing_to_repeat"], "{said:?}");
    let order = world.offered().await;
    world.books().prices.values_mut().for_each(|price| *price += 500);
    let said = world.say(&phone, "pahila ko jastai order pathaidinus").await;
    assert_eq!(said.templates(), ["order_repeated", "prices_changed", "quote"]);
    assert_eq!(said.data_of(0)["order_number"], json!(order.order_number));
    assert!(said.data_of(2)["total_paisa"].as_i64() > Some(order.total_paisa));
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_tells_what_the_ledger_says() {
    let world = World::new().await;
    let phone = shop_phone(1);
    let empty = world.say(&phone, "mero statement pathaidinus").await;
    assert_eq!(empty.templates(), ["statement", "balance"]);
    assert_eq!(empty.data_of(0)["entries"], json!([]));
    let order = world.delivered().await;
    world.quiet().await;
    let said = world.say(&phone, "mero statement pathaidinus").await;
    let newest = said.data_of(0)["entries"][0].clone();
    assert_eq!(
        (&newest["kind"], &newest["owed_paisa"]),
        (&json!("delivery"), &json!(order.total_paisa))
    );
    world.assert_sound().await;
}

/// What is asked beside a list is answered too, and a person's matter stays one whatever becomes of the list.
#[tokio::test(flavor = "multi_thread")]
async fn second_wishes_are_answered_beside_the_list() {
    let world = World::new().await;
    let phone = shop_phone(1);
    let said = world
        .say(&phone, "2 bora jeera pathaunus. mero baki kati cha?")
        .await;
    assert_eq!(said.templates(), ["balance", "quote"], "{said:?}");
    let strange = world.say(&phone, "2 bora jeera zzyzx").await;
    let last = strange.templates().last().copied();
    assert!(
        last == Some("quote") || last == Some("choose_product"),
        "{strange:?}"
    );
    assert_eq!(
        (strange.templates()[0], strange.data_of(0)["words"].clone()),
        ("words_unknown", json!(["zzyzx"]))
    );
    world.assert_sound().await;
}

/// What a wholesaler can supply of an order, or has in stock, is for a person: no sentence moves an order of his.
#[tokio::test(flavor = "multi_thread")]
async fn a_sentence_of_a_wholesaler_moves_nothing() {
    let world = World::new().await;
    let order = world.offered().await;
    let person = "vendor_for_person";
    for (text, reason, templates) in [
        (
            "jeera 1 bora matra dina sakchu",
            "PARTIAL_ACCEPT",
            vec!["vendor_partial"],
        ),
        ("rice sakiyo", "STOCK_UPDATE", vec!["vendor_update", person]),
        ("manche sanga kura garnu cha", "ASKED", vec![person]),
    ] {
        let said = world.say(&vendor_phone(1), text).await;
        assert_eq!(
            (said.outcome.as_str(), said.about.as_str(), said.templates()),
            ("needs_human", reason, templates),
            "{text}"
        );
    }
    let help = world.say(&vendor_phone(1), "hola amigo").await;
    assert_eq!(help.templates(), ["vendor_help"]);
    let now = world.get(By::Operator, &order.order_id).await.expect("read");
    assert_eq!(now.status(), pb::OrderStatus::SentToVendor);
    world.assert_sound().await;
}

/// A question takes only what answers it; another matter is dealt with, and the question stays.
#[tokio::test(flavor = "multi_thread")]
async fn another_matter_answers_no_question() {
    let world = World::new().await;
    let phone = shop_phone(1);
    for asked in ["sugar pathaunus", "2 rice"] {
        world.say(&phone, asked).await;
        let balance = world.say(&phone, "mero baki ahile kati cha?").await;
        assert_eq!(balance.templates()[0], "balance", "{asked}: {balance:?}");
        assert_eq!(balance.replies.len(), 2, "{asked}: the question stays");
        let claim = world.say(&phone, "5000 rupaiya esewa ma tireko chu").await;
        assert_eq!(claim.about, "PAYMENT_CLAIM", "{asked}");
        for text in [
            "mansuli ko rate kati ho?",
            "mansuli futeko aayo",
            "sugar futeko aayo",
        ] {
            let said = world.say(&phone, text).await;
            assert!(!said.templates().contains(&"quote"), "{asked} {text}: {said:?}");
        }
        let other = world.say(&phone, "2 bora jeera").await;
        assert_eq!(quoted(&other), [line("Jeera rice", "2")], "{asked}");
    }
    assert!(orders(&world).await.is_empty());
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_with_an_open_question_is_changed_and_asked_on() {
    let world = World::new().await;
    let phone = shop_phone(1);
    world.say(&phone, "2 rice, 1 bora sugar").await;
    let more = world.say(&phone, "2 bora sugar thapdinus").await;
    assert_eq!(
        more.templates(),
        ["choose_product"],
        "the question stays: {more:?}"
    );
    assert_eq!(
        quoted(&world.say(&phone, "1").await),
        [line("Jeera rice", "2"), line("Sugar", "3")]
    );
    world.assert_sound().await;
}

/// What cannot be changed leaves the basket as it was.
#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_cannot_be_leaves_the_basket_alone() {
    let world = World::new().await;
    let phone = shop_phone(1);
    world.say(&phone, "2 bora sugar").await;
    for text in ["500 bora sugar thapdinus", "jeera hataidinus"] {
        let said = world.say(&phone, text).await;
        assert_eq!(said.templates().last(), Some(&"basket_waits"), "{text}: {said:?}");
    }
    let unknown = world.say(&phone, "momo 4 carton banaidinus").await;
    assert!(!unknown.templates().contains(&"quote"), "{unknown:?}");
    world.say(&phone, "skip").await;
    assert_eq!(world.say(&phone, "confirm").await.outcome, "ordered");
    assert_eq!(orders(&world).await[0].total_paisa, 226_000);
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_of_a_blocked_shop_reaches_a_person() {
    let world = World::new().await;
    world.books().accounts[0].state = khaacho_proto::credit::v1::AccountState::Blocked.into();
    let text = "2 bora jeera pathaunus. 5000 rupaiya esewa ma tireko chu";
    let said = world.say(&shop_phone(1), text).await;
    assert_eq!(said.templates().last(), Some(&"account_blocked"), "{said:?}");
    assert_eq!(said.about, "PAYMENT_CLAIM");
    world.assert_sound().await;
}

/// A near product is offered with what is known of it: it is not sold by the carton.
#[tokio::test(flavor = "multi_thread")]
async fn a_suggestion_is_taken_and_asked_on_and_the_rest_is_kept() {
    let world = World::new().await;
    let phone = shop_phone(1);
    let asked = world.say(&phone, "2 carton suger, 1 bora jeera").await;
    assert_eq!(asked.data()["options"][0]["name"], json!("Sugar"));
    let how_much = world.say(&phone, "1").await;
    assert_eq!(how_much.data()["why"], json!("unit"), "{how_much:?}");
    assert_eq!(
        quoted(&world.say(&phone, "3").await),
        [line("Sugar", "3"), line("Jeera rice", "1")]
    );
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ordinals_choose_what_was_shown_and_count_nothing() {
    let world = World::new().await;
    let phone = shop_phone(1);
    world.say(&phone, "sugar 2-3 bora").await;
    assert_eq!(
        quoted(&world.say(&phone, "the second one").await),
        [line("Sugar", "3")]
    );
    world.say(&phone, "sugar pathaunus").await;
    let again = world.say(&phone, "first one").await;
    assert_eq!(again.data_of(0)["name"], json!("Sugar"), "{again:?}");
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_beside_a_change_reaches_a_person_and_a_wrong_number_is_told_so() {
    let world = World::new().await;
    let phone = shop_phone(1);
    world.say(&phone, "1 bora jeera").await;
    let both = "1 bora sugar thapdinus. 5000 rupaiya esewa ma tireko chu";
    let said = world.say(&phone, both).await;
    assert_eq!(said.about, "PAYMENT_CLAIM", "{said:?}");
    assert_eq!(quoted(&said), [line("Jeera rice", "1"), line("Sugar", "1")]);
    let wrong = world
        .say(&phone, "ORD2611000420 ko saman kati baje aaucha?")
        .await;
    assert_eq!(wrong.templates(), ["not_found_order"], "{wrong:?}");
    world.assert_sound().await;
}
