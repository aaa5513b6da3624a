//! Orders through Twilio's and Meta's webhooks, with their signatures, and answers through their APIs.

mod media;

use khaacho_e2e::provider::{Provider, form, meta_signature, twilio_signature};
use khaacho_e2e::world::{self, Basket, Shop};
use khaacho_e2e::{Answer, Rest, SOON, TestMesh, check, eventually};
use serde_json::{Value, json};

const TOKEN: &str = "6f1d2c3b4a5968778695a4b3c2d1e0f9";
const SECRET: &str = "5d41402abc4b2a76b9719d911017c592";
const ACCOUNT: &str = "AC0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a";
const OUR_NUMBER: &str = "+14155238886";
const OUR_META_ID: &str = "180000000000022";
/// Under which providers reach us; the test itself comes in behind the proxy.
const PUBLIC: &str = "https://orders.example.com/api/v1/whatsapp/webhook";

async fn mesh(provider: &Provider) -> TestMesh {
    mesh_with(provider, &[]).await
}

async fn mesh_with(provider: &Provider, more: &[(&str, &str)]) -> TestMesh {
    let meta = format!("{}/v26.0", provider.url);
    let basic = [
        ("TWILIO_ACCOUNT_SID", ACCOUNT),
        ("TWILIO_AUTH_TOKEN", TOKEN),
        ("TWILIO_WHATSAPP_NUMBER", OUR_NUMBER),
        ("TWILIO_API_URL", &provider.url),
        ("WEBHOOK_URL", PUBLIC),
        ("WHATSAPP_APP_SECRET", SECRET),
        ("WHATSAPP_VERIFY_TOKEN", "a-token-of-ours"),
        ("WHATSAPP_PHONE_NUMBER_ID", OUR_META_ID),
        ("WHATSAPP_ACCESS_TOKEN", "EAAGtest"),
        ("WHATSAPP_API_URL", &meta),
    ];
    TestMesh::all_in_one(&[&basic, more].concat()).await
}

/// Twilio delivers a message.
async fn twilio(rest: &Rest, phone: &str, sid: &str, text: &str) -> Answer {
    let from = format!("whatsapp:{phone}");
    let to = format!("whatsapp:{OUR_NUMBER}");
    let fields = [
        ("AccountSid", ACCOUNT),
        ("ApiVersion", "2010-04-01"),
        ("Body", text),
        ("From", &from),
        ("MessageSid", sid),
        ("MessageType", "text"),
        ("NumMedia", "0"),
        ("ProfileName", "Khadka Kirana & Sons"),
        ("SmsMessageSid", sid),
        ("SmsStatus", "received"),
        ("To", &to),
    ];
    signed_form(rest, &fields).await
}

async fn signed_form(rest: &Rest, fields: &[(&str, &str)]) -> Answer {
    let headers = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("x-twilio-signature", &twilio_signature(TOKEN, PUBLIC, fields)),
    ];
    rest.post_raw("/api/v1/whatsapp/webhook", &headers, form(fields))
        .await
}

/// Meta delivers a batch of messages or statuses.
async fn meta(rest: &Rest, value: Value) -> Answer {
    let mut value = value;
    value["messaging_product"] = json!("whatsapp");
    value["metadata"] = json!({ "display_phone_number": "15550100123", "phone_number_id": OUR_META_ID });
    let changes = json!([{ "field": "messages", "value": value }]);
    let body = json!({ "object": "whatsapp_business_account", "entry": [{ "id": "190000000000011", "changes": changes }] });
    let body = body.to_string().into_bytes();
    let signature = meta_signature(SECRET, &body);
    let headers = [
        ("content-type", "application/json"),
        ("x-hub-signature-256", signature.as_str()),
    ];
    rest.post_raw("/webhooks/meta", &headers, body).await
}

fn meta_text(phone: &str, id: &str, text: &str) -> Value {
    let digits = phone.trim_start_matches('+');
    let message = json!({
        "from": digits, "id": id, "timestamp": "1762934401", "type": "text", "text": { "body": text },
    });
    json!({ "contacts": [{ "wa_id": digits, "profile": { "name": "Shop" } }], "messages": [message] })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_through_twilio_is_answered_through_twilio() {
    let provider = Provider::start().await;
    let mesh = mesh(&provider).await;
    let shop = world::rich_shop(&mesh).await;
    let basket = world::basket(&mesh).await;
    forged(&mesh, &shop).await;
    let rest = mesh.stranger();
    // A provider that is overloaded for a moment costs time, no message.
    provider.refuse(2);
    for _ in 0..3 {
        let acknowledged = twilio(
            &rest,
            &shop.phone,
            "SM00000000000000000000000000000001",
            &basket.text(),
        )
        .await;
        assert_eq!(acknowledged.status, 200, "{}", acknowledged.text);
        assert!(
            acknowledged.header("content-type").starts_with("text/xml"),
            "{:?}",
            acknowledged.headers
        );
    }
    let quote = provider.expect(&shop.phone, "Your order:", SOON).await;
    let sender = format!("whatsapp:{OUR_NUMBER}");
    assert_eq!(
        (&quote.request["From"], &quote.request["StatusCallback"]),
        (&json!(sender), &json!(PUBLIC))
    );
    twilio(
        &rest,
        &shop.phone,
        "SM00000000000000000000000000000002",
        "confirm",
    )
    .await;
    let placed = provider.expect(&shop.phone, "is placed", SOON).await;
    // Vendors have not written yet; they are asked through the provider that is the default.
    provider.expect_any("New order ORD", SOON).await;
    check::quiesce(&mesh.database, mesh.now()).await;
    let quotes = provider
        .sent()
        .iter()
        .filter(|sent| sent.text.contains("Your order:"))
        .count();
    assert_eq!(quotes, 1, "three deliveries of one message have one answer");
    twilio_statuses(&mesh, &placed.id).await;
    let metrics = mesh.stranger().get("/metrics").await;
    assert!(
        metrics.text.contains("webhook_ack_seconds"),
        "the time to the acknowledgement is measured"
    );
    one_order(&mesh, &shop, &basket).await;
    mesh.finish().await;
}

/// No signature, a signature of something else, a signature with another secret.
async fn forged(mesh: &TestMesh, shop: &Shop) {
    let rest = mesh.stranger();
    let from = format!("whatsapp:{}", shop.phone);
    let fields = [
        ("AccountSid", ACCOUNT),
        ("Body", "hello"),
        ("From", &from),
        ("MessageSid", "SMx"),
        ("To", "whatsapp:+1"),
    ];
    let media = ("content-type", "application/x-www-form-urlencoded");
    let other_text = twilio_signature(TOKEN, PUBLIC, &fields[..4]);
    let other_secret = twilio_signature("another", PUBLIC, &fields);
    for signature in ["", other_text.as_str(), other_secret.as_str()] {
        let headers = [media, ("x-twilio-signature", signature)];
        let answer = rest
            .post_raw("/api/v1/whatsapp/webhook", &headers, form(&fields))
            .await;
        assert_eq!(answer.status, 403, "{}", answer.text);
    }
    let body = meta_text(&shop.phone, "wamid.forged", "hello")
        .to_string()
        .into_bytes();
    let signature = meta_signature("another", &body);
    let headers = [
        ("content-type", "application/json"),
        ("x-hub-signature-256", signature.as_str()),
    ];
    assert_eq!(rest.post_raw("/webhooks/meta", &headers, body).await.status, 403);
    let stored: i64 = sqlx::query_scalar("select count(*) from orders.inbound_message")
        .fetch_one(&mesh.database)
        .await
        .expect("the database answers");
    assert_eq!(stored, 0);
}

/// States move forward, whatever the order in which Twilio reports them.
async fn twilio_statuses(mesh: &TestMesh, sid: &str) {
    let rest = mesh.stranger();
    for (status, state) in [
        ("delivered", "DELIVERED"),
        ("sent", "DELIVERED"),
        ("read", "READ"),
        ("delivered", "READ"),
    ] {
        let fields = [
            ("AccountSid", ACCOUNT),
            ("MessageSid", sid),
            ("MessageStatus", status),
            ("SmsStatus", status),
        ];
        assert_eq!(signed_form(&rest, &fields).await.status, 200);
        state_is(mesh, sid, state).await;
    }
}

async fn state_is(mesh: &TestMesh, provider_id: &str, state: &str) {
    eventually(&format!("{provider_id} to be {state}"), SOON, async || {
        let sql = "select state from notification.notification where provider_message_id = $1";
        let seen: Option<String> = sqlx::query_scalar(sql)
            .bind(provider_id)
            .fetch_optional(&mesh.database)
            .await
            .map_err(|e| e.to_string())?;
        if seen.as_deref() == Some(state) {
            Ok(())
        } else {
            Err(format!("{seen:?}"))
        }
    })
    .await;
}

async fn one_order(mesh: &TestMesh, shop: &Shop, basket: &Basket) {
    let path = format!("/api/v1/orders?account_id={}", shop.account_id);
    let orders = mesh.rest().get(&path).await.ok()["orders"].clone();
    assert_eq!(orders.as_array().map(Vec::len), Some(1), "{orders}");
    let id = orders[0]["orderId"].as_str().expect("an id");
    let order = mesh.rest().get(&format!("/api/v1/orders/{id}")).await.ok();
    assert_eq!(order["order"]["lines"][0]["sku"], basket.products[0].sku.as_str());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_through_meta_is_answered_through_meta() {
    let provider = Provider::start().await;
    let mesh = mesh(&provider).await;
    let shop = world::rich_shop(&mesh).await;
    let basket = world::basket(&mesh).await;
    let rest = mesh.stranger();
    let hand = "/api/v1/whatsapp/webhook?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=";
    let handshake = rest.get(&format!("{hand}a-token-of-ours")).await;
    assert_eq!((handshake.status, handshake.text.as_str()), (200, "1158201444"));
    assert_eq!(rest.get(&format!("{hand}guessed")).await.status, 403);

    for _ in 0..3 {
        assert_eq!(
            meta(&rest, meta_text(&shop.phone, "wamid.order", &basket.text()))
                .await
                .status,
            200
        );
    }
    let quote = provider.expect(&shop.phone, "Your order:", SOON).await;
    let buttons = quote
        .request
        .pointer("/interactive/action/buttons")
        .and_then(Value::as_array)
        .cloned();
    let buttons = buttons.unwrap_or_default();
    let ids: Vec<_> = buttons
        .iter()
        .map(|button| button["reply"]["id"].as_str().unwrap_or_default())
        .collect();
    let words: Vec<_> = ids.iter().filter_map(|id| id.split(' ').next()).collect();
    assert_eq!(words, ["CONFIRM", "CHANGE", "CANCEL"], "{}", quote.request);
    let digits = shop.phone.trim_start_matches('+');
    let contacts = json!([{ "wa_id": digits, "profile": { "name": "Shop" } }]);
    let tap = async |id: &str| {
        let tap = json!({
            "from": digits, "id": id, "timestamp": "1762934402", "type": "interactive",
            "interactive": { "type": "button_reply", "button_reply": { "id": ids[0], "title": "Confirm" } },
        });
        let body = json!({ "contacts": contacts, "messages": [tap] });
        assert_eq!(meta(&rest, body).await.status, 200);
    };
    tap("wamid.tap").await;
    let placed = provider.expect(&shop.phone, "is placed", SOON).await;
    tap("wamid.again").await;
    provider.expect(&shop.phone, "already placed as ORD", SOON).await;
    check::quiesce(&mesh.database, mesh.now()).await;
    assert_eq!(
        provider
            .sent()
            .iter()
            .filter(|sent| sent.text.contains("Your order:"))
            .count(),
        1
    );
    meta_statuses(&mesh, &placed.id, digits).await;
    one_order(&mesh, &shop, &basket).await;
    unknown_kinds(&mesh, digits).await;
    mesh.finish().await;
}

async fn meta_statuses(mesh: &TestMesh, id: &str, digits: &str) {
    let rest = mesh.stranger();
    for (status, state) in [("sent", "SENT"), ("read", "READ"), ("delivered", "READ")] {
        let status = json!({ "id": id, "status": status, "timestamp": "1762934410", "recipient_id": digits });
        assert_eq!(meta(&rest, json!({ "statuses": [status] })).await.status, 200);
        state_is(mesh, id, state).await;
    }
}

/// What nobody has seen yet is kept and acknowledged, and the messages beside it count.
async fn unknown_kinds(mesh: &TestMesh, digits: &str) {
    let text = json!({ "from": digits, "id": "wamid.help", "timestamp": "1762934403", "type": "text", "text": { "body": "help" } });
    let hologram = json!({ "from": digits, "id": "wamid.holo", "timestamp": "1762934403", "type": "hologram", "hologram": {} });
    let delivered = meta(
        &mesh.stranger(),
        json!({ "messages": [hologram, text], "novelty": { "x": 1 } }),
    )
    .await;
    assert_eq!(delivered.status, 200, "{}", delivered.text);
    eventually("both messages to be handled", SOON, async || {
        let sql = "select count(*) from orders.inbound_message
                   where provider_message_id in ('wamid.help', 'wamid.holo') and outcome is not null";
        let handled: i64 = sqlx::query_scalar(sql)
            .fetch_one(&mesh.database)
            .await
            .map_err(|e| e.to_string())?;
        if handled == 2 {
            Ok(())
        } else {
            Err(format!("{handled} are"))
        }
    })
    .await;
}
