//! The mesh with Redis, while Redis is stopped or stuck, and after it.

use khaacho_e2e::proxy::{Proxy, Wire};
use khaacho_e2e::redis::Redis;
use khaacho_e2e::world::{self, Basket, Shop};
use khaacho_e2e::{REPLY, SOON, TestMesh, eventually};
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_works_with_redis_without_it_and_with_it_again() {
    let redis = Redis::start().await;
    let wire = Proxy::to(&redis.address).await;
    let url = format!("redis://{}", wire.address);
    let mesh = TestMesh::all_in_one(&[("REDIS_URL", &url), ("RATE_LIMIT_ENABLED", "true")]).await;
    let shop = world::rich_shop(&mesh).await;
    let basket = world::basket(&mesh).await;
    healthy(&mesh).await;
    orders(&mesh, &shop, &basket).await;

    for state in [Wire::Cut, Wire::Stuck] {
        wire.set(state);
        degraded(&mesh).await;
        orders(&mesh, &shop, &basket).await;
        let ready = mesh.stranger().get("/ready").await;
        assert_eq!(
            (ready.status, &ready.body),
            (200, &json!({ "ready": true })),
            "Redis is no reason not to serve"
        );
        wire.set(Wire::Whole);
        healthy(&mesh).await;
        orders(&mesh, &shop, &basket).await;
    }
    mesh.finish().await;
}

async fn healthy(mesh: &TestMesh) {
    eventually("a healthy mesh", SOON, async || {
        let health = mesh.stranger().get("/health").await;
        let words = (&health.body["status"], &health.body["checks"]["redis"]["status"]);
        if words == (&json!("healthy"), &json!("healthy")) {
            Ok(())
        } else {
            Err(health.text)
        }
    })
    .await;
}

/// 200, and what got worse.
async fn degraded(mesh: &TestMesh) {
    let redis = eventually("a degraded mesh", SOON, async || {
        let health = mesh.stranger().get("/health").await;
        let degraded = health.status == 200 && health.body["status"] == "degraded";
        if degraded {
            Ok(health.body["checks"]["redis"].clone())
        } else {
            Err(health.text)
        }
    })
    .await;
    assert_eq!(redis["status"], "degraded");
    for member in ["reason", "effect"] {
        assert!(
            redis[member].as_str().is_some_and(|text| !text.is_empty()),
            "{member} in {redis}"
        );
    }
}

/// An order in chat and one over REST, both as fast as ever.
async fn orders(mesh: &TestMesh, shop: &Shop, basket: &Basket) {
    let mut phone = mesh.chat(&shop.phone).await;
    phone.ask(&basket.text(), "Your order:", REPLY).await;
    let number = phone.ask("CONFIRM", "is placed", REPLY).await.order_number();
    phone
        .ask(&format!("CANCEL {number}"), "is cancelled", REPLY)
        .await;
    let body = json!({ "account_id": shop.account_id, "lines": basket.lines() });
    let placed = mesh
        .rest()
        .post_with("/api/v1/orders", &[("Prefer", "wait=5")], body)
        .await;
    assert!(
        !placed.header("ratelimit-limit").is_empty(),
        "limits are counted all the same"
    );
    let number = placed.ok()["order"]["orderNumber"]
        .as_str()
        .expect("a number")
        .to_owned();
    let cancel = format!("/api/v1/orders/{number}:cancel");
    mesh.rest()
        .post(&cancel, json!({ "reason": "a test" }))
        .await
        .ok();
    phone
        .expect(&format!("Your order {number} is cancelled"), SOON)
        .await;
}

/// Two gateways that share a Redis share what they have counted.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rate_limits_are_counted_together() {
    let redis = Redis::start().await;
    let url = format!("redis://{}", redis.address);
    let settings = [
        ("REDIS_URL", url.as_str()),
        ("RATE_LIMIT_ENABLED", "true"),
        ("RATE_LIMIT_MAX_REQUESTS", "20"),
    ];
    let one = TestMesh::all_in_one(&settings).await;
    let other = TestMesh::all_in_one(&settings).await;
    healthy(&one).await;
    healthy(&other).await;
    // Nobody is signed in, so the address is counted: 20 requests in 15 minutes, wherever they go.
    let mut refused = 0;
    for _ in 0..15 {
        for mesh in [&one, &other] {
            let answer = mesh.stranger().get("/api/v1/orders").await;
            refused += u32::from(answer.status == 429);
        }
    }
    // Each alone has seen fifteen. A count that Redis was too late for is lost, so there may be fewer than ten.
    assert!(
        refused >= 3,
        "thirty requests, twenty are allowed, {refused} were refused"
    );
    one.finish().await;
    other.finish().await;
}
