#![doc = include_str!("../README.md")]

pub mod accept;
pub mod auth;
pub mod health;
pub mod limits;
pub mod webhooks;

mod config;
mod edge;
mod intake;
mod openapi;
mod pages;
mod problem;
mod rates;
mod simulator;
mod transcode;

pub use config::{Config, REDIS_URL};
pub use problem::Problem;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::middleware::from_fn_with_state;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::{HeaderMap, HeaderName, Method, header};
use khaacho_fault::{Fault, Kind};
use khaacho_lifecycle::{Clock, Readiness, Stop};
use khaacho_pg::Db;
use khaacho_pg::migrate::Step;
use khaacho_rpc::{Peers, Principal};
use tokio::net::TcpListener;
use tower_http::cors::{AllowOrigin, CorsLayer};

use accept::edge::{Guard, JSON_BODY_MAX};
use accept::{Full, Importance, Room};
use auth::Credential;
use edge::{Arrival, OVERLOADED};

/// Migrations of the schema `gateway`.
pub static MIGRATIONS: &[Step] = &[Step {
    version: 1,
    name: "0001_gateway",
    sql: include_str!("../migrations/0001_gateway.sql"),
}];

/// What the gateway needs from its process.
#[derive(Clone)]
pub struct Deps {
    /// Pool of the schema `gateway`.
    pub db: Db,
    /// Channels to `order`, `credit`, `inventory`, `notification` and `ops`.
    pub peers: Peers,
    /// The cache's handle, for its state in health bodies.
    pub redis: khaacho_cache::Redis,
    /// States of this process's dependencies.
    pub readiness: Readiness,
    /// What time it is.
    pub clock: Clock,
    /// All metrics in the text format of Prometheus.
    pub metrics_text: Arc<dyn Fn() -> String + Send + Sync>,
    /// Heartbeat and slow-moving figures for health bodies; the process runs [`health::Vitals::run`].
    pub vitals: health::Vitals,
    /// Pools of this process, for their figures in health bodies.
    pub pools: Vec<Db>,
    /// Whether the simulator provider is on. Never in production, whatever this says.
    pub simulator: bool,
    /// Version of the build.
    pub version: String,
    /// When the process started.
    pub started: DateTime<Utc>,
}

/// What handlers share.
#[derive(Clone)]
pub(crate) struct App {
    config: Arc<Config>,
    db: Db,
    peers: Peers,
    clock: Clock,
    auth: auth::Auth,
    rates: rates::Rates,
    table: transcode::Table,
    twilio_webhooks: Arc<webhooks::Settings>,
    meta_webhooks: Arc<webhooks::Settings>,
    last_accepted: intake::LastAccepted,
    metrics_text: Arc<dyn Fn() -> String + Send + Sync>,
    redis: khaacho_cache::Redis,
    simulator: bool,
    version: Arc<str>,
    openapi: Bytes,
    room: Room,
}

impl App {
    fn new(config: Config, deps: Deps, room: Room) -> Self {
        let simulator = deps.simulator && !config.is_production();
        Self {
            rates: rates::Rates::new(
                deps.clock.clone(),
                config.policies.clone(),
                config.rate_limits,
                config.redis_url.as_ref(),
            ),
            auth: auth::Auth::new(deps.db.clone(), deps.clock.clone()),
            table: transcode::Table::new(&deps.peers, config.budget),
            twilio_webhooks: Arc::new(config.webhooks(webhooks::Provider::Twilio)),
            meta_webhooks: Arc::new(config.webhooks(webhooks::Provider::Meta)),
            last_accepted: intake::LastAccepted::default(),
            openapi: openapi::document(&deps.version, simulator).to_string().into(),
            version: deps.version.into(),
            db: deps.db,
            peers: deps.peers,
            clock: deps.clock,
            metrics_text: deps.metrics_text,
            redis: deps.redis,
            simulator,
            room,
            config: Arc::new(config),
        }
    }

    /// Who is asking, within the limits of who that is, with a place for what it asks. Without a good key the
    /// address is counted: afterwards, because others with good keys may share it.
    ///
    /// # Errors
    /// 401, 429, or 503 when the key cannot be looked up or there is no room.
    pub(crate) async fn signed_in(
        &self,
        arrival: &Arrival,
        headers: &HeaderMap,
    ) -> Result<Principal, Problem> {
        let policies = &self.rates.policies;
        let network = arrival.network();
        let credential = match Credential::of(headers) {
            Ok(Some(credential)) => credential,
            Ok(None) => {
                self.rates.take(&policies.public, &network, arrival).await?;
                return Err(Fault::unauthenticated()
                    .say("send an API key as a bearer token")
                    .into());
            }
            Err(fault) => {
                auth::note_bad_key();
                self.rates.take(&policies.public, &network, arrival).await?;
                return Err(fault.into());
            }
        };
        let principal = match self.auth.check(&credential).await {
            Ok(principal) => principal,
            Err(fault) => {
                if fault.kind() == Kind::Unauthenticated {
                    self.rates.take(&policies.public, &network, arrival).await?;
                }
                return Err(fault.into());
            }
        };
        self.rates
            .take(&policies.admin, &principal.subject, arrival)
            .await?;
        self.seat(arrival)?;
        Ok(principal)
    }

    /// Gives the request its place, if it has none from the door.
    fn seat(&self, arrival: &Arrival) -> Result<(), Problem> {
        if !matches!(arrival.importance, Importance::Command | Importance::Read) {
            return Ok(());
        }
        let place = self.room.enter(arrival.importance).map_err(overloaded)?;
        let _first = arrival.place.set(place);
        Ok(())
    }
}

/// 503: there is no room for a request, and nothing of it was done.
pub(crate) fn overloaded(_full: Full) -> Problem {
    Fault::unavailable("no place for the request")
        .because(OVERLOADED)
        .say("too many requests are in progress, try again in a moment, with the same idempotency key")
        .retry_after_of(Duration::from_secs(1))
        .into()
}

/// The whole edge as one router. Panics when a contract's service has no address: a mistake of the process
/// that is found at its start.
pub fn router(config: Config, deps: Deps) -> Router {
    let room = Room::new(&config.limits);
    let importance = |head: &http::request::Parts| {
        let arrival = head.extensions.get::<Arrival>();
        arrival.map_or(Importance::Command, |arrival| arrival.importance)
    };
    let guard = Guard::new(&config.limits, room.clone(), importance, body_max);
    let cors = cors(&config);
    let health = health::router(health_deps(&config, &deps));
    let app = App::new(config, deps, room);
    let mut routes = Router::new()
        .merge(intake::routes())
        .merge(auth::routes())
        .merge(pages::routes());
    if app.simulator {
        routes = routes.merge(simulator::routes());
    }
    routes
        .method_not_allowed_fallback(other_method)
        .fallback(transcode::handle)
        .with_state(app.clone())
        .merge(health)
        .layer(from_fn_with_state(guard, accept::edge::guard))
        .layer(cors)
        .layer(from_fn_with_state(app, edge::observe))
}

fn health_deps(config: &Config, deps: &Deps) -> health::HealthDeps {
    health::HealthDeps {
        readiness: deps.readiness.clone(),
        clock: deps.clock.clone(),
        started: deps.started,
        version: deps.version.clone(),
        environment: config.environment.clone(),
        pools: deps.pools.clone(),
        redis: deps.redis.clone(),
        vitals: deps.vitals.clone(),
        database_grace: config.database_grace,
        queues: None,
    }
}

/// Serves the edge until `stop`, then lets running requests finish for at most `drain`.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: accept::Limits,
    stop: Stop,
    drain: Duration,
) -> accept::Served {
    accept::serve(listener, router, limits, stop, drain).await
}

/// A hand-written route with another method.
async fn other_method() -> Problem {
    Problem::other_method()
}

fn body_max(head: &http::request::Parts) -> usize {
    match head.uri.path() {
        "/webhooks/meta" => webhooks::Provider::Meta.body_max(),
        path if path.starts_with("/webhooks/twilio") => webhooks::Provider::Twilio.body_max(),
        "/api/v1/whatsapp/webhook" => webhooks::body_max(head),
        _ => JSON_BODY_MAX,
    }
}

/// Exact origins only, without credentials: keys travel in a header that a page must add itself.
fn cors(config: &Config) -> CorsLayer {
    let own = [
        "idempotency-key",
        "prefer",
        "x-api-key",
        "x-request-id",
        "traceparent",
    ];
    let shown = [
        "x-request-id",
        "x-outcome",
        "idempotency-key",
        "idempotent-replay",
        "preference-applied",
        "ratelimit-limit",
        "ratelimit-remaining",
        "ratelimit-reset",
        "ratelimit-policy",
    ];
    let names = |names: &[&'static str]| {
        names
            .iter()
            .map(|name| HeaderName::from_static(name))
            .collect::<Vec<_>>()
    };
    let mut allowed = names(&own);
    allowed.extend([header::AUTHORIZATION, header::CONTENT_TYPE]);
    let mut exposed = names(&shown);
    exposed.extend([header::LOCATION, header::RETRY_AFTER]);
    CorsLayer::new()
        .allow_origin(AllowOrigin::list(config.cors_origins.clone()))
        .allow_methods([Method::GET, Method::POST, Method::DELETE])
        .allow_headers(allowed)
        .expose_headers(exposed)
        .max_age(Duration::from_secs(600))
}
