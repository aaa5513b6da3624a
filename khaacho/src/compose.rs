//! Roles to a running process. The one function behind `up`, `serve`, `work`, the tests and the proof.

mod parts;
mod stop;

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use khaacho_cache::Redis;
use khaacho_durable::Door;
use khaacho_gateway::accept::Served;
use khaacho_lifecycle::{Clock, Kind, Part, Readiness, State, Stop, Tasks, Unit};
use khaacho_pg::Db;
use khaacho_rpc::{GuardLayer, MeshKeys, Peers, ServerLimits};
use khaacho_telemetry::Telemetry;
use tokio::net::TcpListener;

use self::parts::Parts;
use crate::probes;
use crate::roles::{Role, SERVICES};
use crate::settings::Settings;

/// What a process shall be.
pub struct Plan {
    /// Its roles.
    pub roles: BTreeSet<Role>,
    /// Whether it serves its roles to others; a worker does not.
    pub serves: bool,
    /// Whether it runs the jobs of its roles.
    pub jobs: bool,
    /// Whether other processes enqueue jobs for it.
    pub listens: bool,
}

/// Sockets, bound before any work, so that a busy port fails at once and tests own their ports.
#[derive(Default)]
pub struct Listeners {
    /// For gRPC.
    pub grpc: Option<TcpListener>,
    /// For the gateway's HTTP.
    pub http: Option<TcpListener>,
    /// For a worker's health and metrics.
    pub health: Option<TcpListener>,
}

/// A running process.
pub struct Mesh {
    /// Address of gRPC.
    pub grpc: Option<SocketAddr>,
    /// Address of the gateway.
    pub http: Option<SocketAddr>,
    /// Address of a worker's health.
    pub health: Option<SocketAddr>,
    /// Dependency states.
    pub readiness: Readiness,
    /// Doors of the services in this process, by name.
    pub doors: BTreeMap<&'static str, Door>,
    /// The gateway's database.
    pub gateway_db: Option<Db>,
    /// Channels of the gateway's identity, for commands that act as an operator.
    pub peers: Peers,
    edge: Tasks,
    jobs: Tasks,
    inner: Tasks,
    calls: GuardLayer,
    shutdown: Duration,
}

/// Starts a process: binds nothing itself, connects lazily, returns once everything is started. It is ready when
/// [`Readiness::ready`] says so.
pub async fn compose(
    plan: Plan,
    listeners: Listeners,
    settings: &Settings,
    clock: Clock,
    telemetry: Telemetry,
) -> anyhow::Result<Mesh> {
    let secret = settings
        .mesh_secret
        .as_ref()
        .context("KHAACHO_MESH_SECRET is not set")?;
    let keys = MeshKeys::new(secret)?;
    // Stopped one after the other: what answers people, the jobs that their requests may wait for, and the services
    // that both call.
    let [edge, jobs, inner] = [(); 3].map(|()| Tasks::new(Stop::new()));
    let readiness = Readiness::new();
    readiness.expect("database");
    let redis = Redis::connect(settings.redis_url.as_ref().map(|u| u.expose()));
    let own = listeners
        .grpc
        .as_ref()
        .map(TcpListener::local_addr)
        .transpose()?
        .map(reachable);
    announce(&plan);
    let calls = GuardLayer::new(keys.clone(), ServerLimits::default());
    let parts = Parts {
        plan: &plan,
        settings,
        keys,
        own,
        redis: redis.clone(),
        inner: &inner,
        calls: &calls,
    };

    inner.spawn(Kind::Background, "redis probe", redis.probe(inner.stop()));
    inner.spawn(
        Kind::Background,
        "redis invalidations",
        redis.listen_invalidations(inner.stop()),
    );
    inner.spawn(
        Kind::Background,
        "metrics upkeep",
        upkeep(telemetry.clone(), inner.stop()),
    );
    inner.spawn(Kind::Background, "phone metadata", read_phone_metadata());

    let mut doors = BTreeMap::new();
    let mut units = Vec::new();
    for role in SERVICES.into_iter().filter(|r| plan.roles.contains(r)) {
        let door = Door::new(role.name(), parts.database(role).await?, clock.clone());
        doors.insert(role.name(), door.clone());
        units.push(parts.unit(role, door));
    }
    let gateway_db = match plan.roles.contains(&Role::Gateway) {
        true => Some(parts.database(Role::Gateway).await?),
        false => None,
    };
    let peers = parts.peers("gateway");
    let watched: Vec<Db> = doors
        .values()
        .map(|d| d.db().clone())
        .chain(gateway_db.clone())
        .collect();
    probes::start(
        &inner,
        &readiness,
        watched.clone(),
        redis.clone(),
        clock.clone(),
        settings,
    );

    if plan.roles.contains(&Role::Gateway) {
        for name in doors.keys() {
            readiness.set(name, State::Up(Duration::ZERO));
        }
        let away: Vec<String> = settings
            .addresses
            .keys()
            .filter(|name| !doors.contains_key(*name))
            .map(|name| (*name).to_owned())
            .collect();
        let probe = probes::peers(readiness.clone(), peers.clone(), away, inner.stop());
        inner.spawn(Kind::Background, "peer probe", probe);
    }

    let grpc = match listeners.grpc {
        Some(listener) if plan.serves => Some(parts.serve_grpc(listener, &mut units, &doors, &readiness)?),
        _ => None,
    };
    for unit in units {
        start_background(unit, &plan, &jobs, &inner);
    }
    let started = clock.now();
    let vitals = khaacho_gateway::health::Vitals::default();
    inner.spawn(
        Kind::Background,
        "vitals",
        vitals.run(readiness.clone(), redis.clone(), inner.stop()),
    );
    let http = match (listeners.http, &gateway_db) {
        (Some(listener), Some(db)) => {
            let deps = khaacho_gateway::Deps {
                db: db.clone(),
                peers: peers.clone(),
                redis: redis.clone(),
                readiness: readiness.clone(),
                clock: clock.clone(),
                metrics_text: metrics_text(&telemetry),
                vitals: vitals.clone(),
                pools: watched.clone(),
                simulator: settings.notification.has_simulator(),
                version: env!("CARGO_PKG_VERSION").to_owned(),
                started,
            };
            let router = khaacho_gateway::router(settings.gateway.clone(), deps);
            Some(serve_http(&edge, listener, router, settings)?)
        }
        _ => None,
    };
    let health = match listeners.health {
        Some(listener) => {
            let deps = khaacho_gateway::health::HealthDeps {
                readiness: readiness.clone(),
                clock: clock.clone(),
                started,
                version: env!("CARGO_PKG_VERSION").to_owned(),
                environment: settings.environment.clone(),
                pools: watched,
                redis: redis.clone(),
                vitals,
                database_grace: settings.gateway.database_grace,
                queues: Some(probes::queues(&inner, doors.values().cloned().collect())),
            };
            let text = metrics_text(&telemetry);
            let metrics = axum::routing::get(move || async move { text() });
            let router = khaacho_gateway::health::router(deps).route("/metrics", metrics);
            Some(serve_http(&inner, listener, router, settings)?)
        }
        None => None,
    };
    let shutdown = settings.shutdown;
    Ok(Mesh {
        grpc,
        http,
        health,
        readiness,
        doors,
        gateway_db,
        peers,
        edge,
        jobs,
        inner,
        calls,
        shutdown,
    })
}

impl Mesh {
    /// Waits until every dependency has been seen and none is down.
    pub async fn ready(&self, within: Duration) -> Result<(), String> {
        let mut changed = self.readiness.watch();
        let wait = async {
            while self.readiness.ready().is_err() {
                if changed.changed().await.is_err() {
                    return;
                }
            }
        };
        let _ = tokio::time::timeout(within, wait).await;
        self.readiness.ready()
    }

    /// Ends when the process has to: a service task ended early. The text says which.
    pub async fn failed(&self) -> String {
        let groups = [&self.edge, &self.jobs, &self.inner];
        let [edge, jobs, inner] = groups.map(Tasks::stop);
        tokio::select! { () = edge.cancelled() => {}, () = jobs.cancelled() => {}, () = inner.cancelled() => {} }
        let failure = groups.into_iter().find_map(Tasks::failure);
        failure.unwrap_or_else(|| "stopped".to_owned())
    }
}

/// Starts the metrics of everything that this process will be.
fn announce(plan: &Plan) {
    use khaacho_telemetry::metrics::{Part, announce};
    announce(Part::Process, &[]);
    if plan.serves {
        announce(Part::Grpc, &[]);
    }
    for role in &plan.roles {
        announce(role.measured(), &[]);
        if plan.jobs && *role != Role::Gateway {
            announce(Part::Jobs, &[("service", role.name())]);
        }
    }
}

fn start_background(unit: Unit, plan: &Plan, jobs: &Tasks, inner: &Tasks) {
    for it in unit.background {
        let wanted = match it.part {
            Part::Serve => plan.serves,
            Part::Jobs => plan.jobs,
            Part::Always => true,
        };
        if !wanted {
            continue;
        }
        // Jobs call services: they stop first.
        let tasks = if it.part == Part::Jobs { jobs } else { inner };
        tasks.spawn(Kind::Service, it.name, (it.start)(tasks.stop()));
    }
}

fn serve_http(
    tasks: &Tasks,
    listener: TcpListener,
    router: axum::Router,
    settings: &Settings,
) -> anyhow::Result<SocketAddr> {
    let address = listener.local_addr()?;
    let (limits, drain, stop) = (
        settings.gateway.limits.clone(),
        settings.gateway.drain,
        tasks.stop(),
    );
    tasks.spawn(Kind::Service, "http server", async move {
        let served: Served = khaacho_gateway::accept::serve(listener, router, limits, stop, drain).await;
        tracing::info!(
            accepted = served.accepted,
            cut = served.cut,
            "the http server has drained"
        );
    });
    Ok(address)
}

/// Our own listener as we reach it: a wildcard address is loopback for us.
fn reachable(address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        return SocketAddr::from(([127, 0, 0, 1], address.port()));
    }
    address
}

fn metrics_text(telemetry: &Telemetry) -> Arc<dyn Fn() -> String + Send + Sync> {
    let telemetry = telemetry.clone();
    Arc::new(move || telemetry.metrics_text())
}

/// Makes the library of phone numbers read its data now: it takes a while, and the first message would wait for it.
async fn read_phone_metadata() {
    let read = || khaacho_phone::Phone::parse("+9779800000000").is_ok();
    if tokio::task::spawn_blocking(read).await.is_err() {
        tracing::warn!("the data about phone numbers could not be read ahead");
    }
}

async fn upkeep(telemetry: Telemetry, stop: Stop) {
    tokio::select! { () = stop.cancelled() => {}, () = telemetry.upkeep() => {} }
}
