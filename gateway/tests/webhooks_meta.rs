//! Meta's webhooks through the whole edge.

use axum::body::Body;
use base64::Engine as _;
use http::Request;
use khaacho_fault::Fault;
use ring::hmac;
use serde_json::{Value, json};

use crate::support::{World, and, plain};

const SECRET: &str = "00112233445566778899aabbccddeeff";

fn fixture(name: &str) -> String {
    let path = format!("{}/fixtures/meta_payloads/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn delivery(path: &str, body: impl Into<Vec<u8>>) -> Request<Body> {
    let body = body.into();
    let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
    let tag = hmac::sign(&key, &body);
    let hex: String = tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    let request = and(plain("POST", path), "content-type", "application/json");
    let mut request = and(request, "x-hub-signature-256", &format!("sha256={hex}"));
    *request.body_mut() = Body::from(body);
    request
}

#[tokio::test]
async fn the_handshake_vectors_pass() {
    let world = World::new().await;
    let path = format!("{}/fixtures/meta_signatures.json", env!("CARGO_MANIFEST_DIR"));
    let vectors: Value =
        serde_json::from_str(&std::fs::read_to_string(path).expect("fixture")).expect("JSON");
    for case in vectors["verify_get"]["cases"].as_array().expect("cases") {
        for path in ["/webhooks/meta", "/api/v1/whatsapp/webhook"] {
            let uri = format!("{path}?{}", case["query"].as_str().expect("a query"));
            let answer = world.send(plain("GET", &uri)).await;
            assert_eq!(answer.status.as_u16(), case["status"], "{uri} {}", answer.text);
            if let Some(body) = case["body"].as_str() {
                assert_eq!(answer.text, body);
            }
        }
    }
}

#[tokio::test]
async fn the_signature_vectors_pass() {
    let path = format!("{}/fixtures/meta_signatures.json", env!("CARGO_MANIFEST_DIR"));
    let vectors: Value =
        serde_json::from_str(&std::fs::read_to_string(path).expect("fixture")).expect("JSON");
    let world = World::new().await;
    for vector in vectors["vectors"].as_array().expect("vectors") {
        assert_eq!(vector["app_secret"], SECRET);
        let body = match &vector["body_repeat"] {
            Value::Null => base64::engine::general_purpose::STANDARD
                .decode(vector["body_base64"].as_str().expect("a body"))
                .expect("base64"),
            repeat => {
                let times = repeat["times"].as_u64().and_then(|n| usize::try_from(n).ok());
                let text = repeat["text"].as_str().expect("a text");
                text.repeat(times.expect("a count")).into_bytes()
            }
        };
        let mut request = and(
            plain("POST", "/webhooks/meta"),
            "content-type",
            "application/json",
        );
        if let Some(header) = vector["header"].as_str() {
            request = and(request, "x-hub-signature-256", header);
        }
        *request.body_mut() = Body::from(body);
        let answer = world.send(request).await;
        let verdict = |name: &str| vector[name].as_bool();
        let raw = verdict("expect_valid_raw_bytes").expect("a verdict");
        let valid = raw || verdict("expect_valid_with_escaped_fallback") == Some(true);
        let expected = if valid { 200 } else { 403 };
        assert_eq!(
            answer.status.as_u16(),
            expected,
            "{} {}",
            vector["id"],
            answer.text
        );
    }
}

#[tokio::test]
async fn media_and_contacts_go_on_with_the_message() {
    let world = World::new().await;
    world
        .send(delivery("/webhooks/meta", fixture("document_pdf.json")))
        .await;
    let message = world.peer.only().body["messages"][0]["message"].clone();
    assert_eq!(message["text"], "purchase order");
    let medium = &message["media"][0];
    assert_eq!(medium["provider_media_id"], "1238778051773092");
    assert_eq!(medium["sha256"], "XD+fLbvAoXoSVEI/Gb63OhFEKacZVXCFa5ph/gqAemA=");
    assert_eq!(
        (&medium["mime_type"], &medium["filename"]),
        (&json!("application/pdf"), &json!("order-list.pdf"))
    );
    let world = World::new().await;
    world
        .send(delivery("/webhooks/meta", fixture("contacts.json")))
        .await;
    let message = world.peer.only().body["messages"][0]["message"].clone();
    let hari = json!([{ "name": "Hari Sharma", "phones": ["+977 985-1012345"] }]);
    assert_eq!(message["contacts"], hari);
}

#[tokio::test]
async fn names_that_are_too_long_cost_no_message() {
    let world = World::new().await;
    let long = "x".repeat(3_000);
    let image =
        json!({ "id": long, "url": long, "mime_type": long, "sha256": long, "caption": "2 bora chini" });
    let phones = vec![json!({ "phone": "9".repeat(100) }); 12];
    let contacts = vec![json!({ "name": { "formatted_name": long }, "phones": phones }); 25];
    let message = |id: &str, kind: &str, body: Value| {
        let mut message = json!({ "id": id, "from": "9779841234567", "type": kind });
        message[kind] = body;
        message
    };
    let messages = json!([
        message("m1", "image", image),
        message("m2", "contacts", json!(contacts)),
        message(
            "m3",
            "location",
            json!({ "latitude": "27.7", "longitude": 85.3, "name": long })
        ),
        message("m4", "location", json!({ "latitude": 127.7, "longitude": 85.3 })),
    ]);
    let entry =
        json!([{ "id": "1", "changes": [{ "field": "messages", "value": { "messages": messages } }] }]);
    let body = json!({ "object": "whatsapp_business_account", "entry": entry });
    assert_eq!(
        world
            .send(delivery("/webhooks/meta", body.to_string()))
            .await
            .status,
        200
    );
    let seen = world.peer.only();
    let message = |n: usize| seen.body["messages"][n]["message"].clone();
    assert_eq!(
        (&message(0)["text"], &message(0)["media"]),
        (&json!("2 bora chini"), &json!([{}]))
    );
    let shared = message(1)["contacts"].as_array().expect("contacts").clone();
    let chars = |text: &Value| text.as_str().map_or(0, |text| text.chars().count());
    assert_eq!((shared.len(), chars(&shared[0]["name"])), (20, 200));
    assert_eq!(shared[0]["phones"].as_array().map(Vec::len), Some(10));
    assert_eq!(
        (
            chars(&shared[0]["phones"][0]),
            chars(&message(2)["location"]["name"])
        ),
        (64, 500)
    );
    assert_eq!(
        (&message(2)["location"]["latitude"], message(3).get("location")),
        (&json!(27.7), None)
    );
}

#[tokio::test]
async fn all_messages_of_a_batch_go_in_one_call_before_all_statuses() {
    let world = World::new().await;
    let request = delivery(
        "/api/v1/whatsapp/webhook",
        fixture("batch_two_entries_messages_and_statuses.json"),
    );
    let answer = world.send(request).await;
    assert_eq!(
        (answer.status.as_u16(), answer.text.as_str()),
        (200, "{\"status\":\"ok\"}")
    );
    assert_eq!(answer.header("content-type"), "application/json");
    let seen = world.peer.seen();
    let names: Vec<&str> = seen
        .iter()
        .filter_map(|call| call.path.rsplit('/').next())
        .collect();
    assert_eq!(names, ["ReceiveMessage", "ReceiveStatus"]);
    assert!(seen[0].body["messages"].as_array().expect("messages").len() > 1);
    assert_eq!(seen[0].principal.subject, "gateway");
    assert_eq!(seen[0].cause, answer.header("x-request-id"));
    let first = &seen[0].body["messages"][0];
    assert_eq!(first["address"]["provider"], "PROVIDER_META");
    assert!(
        first["message"]["payload_json"]
            .as_str()
            .is_some_and(|raw| raw.starts_with('{'))
    );
}

#[tokio::test]
async fn every_payload_is_acknowledged() {
    let world = World::new().await;
    let folder = format!("{}/fixtures/meta_payloads", env!("CARGO_MANIFEST_DIR"));
    for entry in std::fs::read_dir(folder).expect("fixtures") {
        let body = std::fs::read(entry.expect("a file").path()).expect("readable");
        assert_eq!(world.send(delivery("/webhooks/meta", body)).await.status, 200);
    }
    let kept: i64 = sqlx::query_scalar("select count(*) from gateway.ignored_event")
        .fetch_one(world.db.pool())
        .await
        .expect("a count");
    assert!(kept > 0, "events that nobody acts upon are kept");
}

#[tokio::test]
async fn an_unknown_event_is_kept_once() {
    let world = World::new().await;
    for _ in 0..2 {
        let answer = world
            .send(delivery("/webhooks/meta", fixture("account_update.json")))
            .await;
        assert_eq!(answer.status, 200);
    }
    assert!(world.peer.seen().is_empty());
    let rows: Vec<(String, String)> = sqlx::query_as("select provider, cause from gateway.ignored_event")
        .fetch_all(world.db.pool())
        .await
        .expect("rows");
    assert_eq!(rows.len(), 1);
    assert!(rows[0].0 == "meta" && rows[0].1.starts_with("req_"));
}

#[tokio::test]
async fn what_cannot_be_stored_must_be_delivered_again() {
    let world = World::new().await;
    world
        .peer
        .fails("ReceiveMessage", Fault::unavailable("the database is away"));
    let answer = world
        .send(delivery("/webhooks/meta", fixture("text_romanized.json")))
        .await;
    answer.refused(503, "UNAVAILABLE");
    assert_eq!(answer.header("retry-after"), "5");
}

#[tokio::test]
async fn one_message_that_the_service_refuses_does_not_cost_the_others() {
    let world = World::new().await;
    world
        .peer
        .fails("ReceiveMessage", Fault::invalid("messages[0]", "is odd"));
    let answer = world
        .send(delivery("/webhooks/meta", fixture("text_romanized.json")))
        .await;
    assert_eq!(answer.status, 200, "delivering it again would not help");
    let kind: String = sqlx::query_scalar("select kind from gateway.ignored_event")
        .fetch_one(world.db.pool())
        .await
        .expect("a row");
    assert_eq!(kind, "refused_message");
}

#[tokio::test]
async fn unsigned_wrong_and_foreign_requests_are_refused() {
    let world = World::new().await;
    let mut forged = delivery("/webhooks/meta", fixture("text_romanized.json"));
    *forged.body_mut() = Body::from(fixture("text_devanagari.json"));
    world.send(forged).await.refused(403, "WEBHOOK_UNPROVEN");
    let mut form = and(
        plain("POST", "/webhooks/meta"),
        "content-type",
        "application/x-www-form-urlencoded",
    );
    *form.body_mut() = Body::from("a=b");
    world.send(form).await.refused(415, "UNSUPPORTED_MEDIA_TYPE");
    let long = delivery("/webhooks/meta", vec![b' '; 4 * 1024 * 1024 + 1]);
    world.send(long).await.refused(413, "BODY_TOO_LARGE");
    assert!(world.peer.seen().is_empty());
}

#[tokio::test]
async fn without_secrets_the_provider_is_asked_to_come_back() {
    let world = World::with(&[("WHATSAPP_APP_SECRET", ""), ("WHATSAPP_VERIFY_TOKEN", "")]).await;
    let answer = world
        .send(delivery("/webhooks/meta", fixture("text_romanized.json")))
        .await;
    let problem = answer.refused(503, "WEBHOOK_NOT_CONFIGURED");
    assert_eq!(
        problem["facts"],
        json!({ "provider": "meta", "missing": "WHATSAPP_APP_SECRET" })
    );
    let shake = "/webhooks/meta?hub.mode=subscribe&hub.challenge=1&hub.verify_token=x";
    world
        .send(plain("GET", shake))
        .await
        .refused(503, "WEBHOOK_NOT_CONFIGURED");
}

#[tokio::test]
async fn both_secrets_count_while_one_is_rotated() {
    let settings = [
        ("WHATSAPP_APP_SECRET", "the new one"),
        ("WHATSAPP_APP_SECRET_SECONDARY", SECRET),
    ];
    let world = World::with(&settings).await;
    let answer = world
        .send(delivery("/webhooks/meta", fixture("text_romanized.json")))
        .await;
    assert_eq!(answer.status, 200);
}
