use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;
use serde_json::{Value, json};

use super::*;
use crate::webhooks::fixtures::{self, secret};
use crate::webhooks::{Event, Inbound, Malformed, MessageKind, Provider, Rejection, Status, StatusUpdate};

mod payloads;

fn auth(secrets: &[&str]) -> MetaAuth {
    MetaAuth {
        app_secrets: secrets.iter().map(|text| secret(text)).collect(),
        verify_token: None,
    }
}

fn sign(key: &str, body: &[u8]) -> String {
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key.as_bytes()), body);
    let digits: Vec<String> = tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256={}", digits.concat())
}

const REFUSED: Result<(), Rejection> = Err(Rejection::Forbidden("bad_signature"));

#[test]
fn every_recorded_signature_is_judged_as_expected() {
    let file = fixtures::json("meta_signatures.json");
    let vectors = fixtures::list(&file, "vectors");
    assert_eq!(file["count"], json!(vectors.len()));
    for vector in vectors {
        let body = match vector["body_base64"].as_str() {
            Some(encoded) => STANDARD.decode(encoded).expect("base64"),
            None => {
                let repeat = &vector["body_repeat"];
                let times = repeat["times"].as_u64().expect("a count");
                fixtures::text(repeat, "text")
                    .repeat(usize::try_from(times).expect("it fits"))
                    .into_bytes()
            }
        };
        let fallback = vector.get("expect_valid_with_escaped_fallback");
        let expected = [fallback, vector.get("expect_valid_raw_bytes")]
            .into_iter()
            .flatten()
            .any(|v| v == true);
        let judged = verify(
            &auth(&[fixtures::text(vector, "app_secret")]),
            &body,
            vector["header"].as_str(),
        );
        assert_eq!(judged.is_ok(), expected, "{}", fixtures::text(vector, "id"));
    }
}

#[test]
fn a_body_that_was_unescaped_on_its_way_is_still_known() {
    let escaped = br#"{"a":"\u0915\ud83d\ude4f\u007f~"}"#;
    let decoded = "{\"a\":\"क🙏\u{7f}~\"}".as_bytes();
    let signature = sign("s", escaped);
    assert_eq!(verify(&auth(&["s"]), escaped, Some(&signature)), Ok(()));
    assert_eq!(verify(&auth(&["s"]), decoded, Some(&signature)), Ok(()));
    assert_eq!(
        verify(
            &auth(&["s"]),
            "{\"a\":\"ख🙏\u{7f}~\"}".as_bytes(),
            Some(&signature)
        ),
        REFUSED
    );
    assert_eq!(verify(&auth(&["s"]), b"\xFF\xFE", Some(&signature)), REFUSED);
}

#[test]
fn the_old_and_the_new_secret_count_while_they_are_exchanged() {
    for (key, expected) in [("new", true), ("old", true), ("older", false), ("", false)] {
        let judged = verify(&auth(&["new", "old", ""]), b"{}", Some(&sign(key, b"{}")));
        assert_eq!(judged.is_ok(), expected, "{key}");
    }
    let unset = verify(&MetaAuth::default(), b"{}", Some(&sign("", b"{}")));
    assert_eq!(unset, Err(Rejection::Forbidden("not_configured")));
}

#[test]
fn a_signature_in_another_shape_is_refused() {
    let good = sign("s", b"{}");
    assert_eq!(verify(&auth(&["s"]), b"{}", Some(&good)), Ok(()));
    let upper = format!("sha256={}", good["sha256=".len()..].to_uppercase());
    let bare = &good["sha256=".len()..];
    for value in [
        Some(upper.as_str()),
        Some(bare),
        Some(&good[..40]),
        Some("sha256="),
        Some(""),
        None,
    ] {
        assert_eq!(verify(&auth(&["s"]), b"{}", value), REFUSED, "{value:?}");
    }
}

#[test]
fn the_handshake_echoes_the_challenge_for_the_right_token_only() {
    let file = fixtures::json("meta_signatures.json");
    let token = secret(fixtures::text(&file["verify_get"], "verify_token"));
    for case in fixtures::list(&file["verify_get"], "cases") {
        let answer = handshake(fixtures::text(case, "query"), Some(&token));
        let status = answer
            .as_ref()
            .map_or_else(|refused| refused.status().as_u16(), |_| 200);
        assert_eq!(json!(status), case["status"], "{case}");
        assert_eq!(answer.ok().map(Value::from), case.get("body").cloned(), "{case}");
    }
    let query = "hub.mode=subscribe&hub.challenge=1&hub.verify_token=";
    for unset in [None, Some(secret(""))] {
        assert_eq!(
            handshake(query, unset.as_ref()),
            Err(Rejection::Forbidden("not_configured"))
        );
    }
}
