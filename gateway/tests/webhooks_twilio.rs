//! Twilio's webhooks through the whole edge.

use axum::body::Body;
use http::Request;
use khaacho_fault::Fault;
use serde_json::{Value, json};

use crate::support::{World, plain};

fn index() -> Value {
    let path = format!(
        "{}/fixtures/twilio_payloads/index.json",
        env!("CARGO_MANIFEST_DIR")
    );
    serde_json::from_str(&std::fs::read_to_string(path).expect("fixture")).expect("JSON")
}

fn delivery(index: &Value, name: &str) -> Request<Body> {
    let file = &index["files"][name];
    let path = format!("{}/fixtures/twilio_payloads/{name}", env!("CARGO_MANIFEST_DIR"));
    let url = file["url"].as_str().expect("an address");
    let uri = url
        .strip_prefix("https://gateway.example.com")
        .expect("our address");
    let mut request = plain("POST", uri);
    let headers = file["headers"].as_object().expect("headers");
    for (name, value) in headers {
        let name: http::HeaderName = name.parse().expect("a name");
        request
            .headers_mut()
            .insert(name, value.as_str().expect("text").parse().expect("a value"));
    }
    let media = index["content_type"].as_str().expect("text");
    request
        .headers_mut()
        .insert("content-type", media.parse().expect("a value"));
    *request.body_mut() = Body::from(std::fs::read(path).expect("fixture"));
    request
}

#[tokio::test]
async fn every_signed_payload_is_acknowledged_with_an_empty_reply() {
    let world = World::new().await;
    let index = index();
    for name in index["files"].as_object().expect("files").keys() {
        let answer = world.send(delivery(&index, name)).await;
        assert_eq!(answer.status, 200, "{name}: {}", answer.text);
        assert_eq!(answer.header("content-type"), "text/xml");
        assert_eq!(
            answer.text,
            r#"<?xml version="1.0" encoding="UTF-8"?><Response/>"#
        );
    }
    let seen = world.peer.seen();
    assert!(seen.iter().any(|call| call.path.ends_with("/ReceiveMessage")));
    assert!(seen.iter().any(|call| call.path.ends_with("/ReceiveStatus")));
}

#[tokio::test]
async fn a_message_reaches_the_order_service_in_the_meshs_own_form() {
    let world = World::new().await;
    world.send(delivery(&index(), "inbound_text_romanized.txt")).await;
    let seen = world.peer.only();
    let message = &seen.body["messages"][0];
    let address = &message["address"];
    assert_eq!(address["provider"], "PROVIDER_TWILIO");
    assert!(
        address["account"]
            .as_str()
            .is_some_and(|own| own.starts_with("whatsapp:+")),
        "{address}"
    );
    assert!(
        address["address"]
            .as_str()
            .is_some_and(|other| other.starts_with("whatsapp:+977"))
    );
    assert!(
        address["phone"]
            .as_str()
            .is_some_and(|phone| phone.starts_with("+977"))
    );
    assert!(
        message["message"]["provider_message_id"]
            .as_str()
            .is_some_and(|id| id.len() == 34)
    );
}

#[tokio::test]
async fn media_and_places_go_on_with_the_message() {
    let world = World::new().await;
    world.send(delivery(&index(), "inbound_voice_note.txt")).await;
    let message = world.peer.only().body["messages"][0]["message"].clone();
    let medium = &message["media"][0];
    assert_eq!(
        (&message["kind"], &medium["mime_type"]),
        (&json!("audio"), &json!("audio/ogg"))
    );
    let url = medium["url"].as_str().expect("an address");
    assert!(
        url.starts_with("https://api.twilio.com/2010-04-01/Accounts/AC"),
        "{url}"
    );
    let world = World::new().await;
    world.send(delivery(&index(), "inbound_location.txt")).await;
    let message = world.peer.only().body["messages"][0]["message"].clone();
    let place = json!({
        "latitude": 27.7051, "longitude": 85.3131, "name": "Asan Tole", "address": "Asan, Kathmandu",
    });
    assert_eq!(
        (
            &message["location"],
            message["media"].as_array().map_or(0, Vec::len)
        ),
        (&place, 0)
    );
}

#[tokio::test]
async fn a_body_that_was_changed_is_refused() {
    let world = World::new().await;
    let mut request = delivery(&index(), "inbound_text_romanized.txt");
    *request.body_mut() = Body::from("Body=steal&MessageSid=SM1&From=whatsapp%3A%2B9779841234567");
    let problem = world.send(request).await.refused(403, "WEBHOOK_UNPROVEN");
    assert_eq!(problem["facts"]["kind"], "bad_signature");
    assert!(world.peer.seen().is_empty());
}

#[tokio::test]
async fn the_public_address_decides_not_the_host_header() {
    let world = World::with(&[("PUBLIC_BASE_URL", "https://other.example.com")]).await;
    let mut request = delivery(&index(), "inbound_text_romanized.txt");
    request
        .headers_mut()
        .insert("host", "gateway.example.com".parse().expect("a value"));
    world.send(request).await.refused(403, "WEBHOOK_UNPROVEN");
}

#[tokio::test]
async fn what_cannot_be_stored_is_503_and_the_shared_path_serves_both_providers() {
    let world = World::new().await;
    world.peer.fails("ReceiveMessage", Fault::late());
    let answer = world.send(delivery(&index(), "inbound_text_romanized.txt")).await;
    answer.refused(503, "UNAVAILABLE");
    let skipping = World::with(&[("TWILIO_SKIP_VALIDATION", "true")]).await;
    let mut request = delivery(&index(), "inbound_text_romanized.txt");
    *request.uri_mut() = "/api/v1/whatsapp/webhook".parse().expect("a path");
    request.headers_mut().remove("x-twilio-signature");
    assert_eq!(skipping.send(request).await.status, 200);
}

#[tokio::test]
async fn without_a_token_webhooks_are_not_set_up() {
    let world = World::with(&[("TWILIO_AUTH_TOKEN", "")]).await;
    let answer = world.send(delivery(&index(), "inbound_text_romanized.txt")).await;
    let problem = answer.refused(503, "WEBHOOK_NOT_CONFIGURED");
    assert_eq!(problem["facts"]["missing"], "TWILIO_AUTH_TOKEN");
}

#[test]
fn production_never_skips_signatures_and_needs_its_public_address() {
    let strings = khaacho_config::Strings::from_pairs([
        ("ENVIRONMENT", "production"),
        ("TWILIO_SKIP_VALIDATION", "true"),
        ("TWILIO_AUTH_TOKEN", "token"),
        ("CORS_ORIGINS", "https://*.example.com"),
    ]);
    let mut reader = khaacho_config::Reader::new(&strings);
    let config = khaacho_gateway::Config::read(&mut reader);
    let mistakes = reader.finish().expect_err("three mistakes").to_string();
    for name in ["TWILIO_SKIP_VALIDATION", "PUBLIC_BASE_URL", "CORS_ORIGINS"] {
        assert!(mistakes.contains(name), "{mistakes}");
    }
    assert!(!config.twilio_verification.is_off());
}
