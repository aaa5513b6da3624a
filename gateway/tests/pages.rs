//! Pages about the platform.

use khaacho_proto::Role;
use serde_json::json;

use crate::support::{World, and, plain};

#[tokio::test]
async fn the_webhook_page_says_what_is_missing_and_no_secret() {
    let world = World::new().await;
    let answer = world.send(plain("GET", "/api/v1/whatsapp/test")).await;
    let expected = json!({
        "status": "ok",
        "webhook_url": "https://gateway.example.com/api/v1/whatsapp/webhook",
        "providers": {
            "twilio": { "configured": true, "missing": [], "signature": true },
            "meta": { "configured": true, "missing": [], "signature": true },
            "simulator": { "configured": true },
        },
        "queue_depth": 4.0,
    });
    assert_eq!(answer.json(), expected);
    let bare = World::with(&[("TWILIO_AUTH_TOKEN", ""), ("WHATSAPP_VERIFY_TOKEN", "")]).await;
    let providers = &bare.send(plain("GET", "/api/v1/whatsapp/test")).await.json()["providers"];
    assert_eq!(providers["twilio"]["missing"], json!(["TWILIO_AUTH_TOKEN"]));
    assert_eq!(providers["meta"]["missing"], json!(["WHATSAPP_VERIFY_TOKEN"]));
}

#[tokio::test]
async fn metrics_are_open_in_development_and_closed_in_production() {
    let world = World::new().await;
    let answer = world.send(plain("GET", "/metrics")).await;
    assert!(answer.text.contains("queue_depth") && answer.header("content-type").starts_with("text/plain"));
    let cache = world.send(plain("GET", "/metrics/cache")).await.json();
    let expected =
        json!({ "hit_rate": 0.8, "total_hits": 80, "total_misses": 20, "connection_pool_size": 0 });
    assert_eq!(cache, expected);

    let settings = [
        ("ENVIRONMENT", "production"),
        ("KHAACHO_GATEWAY_METRICS_TOKEN", "a token"),
    ];
    let world = World::with(&settings).await;
    world
        .send(plain("GET", "/metrics"))
        .await
        .refused(401, "UNAUTHENTICATED");
    let with_token = and(plain("GET", "/metrics"), "authorization", "Bearer a token");
    assert_eq!(world.send(with_token).await.status, 200);
    assert_eq!(world.get(Role::Auditor, "/metrics").await.status, 200);
    world
        .get(Role::Retailer, "/metrics")
        .await
        .refused(403, "PERMISSION_DENIED");
    let answer = world.send(plain("GET", "/health")).await;
    assert!(answer.header("strict-transport-security").starts_with("max-age="));
}

#[tokio::test]
async fn every_reason_of_a_contract_is_explained() {
    let world = World::new().await;
    let answer = world
        .send(plain("GET", "/docs/reasons/NOTIFICATION_UNKNOWN"))
        .await;
    assert_eq!(answer.text, "NOTIFICATION_UNKNOWN\n\nNo such notification.\n");
    assert_eq!(
        world
            .send(plain("GET", "/docs/reasons/RATE_LIMITED"))
            .await
            .status,
        200
    );
    world
        .send(plain("GET", "/docs/reasons/NONSENSE"))
        .await
        .refused(404, "ROUTE_UNKNOWN");
}

#[tokio::test]
async fn the_viewer_is_served_whole() {
    let world = World::new().await;
    for (path, media) in [
        ("/docs", "text/html"),
        ("/docs/docs.js", "text/javascript"),
        ("/docs/docs.css", "text/css"),
    ] {
        let answer = world.send(plain("GET", path)).await;
        assert!(
            answer.status == 200 && answer.header("content-type").starts_with(media),
            "{path}"
        );
        assert!(
            !answer.text.contains("http://") && !answer.text.contains("https://"),
            "{path} loads from elsewhere"
        );
    }
    let info = world.send(plain("GET", "/")).await.json();
    assert_eq!(
        (&info["name"], &info["version"]),
        (&json!("khaacho"), &json!("1.2.3"))
    );
}
