//! From HTTP to the message of an RPC.

use axum::body::Body;
use khaacho_proto::Role;
use serde_json::{Value, json};

use crate::support::{World, and, plain};

#[tokio::test]
async fn a_path_with_a_verb_and_a_body_become_one_message() {
    let world = World::new().await;
    let body = json!({ "reason": "late", "expectedVersion": "7" });
    let answer = world
        .post(Role::Operations, "/api/v1/orders/ord_1:cancel", body)
        .await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let seen = world.peer.only();
    assert_eq!(seen.path, "/khaacho.order.v1.OrderService/CancelOrder");
    assert_eq!(seen.body["order"], "ord_1");
    assert_eq!(seen.body["reason"], "late");
    assert_eq!(
        seen.body["expected_version"], 7,
        "a 64-bit number may come as text"
    );
    assert_eq!(seen.principal.role, Role::Operations);
    assert_eq!(seen.cause, answer.header("x-request-id"));
}

#[tokio::test]
async fn both_spellings_and_both_forms_of_numbers_are_read() {
    let world = World::new().await;
    for body in [
        json!({ "expected_version": 7, "request_id": "a" }),
        json!({ "expectedVersion": "7", "requestId": "a", "reason": null }),
    ] {
        world
            .post(Role::Operations, "/api/v1/orders/ord_1:cancel", body)
            .await;
    }
    let seen = world.peer.seen();
    assert_eq!(seen[0].body, seen[1].body);
}

#[tokio::test]
async fn queries_become_fields_of_their_types() {
    let world = World::new().await;
    let path = "/api/v1/orders?page_size=5&status=sent_to_vendor&needsOperator=true\
                &placed_from=2026-11-01T00:00:00Z&account_id=acc_%2B1";
    let answer = world.get(Role::Support, path).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let seen = world.peer.only();
    let expected = json!({
        "page_size": 5,
        "status": "ORDER_STATUS_SENT_TO_VENDOR",
        "needs_operator": true,
        "placed_from": "2026-11-01T00:00:00Z",
        "account_id": "acc_+1",
    });
    assert_eq!(seen.body, expected);
    let long = world
        .get(Role::Support, "/api/v1/orders?status=ORDER_STATUS_PLACED")
        .await;
    assert_eq!(long.status, 200);
    assert_eq!(
        world.peer.seen()[1].body,
        json!({ "status": "ORDER_STATUS_PLACED" })
    );
}

#[tokio::test]
async fn parameters_are_unescaped_and_verbs_are_found_after_them() {
    let world = World::new().await;
    world.get(Role::Owner, "/api/v1/orders/ORD%2F1/timeline").await;
    world
        .get(Role::Owner, "/api/v1/products:search?query=jeera")
        .await;
    world.get(Role::Owner, "/api/v1/orders/a:b").await;
    let seen = world.peer.seen();
    assert_eq!(seen[0].body["order"], "ORD/1");
    assert!(seen[1].path.ends_with("/SearchProducts"));
    assert_eq!(seen[2].body["order"], "a:b", "a colon in a parameter is no verb");
}

#[tokio::test]
async fn what_the_contract_does_not_have_is_named() {
    let world = World::new().await;
    let cases: [(&str, Value, &str); 6] = [
        ("/api/v1/orders", json!({ "surprise": 1 }), "surprise"),
        (
            "/api/v1/orders",
            json!({ "lines": [{ "sku": "A" }, { "what": 1 }] }),
            "lines[1].what",
        ),
        (
            "/api/v1/orders",
            json!({ "lines": [{ "sku": 5 }] }),
            "lines[0].sku",
        ),
        ("/api/v1/orders", json!({ "waitSeconds": "soon" }), "wait_seconds"),
        (
            "/api/v1/orders",
            json!({ "quoteId": "a", "quote_id": "b" }),
            "quote_id",
        ),
        (
            "/api/v1/orders/ord_1:cancel",
            json!({ "order": "ord_2" }),
            "order",
        ),
    ];
    for (path, body, field) in cases {
        let problem = world
            .post(Role::Owner, path, body)
            .await
            .refused(400, "INVALID_ARGUMENT");
        assert_eq!(problem["errors"][0]["field"], field, "{problem}");
    }
    for (query, field) in [
        ("surprise=1", "surprise"),
        ("page_size=many", "page_size"),
        ("status=odd", "status"),
    ] {
        let answer = world.get(Role::Owner, &format!("/api/v1/orders?{query}")).await;
        let problem = answer.refused(400, "INVALID_ARGUMENT");
        assert_eq!(problem["errors"][0]["field"], field, "{problem}");
    }
    assert!(world.peer.seen().is_empty());
}

#[tokio::test]
async fn the_idempotency_key_of_the_header_becomes_the_request_id() {
    let world = World::new().await;
    let request = world.request(Role::Owner, "POST", "/api/v1/orders/o:pack", Some(json!({})));
    let answer = world.send(and(request, "idempotency-key", "mine-1")).await;
    assert_eq!(answer.header("idempotency-key"), "mine-1");
    assert_eq!(world.peer.only().body["request_id"], "mine-1");
}

#[tokio::test]
async fn a_key_is_made_when_there_is_none_and_told() {
    let world = World::new().await;
    let first = world.post(Role::Owner, "/api/v1/orders/o:pack", json!({})).await;
    let second = world.post(Role::Owner, "/api/v1/orders/o:pack", json!({})).await;
    let seen = world.peer.seen();
    assert_eq!(seen[0].body["request_id"], first.header("idempotency-key"));
    assert_ne!(first.header("idempotency-key"), second.header("idempotency-key"));
    assert!(first.header("idempotency-key").len() > 20);
}

#[tokio::test]
async fn two_different_keys_are_refused_and_equal_ones_are_not() {
    let world = World::new().await;
    let body = || Some(json!({ "requestId": "one" }));
    let other = world.request(Role::Owner, "POST", "/api/v1/orders/o:pack", body());
    let answer = world.send(and(other, "idempotency-key", "two")).await;
    let problem = answer.refused(400, "INVALID_ARGUMENT");
    assert_eq!(problem["errors"][0]["field"], "Idempotency-Key");
    let same = world.request(Role::Owner, "POST", "/api/v1/orders/o:pack", body());
    assert_eq!(world.send(and(same, "idempotency-key", "one")).await.status, 200);
    let bad = world.request(Role::Owner, "POST", "/api/v1/orders/o:pack", Some(json!({})));
    world
        .send(and(bad, "idempotency-key", "has a space"))
        .await
        .refused(400, "INVALID_ARGUMENT");
}

#[tokio::test]
async fn a_preference_to_wait_is_bounded_by_the_budget() {
    let world = World::new().await;
    for (preference, seconds) in [("wait=5", 5), ("respond-async, wait=600", 8), ("wait=0", 0)] {
        let request = world.request(Role::Owner, "POST", "/api/v1/orders", Some(json!({})));
        let answer = world.send(and(request, "prefer", preference)).await;
        assert_eq!(answer.header("preference-applied"), format!("wait={seconds}"));
    }
    let seen = world.peer.seen();
    assert_eq!(seen[0].body["wait_seconds"], 5);
    assert_eq!(seen[1].body["wait_seconds"], 8);
}

#[tokio::test]
async fn bodies_of_other_types_sizes_and_depths_are_refused() {
    let world = World::new().await;
    let path = "/api/v1/orders";
    let request = |body: String| {
        let mut request = world.request(Role::Owner, "POST", path, None);
        *request.body_mut() = Body::from(body);
        request
    };
    let form = and(
        request("a=b".into()),
        "content-type",
        "application/x-www-form-urlencoded",
    );
    world.send(form).await.refused(415, "UNSUPPORTED_MEDIA_TYPE");
    let long = format!("{{\"a\":\"{}\"}}", "x".repeat(65 * 1024));
    let long = and(request(long), "content-type", "application/json");
    world.send(long).await.refused(413, "BODY_TOO_LARGE");
    let packed = and(request("{}".into()), "content-type", "application/json");
    world
        .send(and(packed, "content-encoding", "gzip"))
        .await
        .refused(415, "CONTENT_ENCODING_REFUSED");
    let deep = format!("{{\"lines\":{}{}}}", "[".repeat(40), "]".repeat(40));
    let deep = and(request(deep), "content-type", "application/json");
    world.send(deep).await.refused(400, "INVALID_ARGUMENT");
    let broken = and(request("{\"a\":".into()), "content-type", "application/json");
    world.send(broken).await.refused(400, "INVALID_ARGUMENT");
    assert!(world.peer.seen().is_empty());
}

#[tokio::test]
async fn addresses_that_do_not_exist_say_so() {
    let world = World::new().await;
    world
        .get(Role::Owner, "/api/v1/nothing")
        .await
        .refused(404, "ROUTE_UNKNOWN");
    world
        .get(Role::Owner, "/api/v1/orders/ord_1/")
        .await
        .refused(404, "ROUTE_UNKNOWN");
    let answer = world.send(plain("DELETE", "/api/v1/orders/ord_1")).await;
    answer.refused(405, "METHOD_NOT_ALLOWED");
    assert_eq!(answer.header("allow"), "GET, HEAD");
    let answer = world.send(plain("GET", "/api/v1/orders/ord_1:cancel")).await;
    answer.refused(405, "METHOD_NOT_ALLOWED");
    assert_eq!(answer.header("allow"), "POST");
    let answer = world.send(plain("PUT", "/api/v1/apikeys")).await;
    answer.refused(405, "METHOD_NOT_ALLOWED");
    assert_eq!(answer.header("allow"), "GET,HEAD,POST");
}
