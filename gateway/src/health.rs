//! Health, readiness and liveness, from what background probes saw: no request here waits for anything.
//!
//! `/health` and `/api/v1/health` tell everything; `/api/health`, `/ready`, `/live` and their aliases are
//! small and exact. Worker processes serve the same routes on a port of their own.

mod machine;
mod vitals;

pub use vitals::Vitals;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use chrono::{DateTime, SecondsFormat, Utc};
use http::StatusCode;
use khaacho_lifecycle::{Clock, Readiness, State as Seen};
use khaacho_pg::Db;
use serde_json::{Map, Value, json};

use crate::problem;

/// Name of the database's state in [`Readiness`].
pub const DATABASE: &str = "database";
/// Name of Redis's state in [`Readiness`].
pub const REDIS: &str = "redis";

/// What health bodies are made from.
#[derive(Clone)]
pub struct HealthDeps {
    /// States of the dependencies. [`DATABASE`] and [`REDIS`] have checks of their own, all others are
    /// services.
    pub readiness: Readiness,
    /// What time it is.
    pub clock: Clock,
    /// When the process started.
    pub started: DateTime<Utc>,
    /// Version of the build.
    pub version: String,
    /// `production`, `development`, …
    pub environment: String,
    /// Pools of this process.
    pub pools: Vec<Db>,
    /// Redis, for its state when [`Readiness`] has none.
    pub redis: khaacho_cache::Redis,
    /// Heartbeat and slow figures.
    pub vitals: Vitals,
    /// For how long the database may be gone before `/health` says 503.
    pub database_grace: Duration,
    /// Ages of queues, where the process runs jobs: any JSON object.
    pub queues: Option<Arc<dyn Fn() -> Value + Send + Sync>>,
}

/// The routes, for any process.
pub fn router(deps: HealthDeps) -> Router {
    Router::new()
        .route("/health", get(full))
        .route("/api/v1/health", get(full))
        .route("/api/health", get(short))
        .route("/ready", get(ready))
        .route("/health/ready", get(ready))
        .route("/live", get(live))
        .route("/health/live", get(live))
        .method_not_allowed_fallback(async || problem::Problem::other_method())
        .with_state(Arc::new(deps))
}

type Deps = State<Arc<HealthDeps>>;

async fn full(State(deps): Deps) -> Response {
    let (status, body) = report(&deps);
    problem::json(status, &body)
}

async fn short(State(deps): Deps) -> Response {
    let (code, _) = verdict(&deps, &deps.readiness.states());
    let word = if code == StatusCode::OK {
        "ok"
    } else {
        "unavailable"
    };
    problem::json(code, &json!({ "status": word, "timestamp": timestamp(&deps) }))
}

async fn ready(State(deps): Deps) -> Response {
    match deps.readiness.ready() {
        Ok(()) => problem::json(StatusCode::OK, &json!({ "ready": true })),
        Err(why) => problem::json(
            StatusCode::SERVICE_UNAVAILABLE,
            &json!({ "ready": false, "reason": why }),
        ),
    }
}

async fn live(State(deps): Deps) -> Response {
    let alive = deps.vitals.beats();
    let code = if alive {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    problem::json(code, &json!({ "alive": alive }))
}

/// HTTP status and word. 503 until everything was seen to work once, and after the database was gone for
/// long: restarting all instances because it blinked would turn a blip into an outage.
fn verdict(deps: &HealthDeps, states: &BTreeMap<String, Seen>) -> (StatusCode, &'static str) {
    if deps.readiness.ready().is_ok() {
        deps.vitals.succeeded();
    }
    let gone = match states.get(DATABASE) {
        Some(Seen::Down(since, _)) => since.elapsed() >= deps.database_grace,
        _ => false,
    };
    if gone || !deps.vitals.has_succeeded() {
        return (StatusCode::SERVICE_UNAVAILABLE, "unhealthy");
    }
    let redis = redis_word(deps, states);
    let fine = |state: &Seen| matches!(state, Seen::Up(_) | Seen::Off);
    // Without Redis everything works, but several processes count and remember each for itself: that is said.
    let alone = matches!(redis, "degraded" | "off");
    if deps.readiness.is_stopping() || alone || !states.values().all(fine) {
        return (StatusCode::OK, "degraded");
    }
    (StatusCode::OK, "healthy")
}

fn report(deps: &HealthDeps) -> (StatusCode, Value) {
    let states = deps.readiness.states();
    let (code, word) = verdict(deps, &states);
    let services: Map<String, Value> = states
        .iter()
        .filter(|(name, _)| !matches!(name.as_str(), DATABASE | REDIS))
        .map(|(name, state)| (name.clone(), service_word(state).into()))
        .collect();
    let active = services.values().filter(|word| *word == "operational").count();
    let mut body = json!({
        "status": word,
        "timestamp": timestamp(deps),
        "uptime": (deps.clock.now() - deps.started).num_seconds().max(0),
        "version": deps.version,
        "environment": deps.environment,
        "checks": {
            "database": database(deps, &states),
            "redis": redis(deps, &states),
            "memory": machine::memory(),
            "cpu": machine::cpu(),
        },
        "agents": { "total": services.len(), "active": active },
        "services": services,
    });
    if let Some(age) = deps.vitals.snapshot_age() {
        body["snapshot_age_ms"] = json!(u64::try_from(age.as_millis()).unwrap_or(u64::MAX));
    }
    if deps.readiness.is_stopping() {
        body["stopping"] = json!(true);
    }
    if let Some(queues) = &deps.queues {
        body["queues"] = queues();
    }
    (code, body)
}

fn database(deps: &HealthDeps, states: &BTreeMap<String, Seen>) -> Value {
    let mut check = check(states.get(DATABASE));
    let (mut open, mut idle, mut max) = (0, 0, 0);
    for stats in deps.pools.iter().map(Db::stats) {
        open += stats.size;
        idle += stats.idle;
        max += stats.max;
    }
    check["connections"] = json!({ "active": open.saturating_sub(idle), "idle": idle, "max": max });
    check
}

fn redis(deps: &HealthDeps, states: &BTreeMap<String, Seen>) -> Value {
    let word = redis_word(deps, states);
    let mut check = match states.get(REDIS) {
        Some(state) => check(Some(state)),
        None => json!({}),
    };
    check["status"] = word.into();
    if let khaacho_cache::State::Degraded { why, .. } = deps.redis.state() {
        check["reason"] = why.as_str().into();
        check["effect"] = "look-ups go to the database, rate limits count per process".into();
    }
    if check["status"] == "off" {
        check["effect"] = "look-ups go to the database, rate limits count per process".into();
    }
    if let Some((used, peak)) = deps.vitals.redis_memory() {
        check["memory"] = json!({ "used": machine::megabytes(used), "peak": machine::megabytes(peak) });
    }
    check
}

fn redis_word(deps: &HealthDeps, states: &BTreeMap<String, Seen>) -> &'static str {
    match (deps.redis.state(), states.get(REDIS)) {
        (khaacho_cache::State::Degraded { .. }, _) => "degraded",
        (khaacho_cache::State::Up, _) => "healthy",
        (khaacho_cache::State::Off, None) => "off",
        (khaacho_cache::State::Off, state) => word(state),
    }
}

fn check(state: Option<&Seen>) -> Value {
    let mut check = json!({ "status": word(state) });
    match state {
        Some(Seen::Up(latency)) => {
            // Milliseconds with microseconds behind the point.
            check["latency"] = json!((latency.as_secs_f64() * 1_000_000.0).round() / 1000.0);
        }
        Some(Seen::Down(since, why) | Seen::Degraded(since, why)) => {
            check["reason"] = why.as_str().into();
            check["seconds"] = since.elapsed().as_secs().into();
        }
        Some(Seen::Unknown | Seen::Off) | None => {}
    }
    check
}

fn word(state: Option<&Seen>) -> &'static str {
    match state {
        None | Some(Seen::Unknown) => "unknown",
        Some(Seen::Up(_)) => "healthy",
        Some(Seen::Down(..)) => "unhealthy",
        Some(Seen::Degraded(..)) => "degraded",
        Some(Seen::Off) => "off",
    }
}

fn service_word(state: &Seen) -> &'static str {
    match state {
        Seen::Up(_) => "operational",
        Seen::Unknown => "unknown",
        Seen::Down(..) => "down",
        Seen::Degraded(..) => "degraded",
        Seen::Off => "off",
    }
}

fn timestamp(deps: &HealthDeps) -> String {
    deps.clock.now().to_rfc3339_opts(SecondsFormat::Millis, true)
}
