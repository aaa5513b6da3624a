//! From the answer of an RPC to HTTP.

use std::time::Duration;

use base64::Engine as _;
use khaacho_fault::Fault;
use khaacho_proto::Role;
use serde_json::json;

use crate::support::{World, and};

#[tokio::test]
async fn numbers_are_numbers_scalars_are_always_there_and_nulls_never() {
    let world = World::new().await;
    let order =
        json!({ "orderId": "ord_1", "totalPaisa": "1234567890123", "placedAt": "2026-11-01T10:00:00Z" });
    world.peer.answers("GetOrder", json!({ "order": order }));
    let answer = world.get(Role::Owner, "/api/v1/orders/ord_1").await;
    let order = &answer.json()["order"];
    assert_eq!(order["totalPaisa"], 1_234_567_890_123_i64);
    assert_eq!(order["placedAt"], "2026-11-01T10:00:00Z");
    assert_eq!(order["needsOperator"], false);
    assert_eq!(order["lines"], json!([]));
    assert_eq!(order["status"], "ORDER_STATUS_UNSPECIFIED");
    assert!(order.get("deliveredAt").is_none());
    assert!(!answer.text.contains("null"));
    assert_eq!(answer.header("content-type"), "application/json");
}

#[tokio::test]
async fn the_largest_medium_passes() {
    let world = World::new().await;
    let content = base64::engine::general_purpose::STANDARD.encode(vec![7; 5 << 20]);
    world.peer.answers(
        "GetMedia",
        json!({ "media": { "id": "med_1", "content": content } }),
    );
    let answer = world.get(Role::Support, "/api/v1/media/med_1").await;
    assert_eq!(answer.status, 200);
    assert!(
        answer.json()["media"]["content"] == content,
        "the content as it is"
    );
    let refused = world.get(Role::Retailer, "/api/v1/media/med_1").await;
    refused.refused(403, "PERMISSION_DENIED");
}

#[tokio::test]
async fn an_order_is_202_with_its_address_until_it_is_settled() {
    let world = World::new().await;
    world.peer.answers(
        "PlaceOrder",
        json!({ "order": { "orderId": "ord_1" }, "settled": false }),
    );
    let answer = world.post(Role::Retailer, "/api/v1/orders", json!({})).await;
    assert_eq!(answer.status, 202);
    assert_eq!(answer.header("location"), "/api/v1/orders/ord_1");
    world.peer.answers(
        "PlaceOrder",
        json!({ "order": { "orderId": "ord_1" }, "settled": true }),
    );
    let request = world.request(Role::Retailer, "POST", "/api/v1/orders", Some(json!({})));
    let answer = world.send(and(request, "prefer", "wait=5")).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("location"), "/api/v1/orders/ord_1");
    assert_eq!(answer.header("preference-applied"), "wait=5");
}

#[tokio::test]
async fn a_stored_answer_is_marked() {
    let world = World::new().await;
    let path = "/api/v1/orders/ord_1:pack";
    assert_eq!(
        world
            .post(Role::Owner, path, json!({}))
            .await
            .header("idempotent-replay"),
        ""
    );
    world.peer.replays("PackOrder", json!({}));
    assert_eq!(
        world
            .post(Role::Owner, path, json!({}))
            .await
            .header("idempotent-replay"),
        "true"
    );
}

#[tokio::test]
async fn a_refusal_carries_what_would_cure_it() {
    let world = World::new().await;
    let fault = Fault::refused("CREDIT_LIMIT_EXCEEDED")
        .say("the order is Rs 525 above the credit that is left")
        .fact("short_paisa", 52_500)
        .cause("a cause that stays inside");
    world.peer.fails("PlaceOrder", fault);
    let answer = world.post(Role::Retailer, "/api/v1/orders", json!({})).await;
    let problem = answer.refused(422, "CREDIT_LIMIT_EXCEEDED");
    let expected = json!({
        "type": "/docs/reasons/CREDIT_LIMIT_EXCEEDED",
        "title": "Refused",
        "status": 422,
        "detail": "the order is Rs 525 above the credit that is left",
        "reason": "CREDIT_LIMIT_EXCEEDED",
        "facts": { "short_paisa": "52500" },
        "errors": [],
        "request_id": answer.header("x-request-id"),
    });
    assert_eq!(problem, expected);
    assert_eq!(answer.header("x-outcome"), "not-executed");
    assert!(!answer.text.contains("stays inside"));
}

#[tokio::test]
async fn kinds_of_faults_have_their_status() {
    let world = World::new().await;
    let wait = Duration::from_millis(1500);
    let cases = [
        (Fault::invalid("lines", "must not be empty"), 400),
        (Fault::not_found("ORDER_UNKNOWN"), 404),
        (Fault::conflict("STALE_VERSION"), 409),
        (Fault::refused("REQUEST_ID_REUSED"), 422),
        (Fault::exhausted(wait), 429),
        (Fault::bug("secret"), 500),
        (Fault::unavailable("secret"), 503),
        (Fault::late(), 504),
    ];
    for (fault, status) in cases {
        let reason = fault.reason().to_owned();
        world.peer.fails("GetOrder", fault);
        let answer = world.get(Role::Owner, "/api/v1/orders/o").await;
        answer.refused(status, &reason);
        assert!(!answer.text.contains("secret"));
        match status {
            429 => assert_eq!(answer.header("retry-after"), "2"),
            503 => assert_eq!(answer.header("retry-after"), "1"),
            _ => assert_eq!(answer.header("retry-after"), ""),
        }
    }
}

#[tokio::test]
async fn a_change_that_was_late_has_an_unknown_outcome_and_says_its_key() {
    let world = World::new().await;
    world.peer.fails("PackOrder", Fault::late());
    let answer = world.post(Role::Owner, "/api/v1/orders/o:pack", json!({})).await;
    answer.refused(504, "DEADLINE_EXCEEDED");
    assert_eq!(answer.header("x-outcome"), "unknown");
    assert_eq!(
        world.peer.only().body["request_id"],
        answer.header("idempotency-key")
    );
}
