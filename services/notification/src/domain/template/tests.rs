use std::path::PathBuf;

use serde_json::Value;

use super::*;
use crate::domain::message::{META, TWILIO, chars};

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

/// A body as the golden files show it.
fn shown(body: &Body) -> String {
    let mut text = format!("{}\n", body.text);
    for button in &body.buttons {
        text.push_str(&format!("--- button {}: {}\n", button.id, button.title));
    }
    if let Some(list) = &body.list {
        text.push_str(&format!("--- list {}\n", list.button));
        for row in &list.rows {
            text.push_str(&format!(
                "--- row {}: {} | {}\n",
                row.id, row.title, row.description
            ));
        }
    }
    text
}

/// The worst that can come: long names in two scripts, many lines, large sums.
fn extreme(key: &str, value: &Value, many: u32) -> Value {
    match value {
        Value::Object(fields) => fields
            .iter()
            .map(|(key, value)| (key.clone(), extreme(key, value, many)))
            .collect(),
        Value::Array(items) => (1..=many)
            .map(|n| {
                let mut item = extreme(key, items.first().expect("examples have an item"), many);
                if let Some(number) = item.get_mut("n") {
                    *number = n.into();
                }
                item
            })
            .collect(),
        Value::Number(_) if key.ends_with("_paisa") => 9_000_000_000_000_000_i64.into(),
        Value::Number(_) if key != "n" => 4_000_000_000_u32.into(),
        Value::String(_) if key == "order_number" => "ORD".repeat(10).into(),
        Value::String(_) if ["quote_id", "question"].contains(&key) => "quo_".repeat(16).into(),
        Value::String(text) if text.starts_with(|c: char| c.is_ascii_digit()) => value.clone(),
        Value::String(_) => "Jeera Masino चामल क्षेत्री* ".repeat(12).into(),
        other => other.clone(),
    }
}

#[test]
fn every_template_reads_its_example_and_keeps_its_words() {
    for name in Template::NAMES {
        let template = decoded(name, &example(name));
        assert_eq!(&template.name(), name);
        let path = fixtures("en").join(format!("{name}.txt"));
        let golden = std::fs::read_to_string(&path).unwrap_or_default();
        let rendered = template.render(Language::En);
        assert_eq!(
            shown(&rendered.body),
            golden,
            "{} differs: when that is on purpose, it shall hold what stands left",
            path.display()
        );
    }
}

#[test]
fn there_are_no_examples_of_templates_that_do_not_exist() {
    for folder in ["data", "en"] {
        for file in std::fs::read_dir(fixtures(folder)).expect("fixtures exist") {
            let path = file.expect("readable").path();
            let name = path
                .file_stem()
                .and_then(|stem| stem.to_str())
                .expect("plain names");
            assert!(
                Template::NAMES.contains(&name),
                "{} belongs to no template",
                path.display()
            );
        }
    }
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
fn every_template_fits_every_provider_even_with_extreme_variables() {
    for name in Template::NAMES {
        let example = example(name);
        for data in [
            example.clone(),
            extreme("", &example, 10),
            extreme("", &example, 100),
        ] {
            let body = decoded(name, &data).render(Language::En).body;
            assert_eq!(body.misfit(), None, "{name}");
            for limits in [META, TWILIO] {
                for part in body.parts(limits) {
                    let max = limits
                        .interactive
                        .filter(|_| part.is_interactive())
                        .unwrap_or(limits.text);
                    assert!(
                        chars(&part.text) <= max,
                        "{name} has a part of {} characters",
                        chars(&part.text)
                    );
                    assert_eq!(part.misfit(), None, "{name}");
                }
            }
        }
    }
}

#[test]
fn every_button_and_row_can_also_be_typed() {
    for name in Template::NAMES {
        let body = decoded(name, &example(name)).render(Language::En).body;
        assert_eq!(
            body.flattened().text,
            body.text,
            "{name} has a choice that its text does not name"
        );
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
fn languages_that_are_not_written_yet_read_english() {
    for language in [Language::NeDeva, Language::NeLatn, Language::Hi] {
        let rendered = decoded("thanks", &Value::Null).render(language);
        assert_eq!(rendered, decoded("thanks", &Value::Null).render(Language::En));
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
