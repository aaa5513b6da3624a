//! What holds in every language.

use khaacho_config::Strings;
use khaacho_money::Paisa;
use khaacho_proto::credit::v1::PaymentMethod;
use khaacho_proto::order::v1::OrderStatus;
use serde_json::json;

use super::*;
use crate::domain::message::{META, TWILIO, chars};

/// What the chat reads in any case and every language; messages name them in capitals.
const COMMANDS: [&str; 20] = [
    "STOP",
    "START",
    "FORGET",
    "CONFIRM",
    "CHANGE",
    "CANCEL",
    "STATUS",
    "BALANCE",
    "HELP",
    "COMPLETE",
    "ORDERS",
    "ACCEPT",
    "DECLINE",
    "PACKING",
    "DISPATCHED",
    "OUT",
    "DELIVERED",
    "SKIP",
    "SHOP",
    "LANGUAGE",
];
const UNITS: [&str; 19] = [
    "kg", "g", "l", "ml", "quintal", "dozen", "piece", "packet", "bottle", "jar", "tin", "sack", "carton",
    "crate", "box", "strip", "bundle", "pair", "pau",
];

/// Variables that messages choose their words by.
const CHOICES: [&str; 20] = [
    "status",
    "wanted",
    "method",
    "unit",
    "kind",
    "why",
    "does",
    "matter",
    "meant",
    "of",
    "undone",
    "now",
    "sentence",
    "template",
    "says",
    "stands",
    "word",
    "can",
    "count_unit",
    "language",
];

/// Variables that hold one of a few words and nothing else.
const CLOSED: [&str; 6] = ["template", "says", "stands", "word", "can", "language"];

/// Folder of a language's golden files, as in `locales`.
fn folder(language: Language) -> &'static str {
    match language {
        Language::NeDeva => "ne",
        other => other.as_str(),
    }
}

fn rendered(name: &str, data: &Value, language: Language) -> Body {
    decoded(name, data).render(language).body
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
        Value::String(_) if CLOSED.contains(&key) => value.clone(),
        Value::String(_) if key == "order_number" => "ORD".repeat(10).into(),
        Value::String(_) if ["quote_id", "question"].contains(&key) => "quo_".repeat(16).into(),
        Value::String(text) if text.starts_with(|c: char| c.is_ascii_digit()) => value.clone(),
        Value::String(_) => "Jeera Masino चामल क्षेत्री* ".repeat(12).into(),
        other => other.clone(),
    }
}

#[test]
fn golden_files_hold_every_example_in_every_language() {
    let write = Strings::from_env().get("KHAACHO_TEST_WRITE").is_some();
    for language in Language::ALL {
        for name in Template::NAMES {
            let template = decoded(name, &example(name));
            assert_eq!(&template.name(), name);
            let path = fixtures(folder(language)).join(format!("{name}.txt"));
            let said = shown(&template.render(language).body);
            if write {
                std::fs::write(&path, &said).expect("fixtures can be written");
            }
            let golden = std::fs::read_to_string(&path).unwrap_or_default();
            assert_eq!(
                said,
                golden,
                "{} differs: when that is on purpose, KHAACHO_TEST_WRITE=1 writes what stands left",
                path.display()
            );
        }
    }
}

#[test]
fn there_are_no_examples_of_templates_that_do_not_exist() {
    for folder in Language::ALL.map(folder).into_iter().chain(["data"]) {
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
fn every_template_fits_every_provider_even_with_extreme_variables() {
    for (name, language) in everything() {
        let example = example(name);
        for data in [
            example.clone(),
            extreme("", &example, 10),
            extreme("", &example, 100),
        ] {
            let body = rendered(name, &data, language);
            assert_eq!(body.misfit(), None, "{name} in {language:?}");
            for limits in [META, TWILIO] {
                for part in body.parts(limits) {
                    let max = limits
                        .interactive
                        .filter(|_| part.is_interactive())
                        .unwrap_or(limits.text);
                    assert!(
                        chars(&part.text) <= max,
                        "{name} in {language:?} has a part of {} characters",
                        chars(&part.text)
                    );
                    assert_eq!(part.misfit(), None, "{name} in {language:?}");
                }
            }
        }
    }
}

#[test]
fn every_button_and_row_can_also_be_typed() {
    for (name, language) in everything() {
        let body = rendered(name, &example(name), language);
        assert_eq!(
            body.flattened().text,
            body.text,
            "{name} in {language:?} has a choice that its text does not name"
        );
    }
}

#[test]
fn buttons_rows_and_commands_are_the_same_in_every_language() {
    let ids = |body: &Body| -> Vec<String> {
        let rows = body.list.iter().flat_map(|list| &list.rows);
        let buttons = body.buttons.iter().map(|button| button.id.clone());
        buttons.chain(rows.map(|row| row.id.clone())).collect()
    };
    let commands = |body: &Body| -> Vec<usize> {
        let words = body.text.split(|c: char| !c.is_alphanumeric());
        let words: Vec<&str> = words.collect();
        let times = |command| words.iter().filter(|word| **word == command).count();
        COMMANDS.into_iter().map(times).collect()
    };
    for (name, language) in everything() {
        let [english, other] = [Language::En, language].map(|l| rendered(name, &example(name), l));
        assert_eq!(ids(&other), ids(&english), "{name} in {language:?}");
        assert_eq!(
            commands(&other),
            commands(&english),
            "{name} in {language:?}: times that its text names {COMMANDS:?}"
        );
    }
}

#[test]
fn every_language_shows_the_values_that_english_shows() {
    for (name, language) in everything() {
        let data = example(name);
        let [english, other] =
            [Language::En, language].map(|l| shown(&rendered(name, &data, l)).to_lowercase());
        let mut values = Vec::new();
        collect("", &data, &mut values);
        for value in values.iter().filter(|value| english.contains(*value)) {
            assert!(
                other.contains(value),
                "{name} in {language:?} lacks {value}: {other}"
            );
        }
    }
}

#[test]
fn statuses_methods_and_units_have_words_in_every_language() {
    let number = "ORD2611000429";
    let status = |n| OrderStatus::try_from(n).map(|status| status.as_str_name());
    for status in (1..).map_while(|n| status(n).ok()) {
        foreign(
            "order_status",
            json!({ "order_number": number, "status": status, "total_paisa": 1, "items": 1 }),
        );
        let order = json!({ "order_number": number, "status": status, "shop": "" });
        foreign("vendor_orders", json!({ "orders": [order] }));
    }
    let method = |n| PaymentMethod::try_from(n).map(|method| method.as_str_name());
    for method in (1..).map_while(|n| method(n).ok()) {
        foreign(
            "payment_received",
            json!({ "amount_paisa": 1, "method": method, "owed_paisa": 0 }),
        );
    }
    for unit in UNITS {
        foreign(
            "quote_stock_short",
            json!({ "name": "", "asked": "2", "available": "1", "unit": unit }),
        );
    }
}

#[test]
fn problems_matters_and_reasons_have_words_in_every_language() {
    for kind in [
        "too_many",
        "list_too_long",
        "unknown",
        "not_possible",
        "impossible",
        "not_in_basket",
        "unclear_removal",
        "no_product",
        "unit_not_sold",
        "whole_only",
        "below_minimum",
    ] {
        let problem = json!({ "kind": kind, "quantity": "1.5", "unit": "sack" });
        foreign("not_changed", json!({ "problems": [problem] }));
        foreign("not_understood", json!({ "problems": [{ "kind": kind }] }));
    }
    for kind in [
        "image", "audio", "sticker", "location", "contacts", "order", "hologram",
    ] {
        foreign("media_unread", json!({ "kind": kind }));
    }
    for matter in [
        "ASKED",
        "PAYMENT_CLAIM",
        "PAYMENT_PROMISE",
        "DELIVERY_ISSUE",
        "COMPLAINT",
        "STOP",
        "START",
        "CHANGE",
        "PARTIAL_ACCEPT",
        "STOCK_UPDATE",
        "MEDIA_IMAGE",
    ] {
        foreign("for_person", json!({ "matter": matter }));
        foreign(
            "for_person",
            json!({ "matter": matter, "amount_paisa": 1, "order": "ORD1" }),
        );
    }
    let facts = json!({
        "order_number": "ORD1", "status": "ACCEPTED", "wanted": "CANCELLED", "block_reason": "", "name": "",
        "short_paisa": "1", "asked_milli.X": "2000", "available_milli.X": "1000",
    });
    for reason in [
        "ORDER_UNKNOWN",
        "QUOTE_UNKNOWN",
        "QUOTE_EXPIRED",
        "QUOTE_USED",
        "WRONG_STATUS",
        "STALE_VERSION",
        "NOT_YOUR_OFFER",
        "OFFER_GONE",
        "REASON_MISSING",
        "ORDERING_BLOCKED",
        "CREDIT_SHORT",
        "STOCK_SHORT",
    ] {
        for name in ["refused", "vendor_refused"] {
            foreign(
                name,
                json!({ "reason": reason, "sentence": "no words", "facts": facts }),
            );
        }
    }
    for why in [
        "not_on_offer",
        "cancelled",
        "asked_another",
        "taken",
        "expired",
        "given_away",
    ] {
        foreign("vendor_offer_lost", json!({ "order_number": "ORD1", "why": why }));
    }
    for does in [
        "place_basket",
        "drop_list",
        "cancel_order",
        "confirm_receipt",
        "repeat_order",
    ] {
        foreign("word_that_does", json!({ "does": does }));
    }
}

#[test]
fn what_is_asked_back_has_words_wherever_the_order_stands() {
    let number = "ORD2611000429";
    for says in ["accept", "decline", "dispatched"] {
        for stands in ["SENT_TO_VENDOR", "ACCEPTED", "PACKING", "DISPATCHED"] {
            for minutes in [json!(1), json!(null)] {
                foreign(
                    "vendor_ask_back",
                    json!({
                        "order_number": number, "says": says, "stands": stands, "shop": "", "minutes_left": minutes,
                    }),
                );
            }
        }
        for word in ["accept", "decline", "packing", "dispatched", "out"] {
            let order = json!({ "order_number": number, "word": word, "shop": "" });
            foreign(
                "vendor_ask_which",
                json!({ "says": says, "orders": [order], "more": true }),
            );
        }
    }
}

#[test]
fn what_can_be_supplied_has_words_however_much_it_is() {
    for can in ["all", "some", "none", "unsaid"] {
        for (offered, understood) in [(true, true), (true, false), (false, true)] {
            let line = json!({
                "name": "", "quantity": "5", "unit": "sack", "can": can, "count": "2", "count_unit": "sack",
            });
            foreign(
                "vendor_partial",
                json!({
                    "order_number": "ORD2611000429", "shop": "", "offered": offered, "minutes_left": 1,
                    "understood": understood, "lines": [line], "foreign": [""], "unclear": [""],
                }),
            );
        }
    }
}

/// A message without names of people and goods has no word in Latin letters where the language has another script.
fn foreign(name: &str, data: Value) {
    for language in [Language::NeDeva, Language::Hi] {
        let text = rendered(name, &data, language).text;
        let latin = text.contains(|c: char| c.is_ascii_lowercase());
        assert!(!latin, "{name} in {language:?}: {text}");
    }
}

fn everything() -> impl Iterator<Item = (&'static str, Language)> {
    let names = Template::NAMES.iter().copied();
    names.flat_map(|name| Language::ALL.map(|language| (name, language)))
}

/// The values of variables, as people read them in every language, in small letters.
fn collect(key: &str, value: &Value, values: &mut Vec<String>) {
    match value {
        Value::Object(fields) => fields.iter().for_each(|(key, value)| collect(key, value, values)),
        Value::Array(items) => items.iter().for_each(|item| collect(key, item, values)),
        // What is chosen by has its own words in each language.
        Value::String(_) if CHOICES.contains(&key) => {}
        Value::String(text) => values.push(text.to_lowercase()),
        Value::Number(number) if key.ends_with("_paisa") => {
            let amount = Paisa::new(number.as_i64().expect("paisa")).to_string();
            values.push(amount.trim_start_matches("Rs ").to_owned());
        }
        Value::Number(number) => values.push(number.to_string()),
        Value::Bool(_) | Value::Null => {}
    }
}
