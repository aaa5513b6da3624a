//! What both webhook tests need: fixtures, requests, and what may never be in an event.

use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use http::{HeaderMap, HeaderValue, Method};
use khaacho_config::Secret;
use khaacho_gateway::webhooks::meta::MetaAuth;
use khaacho_gateway::webhooks::twilio::TwilioAuth;
use khaacho_gateway::webhooks::{self, Call, Event, Provider, Rejection, Settings, Verification, Verified};
use ring::hmac;
use serde_json::Value;

/// Meta's secret.
pub const APP_SECRET: &str = "an app secret";
/// Twilio's token.
pub const AUTH_TOKEN: &str = "an auth token";
/// Where Twilio believes us to be.
pub const BASE: &str = "https://gateway.example.com";

/// Meta's fixtures, in the order of their names.
pub fn meta_fixtures() -> &'static [Vec<u8>] {
    static ALL: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
    ALL.get_or_init(|| fixtures("meta_payloads", "json"))
}

/// Twilio's fixtures, in the order of their names.
pub fn twilio_fixtures() -> &'static [Vec<u8>] {
    static ALL: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
    ALL.get_or_init(|| fixtures("twilio_payloads", "txt"))
}

fn fixtures(directory: &str, extension: &str) -> Vec<Vec<u8>> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../gateway/fixtures")
        .join(directory);
    let mut paths: Vec<_> = fs::read_dir(directory)
        .expect("the fixtures are there")
        .map(|entry| entry.expect("readable").path())
        .filter(|path| path.extension().is_some_and(|found| found == extension))
        .collect();
    paths.sort();
    assert!(paths.len() > 10, "there are fixtures: {paths:?}");
    paths
        .iter()
        .map(|path| fs::read(path).expect("readable"))
        .collect()
}

/// A keyed hash in hexadecimal digits.
pub fn meta_signature(secret: &str, body: &[u8]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let tag = hmac::sign(&key, body);
    tag.as_ref()
        .iter()
        .fold("sha256=".to_owned(), |text, byte| format!("{text}{byte:02x}"))
}

/// Settings with both secrets.
pub fn settings() -> Settings {
    Settings {
        verification: Verification::ON,
        public_base: BASE.to_owned(),
        twilio: TwilioAuth {
            auth_tokens: vec![Secret::new(AUTH_TOKEN)],
            ..TwilioAuth::default()
        },
        meta: MetaAuth {
            app_secrets: vec![Secret::new(APP_SECRET)],
            verify_token: None,
        },
    }
}

/// A delivery to one provider's address.
pub fn deliver(
    settings: &Settings,
    provider: Provider,
    path: &str,
    headers: &[(&'static str, String)],
    body: &[u8],
) -> Result<Vec<Event>, Rejection> {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.append(*name, HeaderValue::from_str(value).expect("printable"));
    }
    let call = Call {
        hint: Some(provider),
        method: &Method::POST,
        headers: &map,
        path_and_query: path,
        body,
    };
    webhooks::read(settings, call).map(|verified| match verified {
        Verified::Events { events, .. } => events,
        Verified::Handshake(_) => panic!("a POST is no handshake"),
    })
}

/// The database holds no NUL, and a message without id or sender could not be told from another.
pub fn assert_storable(events: &[Event], run: u64) {
    for event in events {
        match event {
            Event::Message(message) => {
                let texts = [
                    &message.message_id,
                    &message.from_address,
                    &message.account,
                    &message.text,
                ];
                assert!(
                    texts.iter().all(|text| !text.contains('\0')),
                    "run {run}: NUL in {message:?}"
                );
                let more = [
                    &message.profile_name,
                    &message.reply_id,
                    &message.context_id,
                    &message.phone,
                    &message.user_id,
                ];
                assert!(
                    more.iter()
                        .all(|text| !text.as_deref().unwrap_or_default().contains('\0')),
                    "run {run}"
                );
                assert!(
                    !message.message_id.is_empty() && !message.from_address.is_empty(),
                    "run {run}: {message:?}"
                );
                assert!(message.media.len() <= 10, "run {run}");
                assert_no_nul(&message.raw, run);
                if let Some(phone) = &message.phone {
                    let digits = phone.strip_prefix('+').expect("E.164");
                    assert!((7..=15).contains(&digits.len()), "run {run}: {phone}");
                    assert!(
                        digits.bytes().all(|digit| digit.is_ascii_digit()),
                        "run {run}: {phone}"
                    );
                }
            }
            Event::Status(update) => {
                assert!(!update.provider_message_id.is_empty(), "run {run}: {update:?}");
                let texts = [&update.provider_message_id, &update.account, &update.raw_status];
                assert!(
                    texts.iter().all(|text| !text.contains('\0')),
                    "run {run}: NUL in {update:?}"
                );
                let more = [&update.error_text, &update.recipient, &update.opaque];
                assert!(
                    more.iter()
                        .all(|text| !text.as_deref().unwrap_or_default().contains('\0')),
                    "run {run}"
                );
            }
            Event::Ignored { kind, raw, .. } => {
                assert!(!kind.is_empty() && !kind.contains('\0'), "run {run}: {kind:?}");
                assert_no_nul(raw, run);
            }
        }
    }
}

fn assert_no_nul(value: &Value, run: u64) {
    match value {
        Value::String(text) => assert!(!text.contains('\0'), "run {run}: NUL in {text:?}"),
        Value::Array(all) => all.iter().for_each(|one| assert_no_nul(one, run)),
        Value::Object(members) => {
            for (name, member) in members {
                assert!(!name.contains('\0'), "run {run}: NUL in {name:?}");
                assert_no_nul(member, run);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
