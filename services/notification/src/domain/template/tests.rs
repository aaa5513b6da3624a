mod languages;

use std::path::PathBuf;

use serde_json::Value;

use super::*;

fn fixtures(folder: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures/templates")
        .join(folder)
}

fn example(name: &str) -> Value {
    let path = fixtures("data").join(format!("{name}.json"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|_| panic!("{} is missing", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn decoded(name: &str, data: &Value) -> Template {
    Template::decode(name, data).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn variables_survive_a_trip_through_json() {
    for name in Template::NAMES {
        let template = decoded(name, &example(name));
        let again = decoded(name, &template.data().expect("plain data"));
        assert_eq!(template, again);
    }
}

#[test]
fn buttons_and_rows_name_what_they_belong_to() {
    let quote = decoded("quote", &example("quote")).render(Language::En).body;
    let own = "quo_0190f7a2c1d47cc3a0f1e2d3c4b5a697";
    let ids: Vec<_> = quote.buttons.iter().map(|button| button.id.as_str()).collect();
    assert_eq!(
        ids,
        [
            format!("CONFIRM {own}"),
            format!("CHANGE {own}"),
            format!("CANCEL {own}")
        ]
    );
    assert!(!quote.flattened().text.contains(own), "{:?}", quote.flattened());
    let question = decoded("choose_product", &example("choose_product"));
    let body = question.render(Language::En).body;
    let rows = &body.list.as_ref().expect("a list").rows;
    assert_eq!(rows[1].id, "OPTION inb_5d2f0c9e8b7a4f3e9d1c2b3a4f5e6d7c 2");
    assert!(!body.flattened().text.contains("inb_"), "{:?}", body.flattened());
}

#[test]
fn a_quote_and_a_question_without_a_reference_have_plain_words_as_ids() {
    for (name, reference, first) in [
        ("quote", "quote_id", "CONFIRM"),
        ("choose_product", "question", "1"),
    ] {
        let mut data = example(name);
        data.as_object_mut().expect("an object").remove(reference);
        let body = decoded(name, &data).render(Language::En).body;
        let buttons = body.buttons.iter().map(|button| button.id.as_str());
        let rows = body.list.iter().flat_map(|list| &list.rows);
        let ids: Vec<_> = buttons.chain(rows.map(|row| row.id.as_str())).collect();
        assert_eq!(ids[0], first, "{name}");
        assert_eq!(body.flattened().text, body.text, "{name}");
    }
}

#[test]
fn a_message_below_the_name_of_its_shop_is_that_message() {
    let named = decoded("for_shop", &example("for_shop"));
    let quote = decoded("quote", &example("quote"));
    let [named_body, body] = [&named, &quote].map(|template| template.render(Language::En).body);
    assert_eq!(
        named_body.text,
        format!("For Khadka Kirana Pasal:\n{}", body.text)
    );
    assert_eq!(named_body.buttons, body.buttons);
    assert_eq!(named.deadline(), quote.deadline());
    let twice = serde_json::json!({ "shop": "A", "template": "for_shop", "data": example("for_shop") });
    assert!(Template::decode("for_shop", &twice).is_err());
    let wrong = serde_json::json!({ "shop": "A", "template": "quote", "data": {} });
    assert!(Template::decode("for_shop", &wrong).is_err());
}

#[test]
fn tags_of_languages_are_read() {
    for language in Language::ALL {
        assert_eq!(Language::parse(language.as_str()), Some(language));
    }
    assert_eq!(Language::parse("en_NP"), Some(Language::En));
    assert_eq!(Language::parse("ne"), Some(Language::NeDeva));
    assert_eq!(Language::parse("fr"), None);
}

#[test]
fn unknown_names_and_wrong_variables_are_refused_with_the_field() {
    let unknown = Template::decode("no_such", &Value::Null).expect_err("unknown");
    assert_eq!(unknown.to_string(), "there is no template `no_such`");
    let wrong =
        Template::decode("quote_stock_short", &serde_json::json!({"name": "Sugar"})).expect_err("incomplete");
    assert!(wrong.to_string().contains("asked"), "{wrong}");
    assert!(Template::decode("plain_text", &serde_json::json!({"text": " "})).is_err());
}

#[test]
fn offers_and_quotes_end_with_their_own_deadline() {
    let minutes = |name: &str| decoded(name, &example(name)).deadline().as_secs() / 60;
    assert_eq!(minutes("vendor_offer"), 30);
    assert_eq!(minutes("quote"), 10);
    assert_eq!(minutes("order_delivered"), 24 * 60);
    assert_eq!(
        decoded("order_delivered", &example("order_delivered")).at_deadline(),
        AtDeadline::Escalate
    );
    assert_eq!(decoded("thanks", &Value::Null).at_deadline(), AtDeadline::Fail);
}

#[test]
fn an_offer_without_line_prices_shows_goods_and_total_only() {
    let mut data = example("vendor_offer");
    for line in data["lines"].as_array_mut().expect("lines") {
        let line = line.as_object_mut().expect("a line");
        line.remove("unit_price_paisa");
        line.remove("amount_paisa");
    }
    let text = decoded("vendor_offer", &data).render(Language::En).body.text;
    assert!(
        text.contains("1. Jeera Masino rice 25 kg, Bheri Gold: 2 sacks\n"),
        "{text}"
    );
    assert_eq!(text.matches("Rs").count(), 1, "{text}");
    assert!(text.contains("Total at your prices: Rs 8,900"), "{text}");
}

#[test]
fn who_has_taken_an_order_is_told_so_and_only_a_refusal_names_a_phone() {
    let mut data = example("vendor_order_yours");
    data.as_object_mut().expect("an object").remove("call");
    let text = decoded("vendor_order_yours", &data)
        .render(Language::En)
        .body
        .text;
    assert_eq!(text, "Order ORD2611000429 is yours, it is being packed.");
}

#[test]
fn a_question_says_that_more_products_fit() {
    let mut data = example("choose_product");
    for (more, said) in [(1, "One more fits"), (7, "7 more fit")] {
        data["more"] = more.into();
        let text = decoded("choose_product", &data).render(Language::En).body.text;
        assert!(text.contains(said), "{text}");
    }
}

#[test]
fn words_of_others_are_repeated_up_to_forty_characters() {
    let long = "9".repeat(2000);
    for (name, field) in [
        ("unknown_product", "phrase"),
        ("choose_product", "phrase"),
        ("not_found_order", "number"),
    ] {
        let mut data = example(name);
        data[field] = long.clone().into();
        let text = decoded(name, &data).render(Language::En).body.text;
        assert!(text.contains(&format!("{}…", "9".repeat(39))), "{name}: {text}");
        assert!(!text.contains(&"9".repeat(40)), "{name}: {text}");
    }
}
