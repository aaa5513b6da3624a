use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use ring::hmac;
use serde_json::{Value, json};

use super::*;
use crate::webhooks::fixtures::{self, headers, secret, text};
use crate::webhooks::{Event, Inbound, Malformed, MessageKind, Provider, Rejection, Status};

const FORM: &str = "application/x-www-form-urlencoded; charset=UTF-8";
const TOKEN: &str = "0123456789abcdef0123456789abcdef";
const URL: &str = "https://gateway.example.com/webhooks/twilio/whatsapp";

fn auth() -> TwilioAuth {
    TwilioAuth { auth_tokens: vec![secret(TOKEN)], ..TwilioAuth::default() }
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
        let shared = vector["headers"].get("X-Twilio-Webhooks-Signature-Settings").is_some();
        let auth = if shared {
            let key = SharedKey { id: "webhooks_sharedkey_0123456789".into(), secret: secret(secret_text) };
            TwilioAuth { auth_tokens: vec![secret(secret_text)], shared_keys: vec![key], ..TwilioAuth::default() }
        } else {
            TwilioAuth { auth_tokens: vec![secret(secret_text)], ..TwilioAuth::default() }
        };
        let judged = verify(
            &auth,
            text(vector, "url"),
            vector["content_type"].as_str(),
            text(vector, "raw_body").as_bytes(),
            &headers(&vector["headers"], &[]),
        );
        let expected = match vector["expect_valid"].as_bool().expect("each vector has a verdict") {
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
        assert_eq!(verify(&auth(), text(call, "url"), Some(FORM), &body, &headers), Ok(()), "{name}");
    }
}

#[test]
fn the_old_and_the_new_token_count_while_they_are_exchanged() {
    let body = b"Body=x";
    let signed = format!("{URL}Bodyx");
    let rotating = TwilioAuth { auth_tokens: vec![secret("new"), secret("old")], ..TwilioAuth::default() };
    for (token, expected) in [("new", true), ("old", true), ("older", false), ("", false)] {
        let header = signature(&sign(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, token, &signed));
        assert_eq!(verify(&rotating, URL, Some(FORM), body, &header).is_ok(), expected, "{token}");
    }
}

#[test]
fn an_empty_or_missing_secret_proves_nothing() {
    let header = signature(&sign(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, "", &format!("{URL}Bodyx")));
    let empty = TwilioAuth { auth_tokens: vec![secret("")], ..TwilioAuth::default() };
    let refusals = [(empty, "bad_signature"), (TwilioAuth::default(), "not_configured")];
    for (auth, kind) in refusals {
        let judged = verify(&auth, URL, Some(FORM), b"Body=x", &header);
        assert_eq!(judged, Err(Rejection::Forbidden(kind)));
    }
}

#[test]
fn a_secret_is_good_for_its_own_hash_only() {
    let key = SharedKey { id: "k1".into(), secret: secret("shared") };
    let auth = TwilioAuth { shared_keys: vec![key], ..auth() };
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
        let headers = headers(&Value::Null, &[(SIGNATURE, &value), (SIGNATURE_SETTINGS, settings)]);
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
        assert_eq!(verify(&auth(), ours, None, b"", &header).is_ok(), expected, "{ours} as {signed}");
    }
}

#[test]
fn a_signature_that_is_missing_twice_there_or_no_base64_is_refused() {
    let good = sign(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, TOKEN, &format!("{URL}Bodyx"));
    assert_eq!(verify(&auth(), URL, Some(FORM), b"Body=x", &signature(&good)), Ok(()));
    let twice = headers(&Value::Null, &[(SIGNATURE, &good), (SIGNATURE, &good)]);
    let unpadded = good.trim_end_matches('=');
    for headers in [HeaderMap::new(), twice, signature(unpadded), signature("!"), signature("AAAA")] {
        let judged = verify(&auth(), URL, Some(FORM), b"Body=x", &headers);
        assert_eq!(judged, Err(Rejection::Forbidden("bad_signature")), "{headers:?}");
    }
}

#[test]
fn a_body_that_is_no_form_must_be_covered_by_the_query() {
    let header = signature(&sign(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, TOKEN, URL));
    for content_type in [Some("application/json"), Some("text/plain"), None] {
        let judged = verify(&auth(), URL, content_type, b"{}", &header);
        assert_eq!(judged, Err(Rejection::Forbidden("bad_signature")), "{content_type:?}");
    }
}

fn parsed(name: &str) -> Event {
    parse(&fixtures::bytes(&format!("twilio_payloads/{name}.txt"))).expect("a form")
}

fn message(name: &str) -> Inbound {
    match parsed(name) {
        Event::Message(message) => message,
        other => panic!("{name}: {other:?}"),
    }
}

#[test]
fn every_recorded_message_means_what_the_sender_did() {
    use MessageKind::*;
    let names = fixtures::json("twilio_payloads/index.json");
    let inbound = names["files"].as_object().expect("files").keys().filter(|name| name.starts_with("inbound"));
    let cases = [
        ("text_romanized", Text, "dai namaste, 2 bora sona mansuli ra 1 petti tel pathaidinu hai", 0),
        ("text_devanagari", Text, "साहुजी, चिनी ५० के.जी. र नुन १ बोरा चाहियो", 0),
        ("text_multiline", Text, "Order:\n- Wai Wai 2 ctn\n- Chini 50kg\n- Dal masuro 25kg\n- Tel 1L x 12", 0),
        ("text_long", Text, "1. item 1 1 packet\n", 0),
        ("image_caption", Image, "yo list ko saman pathaunu", 1),
        ("image_no_caption", Image, "", 1),
        ("voice_note", Audio, "", 1),
        ("document_pdf", Document, "order-list.pdf", 1),
        ("contact_vcard", Contacts, "", 1),
        ("location", Location, "", 0),
        ("button_reply", Interactive, "✅ Confirm", 0),
        ("list_reply", Interactive, "Wai Wai 75g x 30", 0),
        ("quoted_reply", Text, "yo cancel gardinu", 0),
        ("forwarded", Text, "chamal 5 bora", 0),
        ("ctwa_referral", Text, "Hello! Can I get more info on this?", 0),
        ("bsuid", Text, "chini 1 bora", 0),
        ("unsupported", Unsupported, "", 0),
        ("sandbox_join", Text, "join silent-forest", 0),
        ("stop", Text, "STOP", 0),
        ("empty_body", Text, "", 0),
    ];
    assert_eq!(inbound.count(), cases.len());
    for (name, kind, text, media) in cases {
        let message = message(&format!("inbound_{name}"));
        assert_eq!((message.kind, message.media.len()), (kind, media), "{name}");
        let long = name == "text_long" && message.text.starts_with(text);
        assert!(message.text == text || long, "{name}: {:?}", message.text);
        assert_eq!(message.provider, Provider::Twilio);
        assert_eq!(message.account, "AC0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a/whatsapp:+14155238886");
        assert_eq!(message.from_address, "whatsapp:+9779841234567");
        assert_eq!(message.phone.as_deref(), Some("+9779841234567"));
        assert_eq!(message.message_id, text_of(&message.raw, "MessageSid"));
        assert_eq!(message.message_id.len(), 34);
        assert_eq!(message.sent_at, None);
    }
}

fn text_of<'a>(raw: &'a Value, field: &str) -> &'a str {
    text(raw, field)
}

#[test]
fn details_of_recorded_messages_are_kept() {
    let button = message("inbound_button_reply");
    assert_eq!(button.reply_id.as_deref(), Some("order:confirm:01JD8Q3M4N"));
    assert_eq!(button.context_id.as_deref(), Some("MM2166e840a79e6e7f3f753979e9b02642"));
    let list = message("inbound_list_reply");
    assert_eq!(list.reply_id.as_deref(), Some("sku:WAIWAI-75G-30"));
    let quoted = message("inbound_quoted_reply");
    assert_eq!(quoted.context_id.as_deref(), Some("SMb3ceb5193e8e7c248fb3d0f477cb057c"));
    assert_eq!(message("inbound_bsuid").user_id.as_deref(), Some("NP.7301144820195566012"));
    assert_eq!(message("inbound_stop").user_id, None);
    let shop = message("inbound_text_devanagari");
    assert_eq!(shop.profile_name.as_deref(), Some("गणेश स्टोर"));
    assert_eq!(message("inbound_location").raw["Label"], json!("Asan Tole"));
    assert_eq!(message("inbound_ctwa_referral").raw["ReferralSourceType"], json!("ad"));
    assert_eq!(message("inbound_forwarded").raw["Forwarded"], json!("true"));
    let picture = &message("inbound_image_no_caption").media[0];
    assert_eq!(picture.mime, "image/jpeg");
    assert!(picture.url.as_deref().is_some_and(|url| url.starts_with("https://api.twilio.com/2010-04-01/")));
}

#[test]
fn every_recorded_status_is_read() {
    let cases = [
        ("queued", Status::Queued, None),
        ("sent", Status::Sent, None),
        ("delivered", Status::Delivered, None),
        ("read", Status::Read, None),
        ("failed_63016", Status::Failed, Some(63016)),
        ("failed_63018", Status::Failed, Some(63018)),
        ("undelivered_63024", Status::Undelivered, Some(63024)),
        ("undelivered_63049", Status::Undelivered, Some(63049)),
    ];
    for (name, status, error_code) in cases {
        let Event::Status(update) = parsed(&format!("status_{name}")) else { panic!("{name} is a status") };
        assert_eq!((update.status, update.error_code), (status, error_code), "{name}");
        assert_eq!(update.raw_status, status.as_str());
        assert_eq!(update.account, "AC0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a/whatsapp:+14155238886");
        assert_eq!(update.recipient.as_deref(), Some("whatsapp:+9779841234567"));
        assert!(update.provider_message_id.starts_with("SM"));
    }
}

#[test]
fn a_sender_without_a_phone_number_is_still_a_sender() {
    let body = b"MessageSid=SM1&AccountSid=AC1&To=whatsapp%3A%2B1415&From=whatsapp%3ANP.73011&Body=hi";
    let Ok(Event::Message(message)) = parse(body) else { panic!("a message") };
    assert_eq!((message.phone, message.user_id.as_deref()), (None, Some("NP.73011")));
    assert_eq!(message.from_address, "whatsapp:NP.73011");
}

#[test]
fn a_media_type_decides_before_the_hint_does() {
    let base = "MessageSid=MM1&AccountSid=AC1&To=whatsapp%3A%2B14155238886&From=whatsapp%3A%2B9779841234567";
    let cases = [
        ("&MessageType=text&MediaUrl0=u&MediaContentType0=video%2Fmp4", MessageKind::Video),
        ("&MessageType=sticker&MediaUrl0=u&MediaContentType0=image%2Fwebp", MessageKind::Sticker),
        ("&MediaUrl0=u&MediaContentType0=TEXT%2FVCARD", MessageKind::Contacts),
        ("&MediaUrl0=u", MessageKind::Document),
        ("&MessageType=hologram", MessageKind::Unsupported),
        ("&MessageType=hologram&Body=hi", MessageKind::Text),
        ("&MessageType=reaction&Body=x", MessageKind::Reaction),
        ("&MessageType=button&ButtonText=Yes&ButtonPayload=y", MessageKind::Button),
        ("&ButtonText=Yes", MessageKind::Interactive),
        ("", MessageKind::Text),
    ];
    for (more, kind) in cases {
        let Ok(Event::Message(message)) = parse(format!("{base}{more}").as_bytes()) else { panic!("{more}") };
        assert_eq!(message.kind, kind, "{more}");
    }
}

#[test]
fn other_forms_are_kept_and_acknowledged() {
    let cases = [
        ("CallSid=CA1&From=%2B1", "no_message_id"),
        ("MessageSid=SM1&Body=x", "no_sender"),
        ("MessageSid=SM1&MessageStatus=teleported", "unknown_status"),
        ("MessageStatus=sent", "no_message_id"),
    ];
    for (body, expected) in cases {
        let Ok(Event::Ignored { kind, raw, .. }) = parse(body.as_bytes()) else { panic!("{body}") };
        assert_eq!(kind, expected);
        assert!(raw.as_object().is_some_and(|fields| !fields.is_empty()));
    }
    assert_eq!(parse(b""), Err(Malformed));
}

#[test]
fn repeated_fields_and_nul_characters_reach_the_store_in_a_form_it_takes() {
    let body = b"MessageSid=SM1&From=%2B977984123&To=%2B1&Body=a%00b&Tag=1&Tag=2&Tag=3";
    let Ok(Event::Message(message)) = parse(body) else { panic!("a message") };
    assert_eq!(message.text, "a\u{FFFD}b");
    assert_eq!(message.raw["Tag"], json!(["1", "2", "3"]));
    assert_eq!(message.raw["Body"], json!("a\u{FFFD}b"));
}
