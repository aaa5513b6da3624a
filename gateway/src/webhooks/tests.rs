use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, Method};
use ring::hmac;
use serde_json::{Value, json};

use super::meta::MetaAuth;
use super::twilio::TwilioAuth;
use super::*;
use crate::webhooks::fixtures::{self, headers, secret};

mod damage;

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded; charset=UTF-8");
const JSON: (&str, &str) = ("content-type", "application/json");
const PATH: &str = "/api/v1/whatsapp/webhook";

fn settings(verification: Verification) -> Settings {
    Settings {
        verification,
        public_base: "https://shop.example/api/v1/whatsapp/webhook#rc=5&rp=all".into(),
        twilio: TwilioAuth {
            auth_tokens: vec![secret("token")],
            ..TwilioAuth::default()
        },
        meta: MetaAuth {
            app_secrets: vec![secret("app")],
            verify_token: Some(secret("verify")),
        },
    }
}

fn call(headers: &HeaderMap, body: &[u8]) -> Result<Verified, Rejection> {
    let call = Call {
        hint: None,
        method: &Method::POST,
        headers,
        path_and_query: PATH,
        body,
    };
    read(&settings(Verification::ON), call)
}

fn twilio_headers(signed: &str) -> HeaderMap {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, b"token");
    let signature = STANDARD.encode(hmac::sign(&key, signed.as_bytes()));
    headers(&Value::Null, &[FORM, (twilio::SIGNATURE, &signature)])
}

fn meta_headers(body: &[u8]) -> HeaderMap {
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, b"app"), body);
    let digits: Vec<String> = tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    headers(
        &Value::Null,
        &[JSON, (meta::SIGNATURE, &format!("sha256={}", digits.concat()))],
    )
}

fn kinds(verified: Result<Verified, Rejection>) -> (Provider, Vec<String>) {
    let Ok(Verified::Events { provider, events }) = verified else {
        panic!("{verified:?}")
    };
    let kind = |event| match event {
        Event::Message(_) => "message".to_owned(),
        Event::Status(_) => "status".to_owned(),
        Event::Ignored { kind, .. } => kind,
    };
    (provider, events.into_iter().map(kind).collect())
}

#[test]
fn both_providers_share_one_path() {
    let url = format!("https://shop.example{PATH}");
    let form = b"MessageSid=SM1&From=whatsapp%3A%2B9779841234567&To=whatsapp%3A%2B1&Body=hi";
    let signed = format!("{url}BodyhiFromwhatsapp:+9779841234567MessageSidSM1Towhatsapp:+1");
    assert_eq!(
        kinds(call(&twilio_headers(&signed), form)),
        (Provider::Twilio, vec!["message".into()])
    );
    let body = fixtures::bytes("meta_payloads/status_read.json");
    assert_eq!(
        kinds(call(&meta_headers(&body), &body)),
        (Provider::Meta, vec!["status".into()])
    );
}

#[test]
fn nobody_gets_in_with_the_others_signature() {
    let form = b"MessageSid=SM1";
    let forged = meta_headers(form);
    let mut forged_form = forged.clone();
    forged_form.insert("content-type", FORM.1.parse().unwrap());
    assert_eq!(
        call(&forged_form, form),
        Err(Rejection::Forbidden("bad_signature"))
    );
    let mut forged_json = twilio_headers(&format!("https://shop.example{PATH}"));
    forged_json.insert("content-type", JSON.1.parse().unwrap());
    assert_eq!(
        call(&forged_json, b"{}"),
        Err(Rejection::Forbidden("bad_signature"))
    );
    assert_eq!(Rejection::Forbidden("bad_signature").status().as_u16(), 403);
}

#[test]
fn a_signed_body_that_cannot_be_read_is_acknowledged_and_kept() {
    let body = b"{\"object\":\0";
    let verified = call(&meta_headers(body), body);
    let Ok(Verified::Events { events, .. }) = &verified else {
        panic!("{verified:?}")
    };
    let [Event::Ignored { kind, raw, .. }] = events.as_slice() else {
        panic!("{events:?}")
    };
    assert_eq!(
        (kind.as_str(), raw),
        ("malformed", &json!("{\"object\":\u{FFFD}"))
    );
}

#[test]
fn what_is_no_webhook_is_refused_before_the_body_is_read() {
    let refused = |pairs: &[(&'static str, &str)]| call(&headers(&Value::Null, pairs), b"{}");
    for content_type in [
        "text/plain",
        "application/xml",
        "",
        "application/json; charset=utf-16",
        "application/json5",
    ] {
        assert_eq!(
            refused(&[("content-type", content_type)]),
            Err(Rejection::UnsupportedMedia),
            "{content_type}"
        );
    }
    assert_eq!(refused(&[]), Err(Rejection::UnsupportedMedia));
    for coding in ["gzip", "br", "identity, gzip"] {
        assert_eq!(
            refused(&[JSON, ("content-encoding", coding)]),
            Err(Rejection::UnsupportedMedia),
            "{coding}"
        );
    }
    for charset in [
        "application/json; charset=\"UTF-8\"",
        "Application/JSON;charset=utf8",
    ] {
        assert_eq!(
            refused(&[("content-type", charset)]),
            Err(Rejection::Forbidden("bad_signature")),
            "{charset}"
        );
    }
    let long = vec![b'a'; Provider::Twilio.body_max() + 1];
    assert_eq!(
        call(&headers(&Value::Null, &[FORM]), &long),
        Err(Rejection::TooLarge)
    );
    assert_eq!(
        call(&headers(&Value::Null, &[JSON]), &long),
        Err(Rejection::Forbidden("bad_signature"))
    );
}

#[test]
fn the_path_may_name_the_provider() {
    let head = headers(&Value::Null, &[JSON]);
    for (hint, expected) in [
        (None, Ok(Provider::Meta)),
        (Some(Provider::Meta), Ok(Provider::Meta)),
        (Some(Provider::Twilio), Ok(Provider::Twilio)),
        (Some(Provider::Simulator), Err(Rejection::UnsupportedMedia)),
    ] {
        assert_eq!(provider(hint, &Method::POST, &head), expected);
    }
    let form = headers(&Value::Null, &[FORM]);
    assert_eq!(
        provider(Some(Provider::Meta), &Method::POST, &form),
        Err(Rejection::UnsupportedMedia)
    );
    assert_eq!(provider(None, &Method::DELETE, &form), Err(Rejection::Malformed));
}

#[test]
fn a_get_is_metas_handshake_unless_twilio_signed_it() {
    let get = |headers: &HeaderMap, path: &str| {
        let call = Call {
            hint: None,
            method: &Method::GET,
            headers,
            path_and_query: path,
            body: b"",
        };
        read(&settings(Verification::ON), call)
    };
    let query = format!("{PATH}?hub.mode=subscribe&hub.verify_token=verify&hub.challenge=0012");
    assert_eq!(
        get(&HeaderMap::new(), &query),
        Ok(Verified::Handshake("0012".into()))
    );
    assert_eq!(get(&HeaderMap::new(), PATH), Err(Rejection::Malformed));
    let path = format!("{PATH}?MessageSid=SM1&From=whatsapp%3A%2B9779841234567&To=x&Body=a+b");
    let signed = twilio_headers(&format!("https://shop.example{path}"));
    assert_eq!(
        kinds(get(&signed, &path)),
        (Provider::Twilio, vec!["message".into()])
    );
    assert_eq!(get(&signed, &query), Err(Rejection::Forbidden("bad_signature")));
}

#[test]
fn a_form_of_another_account_is_refused() {
    let mut settings = settings(Verification::ON);
    settings.twilio.account_sids = vec!["AC1".into()];
    for (sid, expected) in [("AC1", true), ("AC2", false)] {
        let body = format!("AccountSid={sid}&MessageSid=SM1&From=a&To=b");
        let signed = format!("https://shop.example{PATH}AccountSid{sid}FromaMessageSidSM1Tob");
        let headers = twilio_headers(&signed);
        let call = Call {
            hint: None,
            method: &Method::POST,
            headers: &headers,
            path_and_query: PATH,
            body: body.as_bytes(),
        };
        let judged = read(&settings, call);
        assert_eq!(judged.is_ok(), expected, "{sid}");
        assert!(expected || judged == Err(Rejection::Forbidden("wrong_account")));
    }
}

#[test]
fn proof_can_be_left_out_everywhere_but_in_production() {
    assert_eq!(Verification::off("production"), None);
    assert_eq!(Verification::off(" Production "), None);
    assert!(!Verification::ON.is_off());
    let off = Verification::off("development").expect("allowed outside production");
    let headers = headers(&Value::Null, &[FORM]);
    let call = |body| Call {
        hint: None,
        method: &Method::POST,
        headers: &headers,
        path_and_query: PATH,
        body,
    };
    let message = b"MessageSid=SM1&From=a&To=b";
    assert_eq!(
        kinds(read(&settings(off), call(message))),
        (Provider::Twilio, vec!["message".into()])
    );
    assert_eq!(read(&settings(off), call(b"")), Err(Rejection::Malformed));
}

#[test]
fn the_public_url_is_ours_up_to_the_path() {
    for base in [
        "https://h.example",
        "https://h.example/",
        "https://h.example/x/y?z#rc=5",
        "https://h.example#rc=5",
    ] {
        assert_eq!(
            public_url(base, "/p?q=%20"),
            "https://h.example/p?q=%20",
            "{base}"
        );
    }
    assert_eq!(
        public_url("http://localhost:8080", "/p"),
        "http://localhost:8080/p"
    );
}

#[test]
fn events_do_not_show_personal_data_in_logs() {
    let body = fixtures::bytes("meta_payloads/image_with_caption.json");
    let shown = format!("{:?}", meta::parse(&body));
    assert!(
        shown.contains("wamid.") && shown.contains("image/jpeg"),
        "{shown}"
    );
    for secret in ["9779841234567", "Ram", "list", "lookaside", "NP."] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}
