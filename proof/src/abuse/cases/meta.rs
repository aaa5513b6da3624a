//! Deliveries of Meta: forged, repeated, and proven but senseless.

mod weird;

pub use weird::weird;

use ring::hmac;
use serde_json::{Value, json};

use super::{CHAT, KEPT};
use crate::abuse::case::{Expect, Maker, Request, Send};
use crate::abuse::mesh::{META_NUMBER, META_SECRET, META_VERIFY, TWILIO_TOKEN};
use crate::abuse::sign::{base64, hex, mac, meta, sha256};

/// Where Meta delivers.
const PATH: &str = "/webhooks/meta";

/// A delivery with one message of this kind.
pub fn delivery(id: &str, from: &str, message: &Value) -> Value {
    let mut element = json!({"from": from, "id": id, "timestamp": "1763800000"});
    if let (Some(element), Some(message)) = (element.as_object_mut(), message.as_object()) {
        element.extend(message.clone());
    }
    change(&json!({
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "14155238886", "phone_number_id": META_NUMBER},
        "contacts": [{"profile": {"name": "Kasauti"}, "wa_id": from}],
        "messages": [element],
    }))
}

/// A delivery with this change.
pub fn change(value: &Value) -> Value {
    json!({
        "object": "whatsapp_business_account",
        "entry": [{"id": "102290129340398", "changes": [{"field": "messages", "value": value}]}],
    })
}

/// A text.
pub fn text(id: &str, from: &str, body: &str) -> Value {
    delivery(id, from, &json!({"type": "text", "text": {"body": body}}))
}

/// A request with these bytes and this signature.
pub fn post(body: impl Into<Vec<u8>>, signature: &str) -> Request {
    Request::new("POST", PATH)
        .with("Content-Type", "application/json")
        .with("X-Hub-Signature-256", signature)
        .body(body)
}

/// A proven request.
pub fn proven(body: impl Into<Vec<u8>>) -> Request {
    let body = body.into();
    let signature = meta(META_SECRET, &body);
    post(body, &signature)
}

fn sample() -> Vec<u8> {
    text("wamid.forged", "9779841000001", "2 bora chini")
        .to_string()
        .into_bytes()
}

/// Deliveries without a good proof: 403, and nothing is kept.
pub fn forged(make: &mut Maker) {
    let body = sample();
    let good = meta(META_SECRET, &body);
    let digits = good.trim_start_matches("sha256=").to_owned();
    let mut add =
        |name: String, request: Request| make.add(name, Send::Http(request), Expect::status(&[403]));
    let sha1 = hex(&mac(
        hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
        META_SECRET.as_bytes(),
        &body,
    ));
    let sha512 = hex(&mac(hmac::HMAC_SHA512, META_SECRET.as_bytes(), &body));
    let signatures = [
        ("empty", String::new()),
        ("only the prefix", "sha256=".to_owned()),
        ("no prefix", digits.clone()),
        ("another prefix", format!("sha512={digits}")),
        ("prefix in capitals", format!("SHA256={digits}")),
        ("digits in capitals", format!("sha256={}", digits.to_uppercase())),
        ("a blank in front", format!("sha256= {digits}")),
        ("prefix twice", format!("sha256=sha256={digits}")),
        ("one digit short", format!("sha256={}", &digits[..63])),
        ("one digit more", format!("sha256={digits}0")),
        ("half of it", format!("sha256={}", &digits[..32])),
        ("100,000 digits", format!("sha256={}", digits.repeat(156))),
        ("two, by comma", format!("sha256={digits},sha256={digits}")),
        ("64 zeros", format!("sha256={}", "0".repeat(64))),
        ("letters that are no digits", format!("sha256={}", "g".repeat(64))),
        ("Devanagari digits", format!("sha256={}", "१".repeat(64))),
        (
            "base64",
            format!(
                "sha256={}",
                base64(&mac(hmac::HMAC_SHA256, META_SECRET.as_bytes(), &body))
            ),
        ),
        ("SHA-1", format!("sha1={sha1}")),
        ("SHA-1 under the name of SHA-256", format!("sha256={sha1}")),
        ("SHA-512", format!("sha256={sha512}")),
        ("a hash without key", format!("sha256={}", sha256(&body))),
        (
            "key and body hashed in a row",
            format!("sha256={}", sha256(&[META_SECRET.as_bytes(), &body].concat())),
        ),
        ("empty secret", meta("", &body)),
        (
            "another secret",
            meta("kasauti-app-secret-0123456789abcdee", &body),
        ),
        ("secret with a blank", meta(&format!("{META_SECRET} "), &body)),
        ("secret in capitals", meta(&META_SECRET.to_uppercase(), &body)),
        ("the handshake's token as secret", meta(META_VERIFY, &body)),
        ("Twilio's token as secret", meta(TWILIO_TOKEN, &body)),
        ("over an empty body", meta(META_SECRET, b"")),
        (
            "over the body and a line break",
            meta(META_SECRET, &[&body[..], b"\n"].concat()),
        ),
        (
            "over the body in hexadecimal",
            meta(META_SECRET, hex(&body).as_bytes()),
        ),
        (
            "over the sorted body",
            meta(META_SECRET, resorted(&body).as_bytes()),
        ),
        ("null", "null".to_owned()),
        ("none", "none".to_owned()),
    ];
    for (name, signature) in signatures {
        add(format!("Meta, signature: {name}"), post(body.clone(), &signature));
    }
    for at in (0..64).step_by(5) {
        let turned = crate::abuse::sign::turned(&digits, at);
        add(
            format!("Meta, signature: digit {at} turned"),
            post(body.clone(), &format!("sha256={turned}")),
        );
    }
    for at in [0, 1, 17, 40, 99, body.len() / 2, body.len() - 2, body.len() - 1] {
        for bit in [1, 32] {
            let mut other = body.clone();
            other[at] ^= bit;
            add(
                format!("Meta, body: bit {bit} of byte {at} turned"),
                post(other, &good),
            );
        }
    }
    for (name, other) in [
        (
            "another phone",
            String::from_utf8_lossy(&body)
                .replace("9779841000001", "9779841000002")
                .into_bytes(),
        ),
        (
            "another quantity",
            String::from_utf8_lossy(&body)
                .replace("2 bora", "9 bora")
                .into_bytes(),
        ),
        ("written anew by a library", resorted(&body).into_bytes()),
        ("written prettily", pretty(&body)),
        ("with a mark in front", [b"\xef\xbb\xbf", &body[..]].concat()),
        ("with a line break after it", [&body[..], b"\n"].concat()),
        ("without its last byte", body[..body.len() - 1].to_vec()),
        ("twice", [&body[..], &body[..]].concat()),
        ("empty", Vec::new()),
        (
            "of somebody else",
            text("wamid.other", "9779841000003", "CONFIRM")
                .to_string()
                .into_bytes(),
        ),
    ] {
        add(format!("Meta, body {name}"), post(other, &good));
    }
    let bare = Request::new("POST", PATH)
        .with("Content-Type", "application/json")
        .body(body.clone());
    add("Meta, no signature".to_owned(), bare.clone());
    add(
        "Meta, SHA-1 in the old header".to_owned(),
        bare.clone().with("X-Hub-Signature", &format!("sha1={sha1}")),
    );
    add(
        "Meta, SHA-256 in the old header".to_owned(),
        bare.clone().with("X-Hub-Signature", &good),
    );
    add(
        "Meta, in Twilio's header".to_owned(),
        bare.clone()
            .with("X-Twilio-Signature", &good)
            .with("X-Signature", &good),
    );
    let mut in_query = bare.clone();
    in_query.target = format!("{PATH}?X-Hub-Signature-256={good}");
    add("Meta, signature in the address".to_owned(), in_query);
    add(
        "Meta, a bad one before the good one".to_owned(),
        bare.with("X-Hub-Signature-256", "sha256=00")
            .with("X-Hub-Signature-256", &good),
    );
}

fn resorted(body: &[u8]) -> String {
    let value: Value = serde_json::from_slice(body).unwrap_or_default();
    // Members in another order, as every library is free to write them.
    format!("{{\"entry\":{},\"object\":{}}}", value["entry"], value["object"]).replace("\":", "\": ")
}

fn pretty(body: &[u8]) -> Vec<u8> {
    let value: Value = serde_json::from_slice(body).unwrap_or_default();
    serde_json::to_vec_pretty(&value).unwrap_or_default()
}

/// Handshakes that are none.
pub fn handshakes(make: &mut Maker) {
    for (name, query, statuses) in [
        ("nothing", String::new(), [400, 403]),
        (
            "no token",
            "hub.mode=subscribe&hub.challenge=1".to_owned(),
            [400, 403],
        ),
        (
            "an empty token",
            "hub.mode=subscribe&hub.challenge=1&hub.verify_token=".to_owned(),
            [403, 403],
        ),
        (
            "a wrong token",
            "hub.mode=subscribe&hub.challenge=1&hub.verify_token=x".to_owned(),
            [403, 403],
        ),
        (
            "the token in capitals",
            format!(
                "hub.mode=subscribe&hub.challenge=1&hub.verify_token={}",
                META_VERIFY.to_uppercase()
            ),
            [403, 403],
        ),
        (
            "the token and more",
            format!("hub.mode=subscribe&hub.challenge=1&hub.verify_token={META_VERIFY}x"),
            [403, 403],
        ),
        (
            "a prefix of the token",
            format!(
                "hub.mode=subscribe&hub.challenge=1&hub.verify_token={}",
                &META_VERIFY[..8]
            ),
            [403, 403],
        ),
        (
            "another mode",
            format!("hub.mode=unsubscribe&hub.challenge=1&hub.verify_token={META_VERIFY}"),
            [403, 403],
        ),
        (
            "no challenge",
            format!("hub.mode=subscribe&hub.verify_token={META_VERIFY}"),
            [400, 403],
        ),
        (
            "underscores",
            format!("hub_mode=subscribe&hub_challenge=1&hub_verify_token={META_VERIFY}"),
            [400, 403],
        ),
        (
            "a wrong token before the right one",
            format!("hub.mode=subscribe&hub.challenge=1&hub.verify_token=x&hub.verify_token={META_VERIFY}"),
            [403, 403],
        ),
        (
            "the app secret",
            format!("hub.mode=subscribe&hub.challenge=1&hub.verify_token={META_SECRET}"),
            [403, 403],
        ),
    ] {
        let request = Request::new("GET", &format!("{PATH}?{query}"));
        make.add(
            format!("handshake: {name}"),
            Send::Http(request),
            Expect::status(&statuses),
        );
    }
    // The answer is what the caller chose: it must stay text.
    let challenge = "%3Cscript%3Ealert(1)%3C/script%3E%0d%0aX-A:b";
    let query = format!("{PATH}?hub.mode=subscribe&hub.challenge={challenge}&hub.verify_token={META_VERIFY}");
    make.add(
        "handshake: a script as challenge",
        Send::Http(Request::new("GET", &query)),
        Expect::status(&[200, 400]),
    );
}

/// The same again, and at other places.
pub fn repeated(make: &mut Maker) {
    let from = "9779841000011";
    let body = text("wamid.repeated-1", from, "namaste").to_string();
    let one = [("orders.inbound_message", 1)];
    make.add(
        "Meta, 1,000 times the same delivery",
        Send::Storm(proven(body.clone()), 1000),
        // More than the edge takes at once: some may be told to come again, none is kept twice.
        Expect::status(&[200, 503]).may(CHAT).exactly(&one).within(30),
    );
    make.add(
        "Meta, the same once more",
        Send::Http(proven(body.clone())),
        Expect::status(&[200]),
    );
    let mut shared = proven(body.clone());
    shared.target = "/api/v1/whatsapp/webhook".to_owned();
    make.add(
        "Meta, the same at the shared address",
        Send::Http(shared),
        Expect::status(&[200]),
    );
    for path in [
        "/webhooks/twilio",
        "/webhooks/twilio/whatsapp",
        "/webhooks/twilio/status",
    ] {
        let mut other = proven(body.clone());
        other.target = path.to_owned();
        make.add(
            format!("Meta's delivery at {path}"),
            Send::Http(other),
            Expect::status(&[403]),
        );
    }
    let changed = text("wamid.repeated-1", from, "CONFIRM").to_string();
    make.add(
        "Meta, a known id with another text",
        Send::Http(proven(changed)),
        Expect::status(&[200]).may(KEPT),
    );
    let moved = text("wamid.repeated-1", "9779841000012", "namaste").to_string();
    make.add(
        "Meta, a known id from another sender",
        Send::Http(proven(moved)),
        Expect::status(&[200]).may(KEPT),
    );
    for (name, timestamp) in [
        ("from 1970", json!("0")),
        ("of last year", json!("1731000000")),
        ("from tomorrow", json!("1995000000")),
        ("from the year 9999", json!("253402300799")),
        ("beyond all years", json!("99999999999999999")),
        ("before 1970", json!("-1")),
        ("that is a number", json!(1_763_800_000)),
        ("that is a fraction", json!(1.5)),
        ("that is a word", json!("yesterday")),
        ("that is missing", Value::Null),
    ] {
        let id = make.next_id();
        let message = json!({"type": "text", "text": {"body": "namaste"}, "timestamp": timestamp});
        let body = delivery(&format!("wamid.{id}"), from, &message).to_string();
        let expect = Expect::status(&[200]).may(CHAT).exactly(&one);
        make.add(format!("Meta, a time {name}"), Send::Http(proven(body)), expect);
    }
}
