//! Deliveries of Twilio.

use std::collections::{BTreeMap, BTreeSet};

use crate::random::{digits, one, text};
use crate::{Inputs, Source, mutate};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use khaacho_gateway::webhooks::{Event, Provider, Rejection, twilio};
use ring::hmac;

use super::forms::{AUTH_TOKEN, BASE, assert_storable, deliver, settings, twilio_fixtures};

const PATH: &str = "/webhooks/twilio/whatsapp";
const FORM: &str = "application/x-www-form-urlencoded";

pub(crate) fn damaged_forms_are_one_event(inputs: Inputs) {
    let bodies = twilio_fixtures();
    for (run, mut rng) in inputs {
        let good = one(&mut rng, bodies).clone();
        let body = mutate::bytes(&mut rng, &good);
        read(&body, run);
    }
}

pub(crate) fn forms_of_any_fields_are_one_event(inputs: Inputs) {
    for (run, mut rng) in inputs {
        let fields = fields(&mut rng);
        read(form(&fields).as_bytes(), run);
    }
}

pub(crate) fn a_signature_holds_in_every_order_and_for_nothing_else(inputs: Inputs) {
    let settings = settings();
    for (run, mut rng) in inputs {
        let mut fields = fields(&mut rng);
        let good = signature(AUTH_TOKEN, &format!("{BASE}{PATH}"), &fields);
        let send = |fields: &[(String, String)], signature: &str| {
            let headers = [
                ("content-type", FORM.to_owned()),
                ("x-twilio-signature", signature.to_owned()),
            ];
            deliver(
                &settings,
                Provider::Twilio,
                PATH,
                &headers,
                form(fields).as_bytes(),
            )
        };
        assert!(send(&fields, &good).is_ok(), "run {run}: {fields:?}");
        rng.shuffle(&mut fields);
        assert!(
            send(&fields, &good).is_ok(),
            "run {run}: in another order {fields:?}"
        );
        let other = signature("another token", &format!("{BASE}{PATH}"), &fields);
        assert_eq!(
            send(&fields, &other),
            Err(Rejection::Forbidden("bad_signature")),
            "run {run}"
        );
        let changed = changed(&mut rng, &fields);
        // Keys and values are joined without a sign between, so some changes are none to the signature: those that
        // move letters from a key to its value. Changes here never do.
        if signed_text("", &changed) != signed_text("", &fields) {
            assert_eq!(
                send(&changed, &good),
                Err(Rejection::Forbidden("bad_signature")),
                "run {run}: {changed:?}"
            );
        }
    }
}

/// A body of any bytes.
pub(crate) fn raw(body: &[u8]) {
    read(body, 0);
}

fn read(body: &[u8], run: u64) {
    let fields: Vec<_> = form_urlencoded::parse(body).collect();
    match twilio::parse(body) {
        Ok(event) => {
            assert_storable(std::slice::from_ref(&event), run);
            if let Event::Message(message) = &event {
                let shown: Vec<_> = fields
                    .iter()
                    .filter(|(key, _)| key == "MessageSid" || key.starts_with("Sms"))
                    .collect();
                assert!(
                    !shown.is_empty(),
                    "run {run}: an id out of nowhere in {message:?}"
                );
            }
        }
        Err(_) => assert!(fields.is_empty(), "run {run}: a form was refused: {fields:?}"),
    }
}

fn fields(rng: &mut Source) -> Vec<(String, String)> {
    let names = [
        "MessageSid",
        "SmsMessageSid",
        "SmsSid",
        "AccountSid",
        "From",
        "To",
        "Body",
        "NumMedia",
        "MediaUrl0",
        "MediaContentType0",
        "MessageType",
        "ButtonText",
        "ButtonPayload",
        "ListId",
        "ListTitle",
        "Latitude",
        "Longitude",
        "ProfileName",
        "WaId",
        "MessageStatus",
        "SmsStatus",
        "ErrorCode",
        "ErrorMessage",
        "ExternalUserId",
        "OriginalRepliedMessageSid",
    ];
    let mut fields: Vec<(String, String)> = (0..rng.usize(1..12))
        .map(|_| {
            let name = if rng.u8(..8) == 0 {
                text(rng, 8)
            } else {
                (*one(rng, &names)).to_owned()
            };
            let value = match rng.u8(..6) {
                0 => format!("whatsapp:+{}", digits(rng, 1, 18)),
                1 => (*one(
                    rng,
                    &[
                        "received",
                        "sent",
                        "delivered",
                        "failed",
                        "teleported",
                        "text",
                        "sticker",
                        "",
                    ],
                ))
                .to_owned(),
                2 => digits(rng, 1, 30),
                _ => text(rng, 30),
            };
            (name, value)
        })
        .collect();
    if rng.u8(..4) == 0 {
        let again = one(rng, &fields).clone();
        fields.push(again);
    }
    fields
}

fn changed(rng: &mut Source, fields: &[(String, String)]) -> Vec<(String, String)> {
    let mut fields = fields.to_vec();
    let at = rng.usize(..fields.len());
    match rng.u8(..4) {
        0 => fields[at].1.push('x'),
        1 => fields.push(("Extra".to_owned(), "1".to_owned())),
        2 => drop(fields.remove(at)),
        _ => fields[at].1 = text(rng, 10),
    }
    fields
}

fn form(fields: &[(String, String)]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
}

fn signed_text(url: &str, fields: &[(String, String)]) -> String {
    let mut sorted: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (key, value) in fields {
        sorted.entry(key).or_default().insert(value);
    }
    let pairs = sorted
        .iter()
        .flat_map(|(key, values)| values.iter().map(move |value| format!("{key}{value}")));
    pairs.fold(url.to_owned(), |text, pair| text + &pair)
}

fn signature(token: &str, url: &str, fields: &[(String, String)]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, token.as_bytes());
    STANDARD.encode(hmac::sign(&key, signed_text(url, fields).as_bytes()))
}
