//! Deliveries of Meta.

use crate::random::{digits, one, text, whole};
use crate::{Inputs, Source, mutate};
use khaacho_gateway::webhooks::{Event, Provider, Rejection, meta};
use serde_json::{Map, Value, json};

use super::forms::{APP_SECRET, assert_storable, deliver, meta_fixtures, meta_signature, settings};

const JSON: &str = "application/json";

pub(crate) fn damaged_deliveries_lose_nothing_and_break_nothing(inputs: Inputs) {
    let bodies = meta_fixtures();
    for (run, mut rng) in inputs {
        let good = one(&mut rng, bodies).clone();
        let body = mutate::bytes(&mut rng, &good);
        read(&body, run);
    }
}

pub(crate) fn deliveries_of_any_shape_are_read_element_by_element(inputs: Inputs) {
    for (run, mut rng) in inputs {
        let body = delivery(&mut rng);
        let events = meta::parse(body.to_string().as_bytes()).expect("an object can be read");
        assert_storable(&events, run);
        let (messages, statuses) = counted(&body);
        let seen = |wanted: fn(&Event) -> bool| events.iter().filter(|event| wanted(event)).count();
        assert!(
            seen(|event| matches!(event, Event::Message(_))) <= messages,
            "run {run}: {body}"
        );
        assert!(
            seen(|event| matches!(event, Event::Status(_))) <= statuses,
            "run {run}: {body}"
        );
        // Each element is an event, whatever it is.
        assert!(
            events.len() >= messages + statuses,
            "run {run}: {} of {body}",
            events.len()
        );
        let last_message = events
            .iter()
            .rposition(|event| matches!(event, Event::Message(_)));
        let first_status = events.iter().position(|event| matches!(event, Event::Status(_)));
        if let (Some(message), Some(status)) = (last_message, first_status) {
            assert!(message < status, "run {run}: a message waits behind a receipt");
        }
    }
}

pub(crate) fn only_the_signed_bytes_are_proven(inputs: Inputs) {
    let bodies = meta_fixtures();
    let settings = settings();
    for (run, mut rng) in inputs {
        let body = one(&mut rng, bodies).clone();
        let signature = meta_signature(APP_SECRET, &body);
        let send = |signature: &str, body: &[u8]| {
            let headers = [
                ("content-type", JSON.to_owned()),
                ("x-hub-signature-256", signature.to_owned()),
            ];
            deliver(&settings, Provider::Meta, "/webhooks/meta", &headers, body)
        };
        assert!(
            send(&signature, &body).is_ok_and(|events| !events.is_empty()),
            "run {run}"
        );
        let other = mutate::bytes(&mut rng, &body);
        if other != body {
            assert_eq!(
                send(&signature, &other),
                Err(Rejection::Forbidden("bad_signature")),
                "run {run}"
            );
        }
        let mut damaged = signature.clone().into_bytes();
        let at = rng.usize(..damaged.len());
        damaged[at] = *one(&mut rng, b"0123456789abcdefg=");
        let damaged = String::from_utf8(damaged).expect("ASCII");
        if damaged != signature {
            assert_eq!(
                send(&damaged, &body),
                Err(Rejection::Forbidden("bad_signature")),
                "run {run}"
            );
        }
    }
}

/// A body of any bytes.
pub(crate) fn raw(body: &[u8]) {
    read(body, 0);
}

fn read(body: &[u8], run: u64) {
    let json = serde_json::from_slice::<Value>(body);
    match meta::parse(body) {
        Ok(events) => {
            assert!(
                !events.is_empty(),
                "run {run}: nothing came of {}",
                String::from_utf8_lossy(body)
            );
            assert_storable(&events, run);
        }
        Err(_) => assert!(
            !json.is_ok_and(|json| json.is_object()),
            "run {run}: an object was refused"
        ),
    }
}

/// Elements of `messages` and of `statuses` that stand where they belong.
fn counted(body: &Value) -> (usize, usize) {
    let list = |value: &Value, name: &str| value[name].as_array().cloned().unwrap_or_default();
    let (mut messages, mut statuses) = (0, 0);
    for change in list(body, "entry")
        .iter()
        .flat_map(|entry| list(entry, "changes"))
    {
        if body["object"] == "whatsapp_business_account" && change["field"] == "messages" {
            messages += list(&change["value"], "messages").len();
            statuses += list(&change["value"], "statuses").len();
        }
    }
    (messages, statuses)
}

/// A delivery whose every part may be something else.
fn delivery(rng: &mut Source) -> Value {
    let entries: Vec<Value> = (0..rng.usize(..3)).map(|_| entry(rng)).collect();
    let object = if rng.u8(..8) == 0 {
        anything(rng, 2)
    } else {
        "whatsapp_business_account".into()
    };
    json!({ "object": object, "entry": maybe(rng, entries.into()) })
}

fn entry(rng: &mut Source) -> Value {
    let changes: Vec<Value> = (0..rng.usize(..3)).map(|_| change(rng)).collect();
    json!({ "id": digits(rng, 1, 15), "changes": maybe(rng, changes.into()) })
}

fn change(rng: &mut Source) -> Value {
    let elements = |rng: &mut Source, make: fn(&mut Source) -> Value| {
        let all: Vec<Value> = (0..rng.usize(..4)).map(|_| make(rng)).collect();
        Value::from(all)
    };
    let mut value = Map::new();
    let (messages, statuses) = (elements(rng, message), elements(rng, status));
    value.insert(
        "metadata".to_owned(),
        maybe(rng, json!({"phone_number_id": "109876543210987"})),
    );
    value.insert(
        "contacts".to_owned(),
        maybe(rng, json!([{"wa_id": "9779841234567", "profile": {"name": "x"}}])),
    );
    value.insert("messages".to_owned(), maybe(rng, messages));
    value.insert("statuses".to_owned(), maybe(rng, statuses));
    if rng.u8(..5) == 0 {
        value.insert("errors".to_owned(), anything(rng, 2));
    }
    let field = if rng.u8(..8) == 0 {
        anything(rng, 1)
    } else {
        "messages".into()
    };
    json!({ "field": field, "value": maybe(rng, value.into()) })
}

fn message(rng: &mut Source) -> Value {
    let kinds = [
        "text",
        "interactive",
        "button",
        "image",
        "audio",
        "location",
        "contacts",
        "order",
        "reaction",
        "system",
        "request_welcome",
        "unsupported",
        "hologram",
    ];
    let kind = *one(rng, &kinds);
    let mut message = json!({
        "from": if rng.bool() { digits(rng, 1, 20) } else { text(rng, 12) },
        "id": text(rng, 30),
        "timestamp": if rng.bool() { Value::from(whole(rng).to_string()) } else { whole(rng).into() },
        "type": kind,
    });
    message[kind] = match rng.u8(..4) {
        0 => anything(rng, 3),
        1 => {
            json!({"body": text(rng, 40), "text": text(rng, 9), "payload": text(rng, 9), "caption": text(rng, 9)})
        }
        2 => {
            json!({"id": text(rng, 9), "url": text(rng, 20), "mime_type": text(rng, 9), "emoji": text(rng, 2)})
        }
        _ => {
            json!({"button_reply": {"id": text(rng, 9), "title": text(rng, 9)}, "nfm_reply": anything(rng, 2)})
        }
    };
    let names = ["from", "id", "timestamp", "type", kind, "context", "from_user_id"];
    if rng.u8(..3) == 0 {
        let name = *one(rng, &names);
        message[name] = anything(rng, 2);
    }
    maybe(rng, message)
}

fn status(rng: &mut Source) -> Value {
    let states = ["sent", "delivered", "read", "played", "failed", "teleported", ""];
    let mut status = json!({
        "id": text(rng, 30),
        "status": *one(rng, &states),
        "recipient_id": digits(rng, 1, 15),
        "timestamp": whole(rng).to_string(),
        "errors": [{"code": whole(rng), "title": text(rng, 9), "error_data": anything(rng, 1)}],
        "biz_opaque_callback_data": text(rng, 30),
    });
    if rng.u8(..3) == 0 {
        let name = *one(
            rng,
            &["id", "status", "errors", "timestamp", "biz_opaque_callback_data"],
        );
        status[name] = anything(rng, 2);
    }
    maybe(rng, status)
}

/// Mostly what it is, sometimes something else.
fn maybe(rng: &mut Source, value: Value) -> Value {
    if rng.u8(..10) == 0 {
        anything(rng, 2)
    } else {
        value
    }
}

fn anything(rng: &mut Source, depth: u32) -> Value {
    match rng.u8(..if depth == 0 { 5 } else { 7 }) {
        0 => Value::Null,
        1 => rng.bool().into(),
        2 => whole(rng).into(),
        3 => (rng.f64() * 1e300).into(),
        4 => text(rng, 12).into(),
        5 => (0..rng.usize(..4)).map(|_| anything(rng, depth - 1)).collect(),
        _ => {
            let names = ["id", "type", "text", "body", "from", "name", "a\0b", ""];
            let members =
                (0..rng.usize(..4)).map(|_| ((*one(rng, &names)).to_owned(), anything(rng, depth - 1)));
            Value::Object(members.collect())
        }
    }
}
