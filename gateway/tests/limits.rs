//! Rate limits of the edge.

use khaacho_proto::Role;

use crate::support::{World, and, plain};

#[tokio::test]
async fn a_principal_above_its_limit_is_429_and_others_are_not() {
    let world = World::with(&[("RATE_LIMIT_PER_MINUTE", "3")]).await;
    for left in [2, 1, 0] {
        let answer = world.get(Role::Owner, "/api/v1/orders").await;
        assert_eq!(answer.header("ratelimit-limit"), "3");
        assert_eq!(answer.header("ratelimit-remaining"), left.to_string());
    }
    let answer = world.get(Role::Owner, "/api/v1/orders").await;
    answer.refused(429, "RATE_LIMITED");
    assert_eq!(answer.header("retry-after"), "20");
    assert_eq!(answer.header("ratelimit-remaining"), "0");
    assert_eq!(world.get(Role::Support, "/api/v1/orders").await.status, 200);
    world.hand.advance(std::time::Duration::from_secs(20));
    assert_eq!(world.get(Role::Owner, "/api/v1/orders").await.status, 200);
}

#[tokio::test]
async fn guesses_at_keys_are_counted_by_address_as_our_proxies_saw_it() {
    let settings = [
        ("RATE_LIMIT_MAX_REQUESTS", "2"),
        ("KHAACHO_GATEWAY_PROXY_HOPS", "1"),
    ];
    let world = World::with(&settings).await;
    let guess = |from: &str| {
        let request = and(
            plain("GET", "/api/v1/orders"),
            "x-api-key",
            "kha_000000000000_wrong",
        );
        and(request, "x-forwarded-for", from)
    };
    for _ in 0..2 {
        world
            .send(guess("198.51.100.1, 203.0.113.9"))
            .await
            .refused(401, "UNAUTHENTICATED");
    }
    // A client may invent everything but what our own proxy appended.
    world
        .send(guess("198.51.100.2, 203.0.113.9"))
        .await
        .refused(429, "RATE_LIMITED");
    world
        .send(guess("203.0.113.9, 203.0.113.10"))
        .await
        .refused(401, "UNAUTHENTICATED");
}

#[tokio::test]
async fn probes_and_switched_off_limits_are_never_429() {
    let world = World::with(&[("RATE_LIMIT_MAX_REQUESTS", "1"), ("RATE_LIMIT_ENABLED", "false")]).await;
    for _ in 0..5 {
        assert_eq!(world.send(plain("GET", "/health")).await.status, 200);
        assert_eq!(world.send(plain("GET", "/api/v1/orders")).await.status, 401);
    }
}
