//! The simulator's phones.

use axum::body::Body;
use http::Request;
use khaacho_proto::Role;
use serde_json::{Value, json};

use crate::support::{World, and, plain};

const HOME: &str = "127.0.0.1:4000";
const PATH: &str = "/api/v1/simulator/messages";

fn message(body: Value) -> Request<Body> {
    let mut request = and(plain("POST", PATH), "content-type", "application/json");
    *request.body_mut() = Body::from(body.to_string());
    request
}

fn accepted(world: &World) {
    let receipts = json!({ "receipts": ["RECEIPT_ACCEPTED"], "inboundIds": ["inb_1"] });
    world.peer.answers("ReceiveMessage", receipts);
}

#[tokio::test]
async fn a_message_from_this_machine_needs_no_key() {
    let world = World::new().await;
    accepted(&world);
    let body = json!({ "from": "9841234567", "text": "2 bora jeera", "message_id": "m1" });
    let answer = world.send_from(HOME, message(body)).await;
    assert_eq!(answer.json(), json!({ "id": "inb_1", "status": "ACCEPTED" }));
    let seen = world.peer.only();
    assert_eq!(seen.principal.subject, "gateway");
    let stored = &seen.body["messages"][0];
    assert_eq!(stored["address"]["phone"], "+9779841234567");
    assert_eq!(stored["address"]["provider"], "PROVIDER_SIMULATOR");
    assert_eq!(stored["address"]["account"], "simulator");
    assert_eq!(stored["message"]["provider_message_id"], "m1");
    assert_eq!(stored["message"]["text"], "2 bora jeera");
    assert_eq!(stored["message"]["kind"], "text");
}

#[tokio::test]
async fn a_tapped_button_is_a_reply() {
    let world = World::new().await;
    accepted(&world);
    let body = json!({ "from": "+9779841234567", "text": "Confirm", "reply_id": "confirm:quo_1" });
    world.send_from(HOME, message(body)).await;
    let stored = &world.peer.only().body["messages"][0]["message"];
    assert_eq!(
        (&stored["kind"], &stored["reply_id"]),
        (&json!("button"), &json!("confirm:quo_1"))
    );
}

#[tokio::test]
async fn from_elsewhere_only_operators_may_speak_for_a_phone() {
    let world = World::new().await;
    accepted(&world);
    let body = || json!({ "from": "+9779841234567", "text": "hi" });
    world.send(message(body())).await.refused(401, "UNAUTHENTICATED");
    let proxied = and(message(body()), "x-forwarded-for", "198.51.100.1");
    world
        .send_from(HOME, proxied)
        .await
        .refused(401, "UNAUTHENTICATED");
    let retailer = world.request(Role::Retailer, "POST", PATH, Some(body()));
    world.send(retailer).await.refused(403, "PERMISSION_DENIED");
    let operator = world.request(Role::Operations, "POST", PATH, Some(body()));
    assert_eq!(world.send(operator).await.status, 200);
}

#[tokio::test]
async fn what_a_phone_received_is_listed() {
    let world = World::new().await;
    let sent = json!({
        "id": "sim_1", "to": "+9779841234567", "text": "Rs 525", "at": "2026-11-01T10:00:00Z",
        "buttons": [{ "id": "confirm", "title": "Confirm" }], "notificationId": "ntf_1",
    });
    world.peer.answers(
        "ListSimulatorMessages",
        json!({ "messages": [sent], "next": "c2" }),
    );
    for phone in ["+9779841234567", "%2B9779841234567"] {
        let path = format!("{PATH}?phone={phone}&after=c1&limit=10");
        let answer = world.send_from(HOME, plain("GET", &path)).await;
        let expected = json!({
            "messages": [{
                "id": "sim_1", "to": "+9779841234567", "text": "Rs 525", "at": "2026-11-01T10:00:00.000Z",
                "buttons": [{ "id": "confirm", "title": "Confirm" }],
            }],
            "next": "c2",
        });
        assert_eq!(answer.json(), expected);
    }
    let asked = &world.peer.seen()[0].body;
    assert_eq!(
        asked,
        &json!({ "phone": "+9779841234567", "after": "c1", "limit": 10 })
    );
    assert_eq!(asked, &world.peer.seen()[1].body);
    world
        .send_from(HOME, plain("GET", &format!("{PATH}?limit=9999")))
        .await
        .refused(400, "INVALID_ARGUMENT");
}

#[tokio::test]
async fn messages_that_cannot_be_are_refused() {
    let world = World::new().await;
    let cases = [
        (json!({ "from": "nobody", "text": "a" }), "from"),
        (json!({ "from": "+9779841234567", "text": " " }), "text"),
        (
            json!({ "from": "+9779841234567", "text": "x".repeat(4097) }),
            "text",
        ),
        (
            json!({ "from": "+9779841234567", "text": "a", "message_id": "" }),
            "message_id",
        ),
        (json!({ "text": "a" }), "body"),
    ];
    for (body, field) in cases {
        let problem = world
            .send_from(HOME, message(body))
            .await
            .refused(400, "INVALID_ARGUMENT");
        assert_eq!(problem["errors"][0]["field"], field, "{problem}");
    }
}

#[tokio::test]
async fn it_does_not_exist_in_production() {
    let world = World::with(&[("ENVIRONMENT", "production")]).await;
    let body = json!({ "from": "+9779841234567", "text": "hi" });
    world
        .send_from(HOME, message(body))
        .await
        .refused(404, "ROUTE_UNKNOWN");
}
