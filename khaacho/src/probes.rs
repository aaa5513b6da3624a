//! Looks at dependencies in the background, so that no health answer does I/O.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use khaacho_cache::Redis;
use khaacho_durable::Door;
use khaacho_lifecycle::{Clock, Kind, Readiness, State, Stop, Tasks};
use khaacho_pg::Db;
use khaacho_rpc::{Ctx, Peers, Trace};
use serde_json::{Value, json};
use tonic_health::ServingStatus;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus as HealthServing;
use tonic_health::pb::health_client::HealthClient;
use tonic_health::server::HealthReporter;

use crate::settings::Settings;

/// Pause between two looks.
const EVERY: Duration = Duration::from_secs(2);
/// Pause while something is wrong or not known yet.
const EVERY_IN_TROUBLE: Duration = Duration::from_millis(200);
/// A service that takes longer does not serve.
const PEER_WITHIN: Duration = Duration::from_millis(500);
/// An answer that took longer does not say what time it is.
const EXACT: Duration = Duration::from_millis(100);
/// Seconds that a clock is off when somebody should look at its machine.
const CLOCK_WRONG: f64 = 1.0;
/// A database that takes longer than this is down.
const DATABASE_WITHIN: Duration = Duration::from_secs(2);

/// Starts the probes of a process.
///
/// The clock goes by that of the database: queues, deadlines and leases of all processes are about one time.
pub fn start(
    tasks: &Tasks,
    readiness: &Readiness,
    databases: Vec<Db>,
    redis: Redis,
    clock: Clock,
    settings: &Settings,
) {
    let stop = tasks.stop();
    tasks.spawn(
        Kind::Background,
        "database probe",
        database(readiness.clone(), databases, clock, stop.clone()),
    );
    if settings.redis_url.is_none() {
        readiness.set("redis", State::Off);
    }
    tasks.spawn(
        Kind::Background,
        "redis state",
        redis_state(readiness.clone(), redis, stop),
    );
}

async fn database(readiness: Readiness, databases: Vec<Db>, clock: Clock, stop: Stop) {
    loop {
        let state = look(&databases, &clock).await;
        let fine = matches!(state, State::Up(_));
        readiness.set("database", state);
        let pause = if fine { EVERY } else { EVERY_IN_TROUBLE };
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(pause) => {}
        }
    }
}

async fn look(databases: &[Db], clock: &Clock) -> State {
    let started = Instant::now();
    for db in databases {
        let stats = db.stats();
        let name = db.schema().to_owned();
        metrics::gauge!("db_pool_connections", "schema" => name.clone(), "state" => "open")
            .set(f64::from(stats.size));
        metrics::gauge!("db_pool_connections", "schema" => name, "state" => "idle")
            .set(f64::from(stats.idle));
    }
    // One service's pool stands for the server; a full pool is load, not an outage.
    let Some(db) = databases.first() else {
        return State::Off;
    };
    let asked = sqlx::query_scalar::<_, DateTime<Utc>>("select clock_timestamp()").fetch_one(db.pool());
    match tokio::time::timeout(DATABASE_WITHIN, asked).await {
        Ok(Ok(shown)) => {
            let took = started.elapsed();
            if took <= EXACT {
                follow(clock, shown + took / 2);
            }
            State::Up(took)
        }
        Ok(Err(error)) => {
            tracing::warn!(error = %error, "the database does not answer");
            State::Down(Instant::now(), "does not answer".to_owned())
        }
        Err(_late) => State::Down(Instant::now(), "does not answer within 2 s".to_owned()),
    }
}

/// A machine whose date is wrong says so; business does not notice.
fn follow(clock: &Clock, shown: DateTime<Utc>) {
    let ahead = clock.follow(shown);
    metrics::gauge!("clock_corrected_seconds").set(ahead);
    if ahead.abs() > CLOCK_WRONG {
        tracing::warn!(
            clock.ahead_seconds = ahead,
            "the clock was wrong and is set by the database's"
        );
    }
}

async fn redis_state(readiness: Readiness, redis: Redis, stop: Stop) {
    loop {
        let state = match redis.state() {
            khaacho_cache::State::Off => State::Off,
            khaacho_cache::State::Up => State::Up(Duration::ZERO),
            khaacho_cache::State::Degraded { since, why } => State::Degraded(
                since.into_std(),
                format!("{}: look-ups and rate limits are per process", why.as_str()),
            ),
        };
        readiness.set("redis", state);
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(EVERY_IN_TROUBLE) => {}
        }
    }
}

/// Looks at services in other processes, for the gateway's health body. One that is away degrades the process; it does
/// not make it unready, since a restart of the gateway would mend nothing.
pub async fn peers(readiness: Readiness, peers: Peers, names: Vec<String>, stop: Stop) {
    loop {
        for name in &names {
            let trace = Trace::new_root();
            let ctx = Ctx::for_job("gateway", PEER_WITHIN, trace, "health probe");
            let mut client = HealthClient::new(peers.channel(name));
            let started = Instant::now();
            let asked = client.check(ctx.outgoing(HealthCheckRequest {
                service: String::new(),
            }));
            let serving = match tokio::time::timeout(PEER_WITHIN, asked).await {
                Ok(Ok(answer)) => answer.get_ref().status == HealthServing::Serving as i32,
                _ => false,
            };
            let state = match serving {
                true => State::Up(started.elapsed()),
                false => State::Degraded(Instant::now(), "does not serve".to_owned()),
            };
            readiness.set(name, state);
        }
        tokio::select! { () = stop.cancelled() => return, () = tokio::time::sleep(EVERY) => {} }
    }
}

/// Measures the queues of a worker in the background; the closure gives the last figures.
pub fn queues(tasks: &Tasks, doors: Vec<Door>) -> Arc<dyn Fn() -> Value + Send + Sync> {
    let last = Arc::new(Mutex::new(json!({})));
    let (written, stop) = (last.clone(), tasks.stop());
    tasks.spawn(Kind::Background, "queue figures", async move {
        while !stop.is_cancelled() {
            let mut figures = serde_json::Map::new();
            for door in &doors {
                if let Ok(depth) = door.depth().await {
                    let figure = json!({
                        "waiting": depth.waiting, "parked": depth.parked, "oldest_seconds": depth.oldest_seconds,
                    });
                    figures.insert(door.service().to_owned(), figure);
                }
            }
            *written.lock().unwrap_or_else(PoisonError::into_inner) = Value::Object(figures);
            tokio::select! { () = stop.cancelled() => {}, () = tokio::time::sleep(EVERY) => {} }
        }
    });
    Arc::new(move || last.lock().unwrap_or_else(PoisonError::into_inner).clone())
}

/// Keeps grpc.health.v1 in step with readiness, for every service and for the whole server.
pub async fn report(reporter: HealthReporter, names: Vec<&'static str>, readiness: Readiness, stop: Stop) {
    let mut changed = readiness.watch();
    loop {
        let status = match readiness.ready() {
            Ok(()) => ServingStatus::Serving,
            Err(_) => ServingStatus::NotServing,
        };
        for name in names.iter().copied().chain([""]) {
            reporter.set_service_status(name, status).await;
        }
        tokio::select! {
            () = stop.cancelled() => break,
            seen = changed.changed() => if seen.is_err() { break },
        }
    }
    for name in names.iter().copied().chain([""]) {
        reporter.set_service_status(name, ServingStatus::NotServing).await;
    }
}
