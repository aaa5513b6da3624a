use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use ring::hmac;
use serde_json::{Value, json};

use super::*;
use crate::webhooks::fixtures::{self, headers, secret, text};
use crate::webhooks::{Event, Inbound, Malformed, MessageKind, Provider, Rejection, Status};

mod payloads;

const FORM: &str = "application/x-www-form-urlencoded; charset=UTF-8";
const TOKEN: &str = "0123456789abcdef0123456789abcdef";
const URL: &str = "https://gateway.example.com/webhooks/twilio/whatsapp";

fn auth() -> TwilioAuth {
    TwilioAuth {
        auth_tokens: vec![secret(TOKEN)],
        ..TwilioAuth::default()
    }
}

fn sign(algorithm: hmac::Algorithm, key: &str, signed: &str) -> String {
    let key = hmac::Key::new(algorithm, key.as_bytes());
    STANDARD.encode(hmac::sign(&key, signed.as_bytes()))
}

fn signature(value: &str) -> HeaderMap {
    headers(&Value::Null, &[(SIGNATURE, value)])
}

#[test]
fn every_recorded_signature_is_judged_as_the_official_library_judges_it() {
    let file = fixtures::json("twilio_signatures.json");
    let vectors = fixtures::list(&file, "vectors");
    assert_eq!(file["count"], json!(vectors.len()));
    for vector in vectors {
        // The vectors name one secret; which kind of secret it is follows from the settings header.
        let secret_text = text(vector, "auth_token");
        let shared = vector["headers"]
            .get("X-Twilio-Webhooks-Signature-Settings")
            .is_some();
        let auth = if shared {
            let key = SharedKey {
                id: "webhooks_sharedkey_0123456789".into(),
                secret: secret(secret_text),
            };
            TwilioAuth {
                auth_tokens: vec![secret(secret_text)],
                shared_keys: vec![key],
                ..TwilioAuth::default()
            }
        } else {
            TwilioAuth {
                auth_tokens: vec![secret(secret_text)],
                ..TwilioAuth::default()
            }
        };
        let judged = verify(
            &auth,
            text(vector, "url"),
            vector["content_type"].as_str(),
            text(vector, "raw_body").as_bytes(),
            &headers(&vector["headers"], &[]),
        );
        let expected = match vector["expect_valid"]
            .as_bool()
            .expect("each vector has a verdict")
        {
            true => Ok(()),
            false => Err(Rejection::Forbidden("bad_signature")),
        };
        assert_eq!(judged, expected, "{}", text(vector, "id"));
    }
}

#[test]
fn every_recorded_payload_carries_a_good_signature() {
    let index = fixtures::json("twilio_payloads/index.json");
    for (name, call) in index["files"].as_object().expect("the index lists files") {
        let body = fixtures::bytes(&format!("twilio_payloads/{name}"));
        let headers = headers(&call["headers"], &[]);
        assert_eq!(
            verify(&auth(), text(call, "url"), Some(FORM), &body, &headers),
            Ok(()),
            "{name}"
        );
    }
}

#[test]
fn the_old_and_the_new_token_count_while_they_are_exchanged() {
    let body = b"Body=x";
    let signed = format!("{URL}Bodyx");
    let rotating = TwilioAuth {
        auth_tokens: vec![secret("new"), secret("old")],
        ..TwilioAuth::default()
    };
    for (token, expected) in [("new", true), ("old", true), ("older", false), ("", false)] {
        let header = signature(&sign(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, token, &signed));
        assert_eq!(
            verify(&rotating, URL, Some(FORM), body, &header).is_ok(),
            expected,
            "{token}"
        );
    }
}

#[test]
fn an_empty_or_missing_secret_proves_nothing() {
    let header = signature(&sign(
        hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
        "",
        &format!("{URL}Bodyx"),
    ));
    let empty = TwilioAuth {
        auth_tokens: vec![secret("")],
        ..TwilioAuth::default()
    };
    let refusals = [
        (empty, "bad_signature"),
        (TwilioAuth::default(), "not_configured"),
    ];
    for (auth, kind) in refusals {
        let judged = verify(&auth, URL, Some(FORM), b"Body=x", &header);
        assert_eq!(judged, Err(Rejection::Forbidden(kind)));
    }
}

#[test]
fn a_secret_is_good_for_its_own_hash_only() {
    let key = SharedKey {
        id: "k1".into(),
        secret: secret("shared"),
    };
    let auth = TwilioAuth {
        shared_keys: vec![key],
        ..auth()
    };
    let (sha1, sha256) = (hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, hmac::HMAC_SHA256);
    let cases = [
        ("key=k1,algorithm=HMAC_SHA256", sha256, "shared", true),
        (" key=k1 , algorithm=HMAC_SHA256", sha256, "shared", true),
        ("algorithm=HMAC_SHA256", sha256, "shared", true),
        ("key=k2,algorithm=HMAC_SHA256", sha256, "shared", false),
        ("key=k1,algorithm=HMAC_SHA256", sha256, TOKEN, false),
        ("key=k1,algorithm=HMAC_SHA1", sha1, "shared", false),
        ("key=k1", sha1, "shared", false),
        ("key=k1", sha1, TOKEN, true),
        ("key=k1,algorithm=none", sha1, TOKEN, false),
        ("algorithm=HMAC_SHA256,algorithm=HMAC_SHA1", sha1, TOKEN, false),
        ("key=k1,algorithm=hmac_sha256", sha256, "shared", false),
    ];
    for (settings, algorithm, key, expected) in cases {
        let value = sign(algorithm, key, &format!("{URL}Bodyx"));
        let headers = headers(
            &Value::Null,
            &[(SIGNATURE, &value), (SIGNATURE_SETTINGS, settings)],
        );
        let judged = verify(&auth, URL, Some(FORM), b"Body=x", &headers);
        assert_eq!(judged.is_ok(), expected, "{settings} with {key}");
    }
}

#[test]
fn the_url_counts_with_and_without_its_port_but_never_with_another() {
    let sha1 = hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY;
    let cases = [
        ("https://h.example/p", "https://h.example/p", true),
        ("https://h.example/p", "https://h.example:443/p", true),
        ("https://h.example:443/p", "https://h.example/p", true),
        ("http://h.example/p?q=1", "http://h.example:80/p?q=1", true),
        ("http://h.example/p", "http://h.example:443/p", false),
        ("https://h.example:8443/p", "https://h.example/p", true),
        ("https://h.example/p", "https://h.example:8443/p", false),
        ("https://user:pw@h.example/p#rc=5", "https://h.example/p", true),
        ("https://[2001:db8::1]/p", "https://[2001:db8::1]:443/p", true),
        ("https://[2001:db8::1]:443/p", "https://[2001:db8::1]/p", true),
        ("https://h.example?q=1", "https://h.example:443?q=1", true),
        ("https://h.example/p", "http://h.example/p", false),
        ("https://h.example/p", "https://h.example/P", false),
        ("h.example/p", "h.example/p", false),
    ];
    for (ours, signed, expected) in cases {
        let header = signature(&sign(sha1, TOKEN, signed));
        assert_eq!(
            verify(&auth(), ours, None, b"", &header).is_ok(),
            expected,
            "{ours} as {signed}"
        );
    }
}

#[test]
fn a_signature_that_is_missing_twice_there_or_no_base64_is_refused() {
    let good = sign(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, TOKEN, &format!("{URL}Bodyx"));
    assert_eq!(
        verify(&auth(), URL, Some(FORM), b"Body=x", &signature(&good)),
        Ok(())
    );
    let twice = headers(&Value::Null, &[(SIGNATURE, &good), (SIGNATURE, &good)]);
    let unpadded = good.trim_end_matches('=');
    for headers in [
        HeaderMap::new(),
        twice,
        signature(unpadded),
        signature("!"),
        signature("AAAA"),
    ] {
        let judged = verify(&auth(), URL, Some(FORM), b"Body=x", &headers);
        assert_eq!(judged, Err(Rejection::Forbidden("bad_signature")), "{headers:?}");
    }
}

#[test]
fn a_body_that_is_no_form_must_be_covered_by_the_query() {
    let header = signature(&sign(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, TOKEN, URL));
    for content_type in [Some("application/json"), Some("text/plain"), None] {
        let judged = verify(&auth(), URL, content_type, b"{}", &header);
        assert_eq!(
            judged,
            Err(Rejection::Forbidden("bad_signature")),
            "{content_type:?}"
        );
    }
}
