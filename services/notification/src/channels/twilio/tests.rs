use serde_json::{Value, json};

use super::super::ProviderRef;
use super::super::fake::{Fake, Reply, client, closed_url, outgoing, payload};
use super::*;
use crate::domain::message::Body;

const SECRET: &str = "twilio-auth-token-0123456789";

fn twilio(url: &str) -> Twilio {
    let settings = Settings {
        api_url: url.to_owned(),
        account_sid: "AC00000000000000000000000000000001".into(),
        user: "AC00000000000000000000000000000001".into(),
        secret: Secret::new(SECRET),
        status_callback: Some("https://khaacho.example/webhooks/twilio/status".into()),
        window_content_sid: None,
    };
    Twilio::new(client(), settings)
}

fn message(body: Body) -> Outgoing {
    Outgoing {
        from_account: "+14155238886".into(),
        ..outgoing(body)
    }
}

fn accepted() -> Value {
    json!({ "sid": "SM1", "status": "queued", "error_code": null, "error_message": null })
}

async fn form(body: Body) -> Vec<(String, String)> {
    let fake = Fake::json(201, accepted()).await;
    twilio(&fake.url).send(&message(body)).await.expect("accepted");
    pairs(payload(&fake.request()))
}

/// Reads a form through the URL type, which knows the same encoding.
fn pairs(form: &str) -> Vec<(String, String)> {
    let url = reqwest::Url::parse(&format!("http://x/?{form}")).expect("a query");
    url.query_pairs().into_owned().collect()
}

async fn fault(reply: Reply) -> SendFault {
    let fake = Fake::start(reply).await;
    twilio(&fake.url)
        .send(&message(Body::text("hello")))
        .await
        .expect_err("refused")
}

fn refusal(status: u16, body: Value) -> Reply {
    Reply::Answer(status, "Content-Type: application/json\r\n", body.to_string())
}

fn entry(sid: &str, body: &str, minute: u32) -> Value {
    json!({
        "sid": sid, "body": body, "direction": "outbound-api", "status": "queued",
        "date_created": format!("Sun, 22 Nov 2026 05:{minute:02}:00 +0000"), "date_sent": null,
    })
}

fn since() -> DateTime<Utc> {
    "2026-11-22T05:10:00Z".parse().expect("a time")
}

async fn found(listed: Vec<Value>) -> Lookup {
    let fake = Fake::json(200, json!({ "messages": listed, "next_page_uri": null })).await;
    twilio(&fake.url)
        .find_sent(&message(Body::text("Hello\nshop")), since())
        .await
        .expect("a list")
}

#[tokio::test]
async fn a_text_goes_out_as_a_form() {
    let fake = Fake::json(201, accepted()).await;
    let accepted = twilio(&fake.url)
        .send(&message(Body::text("नमस्ते & hello")))
        .await
        .expect("accepted");
    assert_eq!(accepted.provider_message_id, "SM1");
    let request = fake.request();
    let line = "POST /2010-04-01/Accounts/AC00000000000000000000000000000001/Messages.json HTTP/1.1\r\n";
    assert!(request.starts_with(line), "{request}");
    assert!(
        request
            .to_lowercase()
            .contains("content-type: application/x-www-form-urlencoded")
    );
    assert!(request.to_lowercase().contains("authorization: basic "));
    let expected = [
        ("To", "whatsapp:+9779841234567"),
        ("From", "whatsapp:+14155238886"),
        ("Body", "नमस्ते & hello"),
        ("StatusCallback", "https://khaacho.example/webhooks/twilio/status"),
    ];
    let expected: Vec<(String, String)> = expected.map(|(key, value)| (key.into(), value.into())).into();
    assert_eq!(pairs(payload(&request)), expected);
}

#[tokio::test]
async fn buttons_become_words_to_type() {
    let form = form(
        Body::text("Order it?")
            .button("CONFIRM", "Confirm")
            .button("CANCEL", "Drop it"),
    )
    .await;
    assert_eq!(
        form[2].1,
        "Order it?\n\nReply with one of:\n1. CONFIRM\n2. CANCEL (Drop it)"
    );
}

#[tokio::test]
async fn a_messaging_service_may_be_the_sender() {
    let fake = Fake::json(201, accepted()).await;
    let mut message = message(Body::text("hello"));
    message.from_account = "MG1".into();
    twilio(&fake.url).send(&message).await.expect("accepted");
    assert_eq!(
        pairs(payload(&fake.request()))[1],
        ("MessagingServiceSid".into(), "MG1".into())
    );
}

#[tokio::test]
async fn outside_the_window_only_approved_content_goes() {
    let fake = Fake::json(201, accepted()).await;
    let mut message = message(Body::text("New order\nRice"));
    message.service_window_open = false;
    let mut twilio = twilio(&fake.url);
    let closed = twilio.send(&message).await.expect_err("closed");
    assert_eq!((closed.class, fake.count()), (Class::Window, 0));
    twilio.settings.window_content_sid = Some("HX1".into());
    twilio.send(&message).await.expect("accepted");
    let form = pairs(payload(&fake.request()));
    assert_eq!(form[2], ("ContentSid".into(), "HX1".into()));
    assert_eq!(
        form[3],
        ("ContentVariables".into(), r#"{"1":"New order | Rice"}"#.into())
    );
}

#[tokio::test]
async fn both_shapes_of_errors_are_read() {
    let old = json!({ "code": 21_211, "message": "'To' +9779841234567 is not valid", "status": 400 });
    let old = fault(refusal(400, old)).await;
    assert_eq!(
        old.to_string(),
        "permanent 21211: HTTP 400: 'To' +97798****567 is not valid"
    );
    let new = json!({ "title": "Too Many", "status": 429, "code": "20429", "detail": "Slow" });
    let new = fault(refusal(429, new)).await;
    assert_eq!(new.to_string(), "rate_limited 20429: HTTP 429: Slow");
}

#[tokio::test]
async fn each_class_of_error_is_told_by_its_code() {
    let cases = [
        (401, 20_003, Class::SenderStopped),
        (400, 63_007, Class::SenderStopped),
        (400, 21_610, Class::Permanent),
        (429, 20_429, Class::RateLimited),
        (400, 63_018, Class::RateLimited),
        (400, 63_016, Class::Window),
        (400, 63_012, Class::Retry),
        (500, 20_500, Class::Ambiguous),
        (503, 20_503, Class::Ambiguous),
        (400, 99_999, Class::Permanent),
        (500, 99_999, Class::Ambiguous),
    ];
    for (status, code, class) in cases {
        let fault = fault(refusal(status, json!({ "code": code, "message": "no" }))).await;
        assert_eq!(
            (fault.class, fault.code),
            (class, Some(code.to_string())),
            "{code}"
        );
    }
    let late = json!({ "sid": "SM1", "status": "failed", "error_code": 63_003, "error_message": "no" });
    assert_eq!(fault(refusal(201, late)).await.class, Class::Permanent);
}

#[tokio::test]
async fn a_lost_answer_is_ambiguous_and_a_refused_connection_is_not() {
    assert_eq!(fault(Reply::Silence).await.class, Class::Ambiguous);
    assert_eq!(fault(Reply::HangUp).await.class, Class::Ambiguous);
    assert_eq!(fault(Reply::Torn(201, "{\"sid\":")).await.class, Class::Ambiguous);
    assert_eq!(
        fault(Reply::Answer(502, "", "bad gateway".into())).await.class,
        Class::Ambiguous
    );
    let refused = twilio(&closed_url().await)
        .send(&message(Body::text("hello")))
        .await
        .expect_err("refused");
    assert_eq!(refused.class, Class::Retry);
}

#[tokio::test]
async fn what_twilio_would_refuse_costs_no_request() {
    let fake = Fake::json(201, accepted()).await;
    let twilio = twilio(&fake.url);
    for body in [
        Body::text("x".repeat(1_601)),
        Body::text("x".repeat(1_580)).button("CONFIRM", "Confirm"),
    ] {
        assert_eq!(
            twilio.send(&message(body)).await.expect_err("too long").class,
            Class::Permanent
        );
    }
    let mut nobody = message(Body::text("hello"));
    nobody.to.phone = None;
    assert_eq!(
        twilio.send(&nobody).await.expect_err("no phone").class,
        Class::Permanent
    );
    let mut unsent = message(Body::text("hello"));
    unsent.from_account = String::new();
    assert_eq!(
        twilio.send(&unsent).await.expect_err("no sender").class,
        Class::SenderStopped
    );
    assert_eq!(fake.count(), 0);
    assert!(!format!("{twilio:?}").contains(SECRET));
}

#[tokio::test]
async fn a_message_with_a_lost_answer_is_found_in_the_list() {
    let fake = Fake::json(200, json!({ "messages": [] })).await;
    let absent = twilio(&fake.url)
        .find_sent(&message(Body::text("Hello\nshop")), since())
        .await;
    assert_eq!(absent, Ok(Lookup::Absent));
    let request = fake.request();
    let target = request.split(' ').nth(1).expect("a target");
    let query = pairs(target.split_once('?').expect("a query").1);
    assert_eq!(query[0], ("To".into(), "whatsapp:+9779841234567".into()));
    assert_eq!(query[2], ("From".into(), "whatsapp:+14155238886".into()));

    let listed = vec![
        entry("SM5", "Something else", 14),
        entry("SM3", "Hello\nshop", 11),
        entry("SM4", "Hello\nshop", 12),
        entry("SM1", "Hello\nshop", 2),
    ];
    let at = |sid: &str, time: &str| ProviderRef {
        provider_message_id: sid.into(),
        created_at: time.parse().expect("a time"),
    };
    let expected = vec![
        at("SM4", "2026-11-22T05:12:00Z"),
        at("SM3", "2026-11-22T05:11:00Z"),
    ];
    assert_eq!(found(listed).await, Lookup::Candidates(expected));
}

#[tokio::test]
async fn old_and_inbound_messages_are_not_ours_and_a_full_page_proves_nothing() {
    let mut inbound = entry("SM1", "Hello\nshop", 12);
    inbound["direction"] = json!("inbound");
    assert_eq!(
        found(vec![inbound, entry("SM2", "Hello\nshop", 3)]).await,
        Lookup::Absent
    );
    let others = (0..100).map(|_| entry("SM9", "Something else", 13)).collect();
    assert_eq!(found(others).await, Lookup::CannotTell);
}

#[tokio::test]
async fn a_failed_look_up_can_always_be_repeated() {
    for reply in [
        Reply::Silence,
        Reply::Answer(500, "", String::new()),
        Reply::Answer(200, "", "[]".into()),
    ] {
        let fake = Fake::start(reply).await;
        let failed = twilio(&fake.url)
            .find_sent(&message(Body::text("hello")), since())
            .await;
        assert_eq!(failed.expect_err("failed").class, Class::Retry);
    }
}
