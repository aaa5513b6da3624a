//! Headers of every answer, and CORS.

use crate::support::{World, and, plain};

#[tokio::test]
async fn answers_protect_browsers() {
    let world = World::new().await;
    let answer = world.send(plain("GET", "/")).await;
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(answer.header("x-frame-options"), "DENY");
    assert_eq!(
        answer.header("content-security-policy"),
        "default-src 'none'; frame-ancestors 'none'"
    );
    assert_eq!(
        answer.header("strict-transport-security"),
        "",
        "only in production"
    );
    let docs = world.send(plain("GET", "/docs")).await;
    let policy = docs.header("content-security-policy");
    assert!(
        policy.contains("script-src 'self'") && !policy.contains("unsafe"),
        "{policy}"
    );
    assert_eq!(
        world
            .send(plain("GET", "/api/v1/orders"))
            .await
            .header("cache-control"),
        "no-store"
    );
}

#[tokio::test]
async fn only_listed_origins_may_call() {
    let world = World::new().await;
    let preflight = |origin| {
        let request = and(plain("OPTIONS", "/api/v1/orders"), "origin", origin);
        and(request, "access-control-request-method", "POST")
    };
    let ours = world.send(preflight("https://panel.example.com")).await;
    assert_eq!(ours.status, 200);
    assert_eq!(
        ours.header("access-control-allow-origin"),
        "https://panel.example.com"
    );
    let theirs = world
        .send(preflight("https://panel.example.com.evil.example"))
        .await;
    assert_eq!(theirs.header("access-control-allow-origin"), "");
    let refused = and(
        plain("GET", "/api/v1/orders"),
        "origin",
        "https://panel.example.com",
    );
    let refused = world.send(refused).await;
    refused.refused(401, "UNAUTHENTICATED");
    assert_eq!(
        refused.header("access-control-allow-origin"),
        "https://panel.example.com"
    );
}
