//! What every refusal and every failure looks like.

use khaacho_proto::Role;
use serde_json::json;

use crate::support::{World, and, plain};

#[tokio::test]
async fn a_request_id_is_taken_over_when_it_is_sane() {
    let world = World::new().await;
    let answer = world
        .send(and(plain("GET", "/live"), "x-request-id", "abc-123"))
        .await;
    assert_eq!(answer.header("x-request-id"), "abc-123");
    for odd in ["", "has space", "<script>", &"x".repeat(200)] {
        let answer = world.send(and(plain("GET", "/live"), "x-request-id", odd)).await;
        assert!(answer.header("x-request-id").starts_with("req_"), "{odd}");
    }
}

#[tokio::test]
async fn a_problem_document_is_whole() {
    let world = World::new().await;
    let request = and(plain("GET", "/api/v1/orders"), "x-request-id", "r-1");
    let problem = world.send(request).await.refused(401, "UNAUTHENTICATED");
    let expected = json!({
        "type": "/docs/reasons/UNAUTHENTICATED",
        "title": "Not signed in",
        "status": 401,
        "detail": "send an API key as a bearer token",
        "reason": "UNAUTHENTICATED",
        "facts": {},
        "errors": [],
        "request_id": "r-1",
    });
    assert_eq!(problem, expected);
}

#[tokio::test]
async fn a_trace_goes_on_into_the_mesh() {
    let world = World::new().await;
    let trace = "0af7651916cd43dd8448eb211c80319c";
    let request = world.request(Role::Owner, "GET", "/api/v1/orders", None);
    let request = and(request, "traceparent", &format!("00-{trace}-b7ad6b7169203331-01"));
    world.send(request).await;
    assert_eq!(world.peer.only().trace_id, trace);
}

#[tokio::test]
async fn a_peer_that_is_away_is_503() {
    let world = World::new().await;
    world
        .peer
        .fails("ListOrders", khaacho_fault::Fault::unavailable("down"));
    let answer = world.get(Role::Owner, "/api/v1/orders").await;
    answer.refused(503, "UNAVAILABLE");
    assert_eq!(answer.header("retry-after"), "1");
}

#[tokio::test]
async fn without_a_database_keys_that_are_not_remembered_are_503() {
    let world = World::new().await;
    assert_eq!(world.get(Role::Owner, "/api/v1/orders").await.status, 200);
    world.db.close().await;
    assert_eq!(
        world.get(Role::Owner, "/api/v1/orders").await.status,
        200,
        "remembered"
    );
    world
        .get(Role::Finance, "/api/v1/orders")
        .await
        .refused(503, "UNAVAILABLE");
}
