use serde_json::{Value, json};

use super::super::fake::{Fake, Reply, client, closed_url, outgoing, payload};
use super::*;
use crate::domain::message::{Body, Row};

const TOKEN: &str = "EAAG-test-token-0123456789";

fn meta(url: &str) -> Meta {
    let settings = Settings {
        api_url: format!("{url}/v26.0"),
        access_token: Secret::new(TOKEN),
        window_template: None,
    };
    Meta::new(client(), settings)
}

fn accepted() -> Value {
    json!({
        "messaging_product": "whatsapp",
        "contacts": [{ "input": "9779841234567", "wa_id": "9779841234567" }],
        "messages": [{ "id": "wamid.HBgN", "message_status": "accepted" }],
    })
}

async fn sent(body: Body) -> Value {
    let fake = Fake::json(200, accepted()).await;
    meta(&fake.url).send(&outgoing(body)).await.expect("accepted");
    serde_json::from_str(payload(&fake.request())).expect("JSON")
}

async fn fault(reply: Reply) -> SendFault {
    let fake = Fake::start(reply).await;
    meta(&fake.url)
        .send(&outgoing(Body::text("hello")))
        .await
        .expect_err("refused")
}

fn refusal(status: u16, error: Value) -> Reply {
    Reply::Answer(
        status,
        "Content-Type: application/json\r\n",
        json!({ "error": error }).to_string(),
    )
}

#[tokio::test]
async fn a_text_goes_out_with_our_id_and_comes_back_with_theirs() {
    let fake = Fake::json(200, accepted()).await;
    let message = outgoing(Body::text("नमस्ते"));
    let accepted = meta(&fake.url).send(&message).await.expect("accepted");
    assert_eq!(accepted.provider_message_id, "wamid.HBgN");
    let request = fake.request();
    assert!(
        request.starts_with("POST /v26.0/106540352242922/messages HTTP/1.1\r\n"),
        "{request}"
    );
    assert!(
        request
            .to_lowercase()
            .contains(&format!("authorization: bearer {}", TOKEN.to_lowercase()))
    );
    let expected = json!({
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": "9779841234567",
        "biz_opaque_callback_data": message.notification_id.to_string(),
        "type": "text",
        "text": { "body": "नमस्ते", "preview_url": false },
    });
    assert_eq!(
        serde_json::from_str::<Value>(payload(&request)).expect("JSON"),
        expected
    );
}

#[tokio::test]
async fn buttons_and_lists_are_interactive_messages() {
    let buttons = sent(
        Body::text("Order it?")
            .button("CONFIRM", "Confirm")
            .button("CANCEL", "Cancel"),
    )
    .await;
    assert_eq!(buttons["type"], "interactive");
    let expected = json!({
        "type": "button",
        "body": { "text": "Order it?" },
        "action": { "buttons": [
            { "type": "reply", "reply": { "id": "CONFIRM", "title": "Confirm" } },
            { "type": "reply", "reply": { "id": "CANCEL", "title": "Cancel" } },
        ] },
    });
    assert_eq!(buttons["interactive"], expected);
    let row = Row {
        id: "1".into(),
        title: "Sugar".into(),
        description: String::new(),
        word: String::new(),
    };
    let list = sent(Body::text("Which?").list("Choose", vec![row])).await;
    let expected = json!({
        "type": "list",
        "body": { "text": "Which?" },
        "action": { "button": "Choose", "sections": [{ "rows": [{ "id": "1", "title": "Sugar" }] }] },
    });
    assert_eq!(list["interactive"], expected);
}

#[tokio::test]
async fn somebody_without_a_phone_is_reached_by_user_id() {
    let fake = Fake::json(200, accepted()).await;
    let mut message = outgoing(Body::text("hello"));
    message.to.phone = None;
    message.to.user_id = Some("NP.4308".into());
    meta(&fake.url).send(&message).await.expect("accepted");
    let body: Value = serde_json::from_str(payload(&fake.request())).expect("JSON");
    assert_eq!(
        (body["recipient"].as_str(), body.get("to")),
        (Some("NP.4308"), None)
    );
    message.to.user_id = None;
    let nobody = meta(&fake.url).send(&message).await.expect_err("nobody");
    assert_eq!((nobody.class, fake.count()), (Class::Permanent, 1));
}

#[tokio::test]
async fn outside_the_window_only_an_approved_template_goes() {
    let fake = Fake::json(200, accepted()).await;
    let mut message = outgoing(Body::text("New order\n\nRice  x 2\nReply ACCEPT."));
    message.service_window_open = false;
    let mut meta = meta(&fake.url);
    let closed = meta.send(&message).await.expect_err("closed");
    assert_eq!((closed.class, fake.count()), (Class::Window, 0));
    meta.settings.window_template = Some(WindowTemplate {
        name: "order_news".into(),
        language: "en".into(),
    });
    meta.send(&message).await.expect("accepted");
    let body: Value = serde_json::from_str(payload(&fake.request())).expect("JSON");
    assert_eq!(body["template"]["name"], "order_news");
    let text = &body["template"]["components"][0]["parameters"][0]["text"];
    assert_eq!(text, "New order | Rice x 2 | Reply ACCEPT.");
    message.body = Body::text("long ".repeat(200));
    assert_eq!(
        meta.send(&message).await.expect_err("too long").class,
        Class::Window
    );
}

#[tokio::test]
async fn each_class_of_error_is_told_by_its_code() {
    let cases = [
        (401, 190, Class::SenderStopped),
        (400, 100, Class::Permanent),
        (400, 131_026, Class::Permanent),
        (500, 131_000, Class::Retry),
        (400, 130_429, Class::RateLimited),
        (400, 131_056, Class::PairLimited),
        (400, 131_047, Class::Window),
        (400, 777_777, Class::Permanent),
        (500, 777_777, Class::Ambiguous),
    ];
    for (status, code, class) in cases {
        let fault = fault(refusal(status, json!({ "message": "no", "code": code }))).await;
        assert_eq!(
            (fault.class, fault.code),
            (class, Some(code.to_string())),
            "{code}"
        );
    }
    let transient = fault(refusal(
        400,
        json!({ "message": "no", "code": 777_777, "is_transient": true }),
    ))
    .await;
    assert_eq!(transient.class, Class::Retry);
}

#[tokio::test]
async fn the_providers_words_are_kept_without_tokens_and_phones() {
    let words = json!({
        "message": format!("(#131026) Malformed {TOKEN}"),
        "code": 131_026,
        "error_data": { "details": "Message undeliverable to 9779841234567" },
    });
    let fault = fault(refusal(400, words)).await;
    let expected =
        "permanent 131026: HTTP 400: (#131026) Malformed [REDACTED]: Message undeliverable to 97798****567";
    assert_eq!(fault.to_string(), expected);
}

#[tokio::test]
async fn statuses_without_a_code_have_a_class_too() {
    let plain = |status, headers| Reply::Answer(status, headers, "<html>oops</html>".into());
    let limited = fault(plain(429, "Retry-After: 17\r\n")).await;
    assert_eq!(
        (limited.class, limited.retry_after),
        (Class::RateLimited, Some(std::time::Duration::from_secs(17)))
    );
    assert_eq!(fault(plain(503, "")).await.class, Class::Retry);
    assert_eq!(fault(plain(502, "")).await.class, Class::Ambiguous);
    assert_eq!(fault(plain(403, "")).await.class, Class::SenderStopped);
    assert_eq!(
        fault(plain(307, "Location: http://127.0.0.1:1/\r\n")).await.class,
        Class::SenderStopped
    );
}

#[tokio::test]
async fn a_lost_answer_is_ambiguous_and_a_refused_connection_is_not() {
    assert_eq!(fault(Reply::Silence).await.class, Class::Ambiguous);
    assert_eq!(fault(Reply::HangUp).await.class, Class::Ambiguous);
    assert_eq!(
        fault(Reply::Torn(200, "{\"messages\":[")).await.class,
        Class::Ambiguous
    );
    assert_eq!(
        fault(Reply::Answer(200, "", "{}".into())).await.class,
        Class::Ambiguous
    );
    assert_eq!(
        fault(Reply::Answer(200, "", "x".repeat(10 << 20))).await.class,
        Class::Ambiguous
    );
    let refused = meta(&closed_url().await)
        .send(&outgoing(Body::text("hello")))
        .await
        .expect_err("refused");
    assert_eq!(refused.class, Class::Retry);
    assert!(!refused.text.contains("http"), "{refused}");
}

#[tokio::test]
async fn what_meta_would_refuse_costs_no_request() {
    let fake = Fake::json(200, accepted()).await;
    let bad = [
        Body::text(""),
        Body::text("x".repeat(4_097)),
        Body::text("x".repeat(1_025)).button("OK", "Fine"),
        Body::text("x").button("OK", "a title that is far too long"),
    ];
    for body in bad {
        assert_eq!(
            meta(&fake.url)
                .send(&outgoing(body))
                .await
                .expect_err("bad")
                .class,
            Class::Permanent
        );
    }
    let mut message = outgoing(Body::text("hello"));
    message.from_account = "1/../2".into();
    assert_eq!(
        meta(&fake.url).send(&message).await.expect_err("bad").class,
        Class::SenderStopped
    );
    assert_eq!(fake.count(), 0);
}

#[tokio::test]
async fn meta_cannot_be_asked_what_it_has_sent() {
    let meta = meta("http://127.0.0.1:1");
    let lookup = meta
        .find_sent(&outgoing(Body::text("hello")), DateTime::UNIX_EPOCH)
        .await;
    assert_eq!(lookup, Ok(Lookup::CannotTell));
    assert!(!format!("{meta:?}").contains(TOKEN));
}
