//! Health bodies and their statuses.

use std::time::{Duration, Instant};

use khaacho_lifecycle::State;
use serde_json::{Value, json};

use crate::support::{World, plain};

#[tokio::test]
async fn small_bodies_are_exact() {
    let world = World::new().await;
    for path in ["/ready", "/health/ready"] {
        assert_eq!(world.send(plain("GET", path)).await.text, r#"{"ready":true}"#);
    }
    for path in ["/live", "/health/live"] {
        assert_eq!(world.send(plain("GET", path)).await.text, r#"{"alive":true}"#);
    }
    let short = world.send(plain("GET", "/api/health")).await;
    assert_eq!(
        short.text,
        r#"{"status":"ok","timestamp":"2027-01-15T08:00:00.000Z"}"#
    );
    assert_eq!(world.send(plain("HEAD", "/health")).await.status, 200);
}

#[tokio::test]
async fn the_full_body_has_every_member_of_the_description() {
    let world = World::new().await;
    world
        .readiness
        .set("credit", State::Degraded(Instant::now(), "slow".to_owned()));
    let answer = world.send(plain("GET", "/health")).await;
    assert_eq!(answer.status, 200);
    let body = settled(answer.json());
    let other = world.send(plain("GET", "/api/v1/health")).await.json();
    assert_eq!(body, settled(other));
    let expected = json!({
        "status": "degraded",
        "timestamp": "2027-01-15T08:00:00.000Z",
        "uptime": 60,
        "version": "1.2.3",
        "environment": "development",
        "checks": {
            "database": { "status": "healthy", "latency": 1.5, "connections": "checked" },
            "redis": {
                "status": "off",
                "effect": "look-ups go to the database, rate limits count per process",
            },
            "memory": "checked",
            "cpu": "checked",
        },
        "services": { "credit": "degraded", "order": "operational" },
        "agents": { "total": 2, "active": 1 },
    });
    // Before everything worked once, nothing is healthy; here it has.
    assert_eq!(body, expected);
}

#[tokio::test]
async fn a_database_that_is_gone_degrades_first_and_is_503_after_the_grace() {
    let world = World::new().await;
    assert_eq!(
        world.send(plain("GET", "/health")).await.json()["status"],
        "degraded",
        "there is no Redis"
    );
    world.readiness.set("redis", State::Up(Duration::ZERO));
    assert_eq!(
        world.send(plain("GET", "/health")).await.json()["status"],
        "healthy"
    );
    let now = Instant::now();
    world
        .readiness
        .set("database", State::Down(now, "refused".to_owned()));
    let answer = world.send(plain("GET", "/health")).await;
    assert_eq!(
        (answer.status.as_u16(), &answer.json()["status"]),
        (200, &json!("degraded"))
    );
    let ready = world.send(plain("GET", "/ready")).await;
    assert_eq!(ready.status, 503);
    assert_eq!(
        ready.json(),
        json!({ "ready": false, "reason": "database is down: refused" })
    );
    assert_eq!(
        world.send(plain("GET", "/live")).await.status,
        200,
        "restarting would not help"
    );

    world.readiness.set("database", State::Up(Duration::ZERO));
    let long_ago = now
        .checked_sub(Duration::from_secs(31))
        .expect("the machine runs longer than that");
    world
        .readiness
        .set("database", State::Down(long_ago, "refused".to_owned()));
    let answer = world.send(plain("GET", "/health")).await;
    assert_eq!(
        (answer.status.as_u16(), &answer.json()["status"]),
        (503, &json!("unhealthy"))
    );
    let short = world.send(plain("GET", "/api/health")).await;
    assert_eq!(
        (short.status.as_u16(), &short.json()["status"]),
        (503, &json!("unavailable"))
    );
}

#[tokio::test]
async fn a_process_is_unhealthy_until_everything_was_seen_once() {
    let world = World::new().await;
    world.readiness.expect("inventory");
    assert_eq!(world.send(plain("GET", "/health")).await.status, 503);
    let ready = world.send(plain("GET", "/ready")).await.json();
    assert_eq!(ready["reason"], "inventory has not been probed yet");
    world.readiness.set("inventory", State::Up(Duration::ZERO));
    assert_eq!(world.send(plain("GET", "/health")).await.status, 200);
    world.readiness.stop();
    let stopping = world.send(plain("GET", "/health")).await;
    assert_eq!(
        (stopping.status.as_u16(), &stopping.json()["stopping"]),
        (200, &json!(true))
    );
    assert_eq!(
        world.send(plain("GET", "/ready")).await.json(),
        json!({ "ready": false, "reason": "stopping" })
    );
}

#[tokio::test]
async fn health_needs_no_database() {
    let world = World::new().await;
    world.db.close().await;
    let mut times = Vec::new();
    for _ in 0..50 {
        let started = Instant::now();
        assert_eq!(world.send(plain("GET", "/health")).await.status, 200);
        times.push(started.elapsed());
    }
    times.sort();
    // A busy machine may stop us now and then; waiting for a connection would take seconds every time.
    assert!(times[10] < Duration::from_millis(10), "{times:?}");
}

/// Checks the figures that move by themselves, and takes them out.
fn settled(mut body: Value) -> Value {
    let checks = &mut body["checks"];
    for check in ["memory", "cpu"] {
        assert!(checks[check]["usage"].is_number(), "{checks}");
        checks[check] = json!("checked");
    }
    let connections = &mut checks["database"]["connections"];
    assert!(connections["active"].is_number() && connections["idle"].is_number() && connections["max"] == 8);
    *connections = json!("checked");
    body
}
