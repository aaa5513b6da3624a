//! Roles to a running process. The one function behind `up`, `serve`, `work`, the tests and the proof.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use khaacho_cache::Redis;
use khaacho_durable::Door;
use khaacho_gateway::accept::Served;
use khaacho_lifecycle::{Clock, Kind, Part, Readiness, Stop, Tasks, Unit};
use khaacho_pg::{Db, Safety};
use khaacho_rpc::{GuardLayer, MeshKeys, PeerSettings, Peers, ServerLimits, Target};
use khaacho_telemetry::Telemetry;
use tokio::net::TcpListener;

use crate::ops::Ops;
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
    outer: Tasks,
    inner: Tasks,
    shutdown: Duration,
}

/// The parts that every role is built from.
struct Parts<'a> {
    plan: &'a Plan,
    settings: &'a Settings,
    keys: MeshKeys,
    own: Option<SocketAddr>,
    redis: Redis,
    inner: &'a Tasks,
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
    // The edge and the jobs stop first, while the services that they call still answer.
    let (outer, inner) = (Tasks::new(Stop::new()), Tasks::new(Stop::new()));
    let readiness = Readiness::new();
    readiness.expect("database");
    let redis = Redis::connect(settings.redis_url.as_ref().map(|u| u.expose()));
    let own = listeners
        .grpc
        .as_ref()
        .map(TcpListener::local_addr)
        .transpose()?
        .map(reachable);
    let parts = Parts {
        plan: &plan,
        settings,
        keys,
        own,
        redis: redis.clone(),
        inner: &inner,
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
    probes::start(&inner, &readiness, watched.clone(), redis.clone(), settings);

    let grpc = match listeners.grpc {
        Some(listener) if plan.serves => Some(parts.serve_grpc(listener, &mut units, &doors, &readiness)?),
        _ => None,
    };
    for unit in units {
        start_background(unit, &plan, &outer, &inner);
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
            Some(serve_http(&outer, listener, router, settings)?)
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
        outer,
        inner,
        shutdown,
    })
}

impl Parts<'_> {
    async fn database(&self, role: Role) -> anyhow::Result<Db> {
        let url = self
            .settings
            .database_url
            .as_ref()
            .context("DATABASE_URL is not set")?
            .expose();
        let mut settings = khaacho_pg::Settings::new(url, role.schema(), format!("khaacho {}", role.name()));
        settings.pool_max = if role == Role::Gateway {
            2
        } else {
            self.settings.pool_max
        };
        settings.statement_timeout = self.settings.statement_timeout;
        let own_role = khaacho_pg::migrate::role_exists(url, role.database_role())
            .await
            .unwrap_or(false);
        settings.role = own_role.then(|| role.database_role().to_owned());
        let db = Db::connect_lazy(settings)?;
        let safety = if self.settings.unsafe_database {
            Safety::Waived
        } else {
            Safety::Required
        };
        match khaacho_pg::check_server(&db, safety).await {
            Ok(facts) => self.check_budget(facts.max_connections),
            // A database that is away is waited for; one that loses commits is refused.
            Err(fault) if fault.retryable() => {
                tracing::warn!(fault = %fault, "the database is not there yet")
            }
            Err(fault) => anyhow::bail!("{fault}"),
        }
        Ok(db)
    }

    fn check_budget(&self, max_connections: u32) {
        let pools: Vec<(&str, u32)> = self
            .plan
            .roles
            .iter()
            .map(|r| {
                (
                    r.name(),
                    if *r == Role::Gateway {
                        2
                    } else {
                        self.settings.pool_max
                    },
                )
            })
            .collect();
        if let Some(warning) = khaacho_pg::budget(&pools, max_connections) {
            tracing::warn!("{warning}");
        }
    }

    /// Channels under a service's own name.
    fn peers(&self, identity: &str) -> Peers {
        let mut targets = BTreeMap::new();
        for role in SERVICES {
            let here = self.plan.serves && self.plan.roles.contains(&role);
            let target = match (
                self.own.filter(|_| here),
                self.settings.addresses.get(role.name()),
            ) {
                (Some(own), _) => Some(Target::Address(own)),
                (None, Some(address)) => Some(Target::parse(address)),
                (None, None) => None,
            };
            if let Some(target) = target {
                targets.insert(role.name().to_owned(), target);
            }
        }
        if let Some(own) = self.own {
            targets.insert("ops".to_owned(), Target::Address(own));
        }
        let settings = PeerSettings {
            identity: identity.to_owned(),
            keys: self.keys.clone(),
            targets,
        };
        let (tasks, stop) = (self.inner.clone(), self.inner.stop());
        Peers::new(settings, &mut |name, feed| {
            let stop = stop.clone();
            tasks.spawn(Kind::Background, name, async move {
                tokio::select! { () = stop.cancelled() => {}, () = feed => {} }
            });
        })
    }

    fn unit(&self, role: Role, door: Door) -> Unit {
        let peers = self.peers(role.name());
        let (redis, listens) = (self.redis.clone(), self.plan.listens);
        match role {
            Role::Order => {
                let deps = khaacho_order::Deps { door, peers, listens };
                khaacho_order::unit(self.settings.order.clone(), deps)
            }
            Role::Credit => {
                let deps = khaacho_credit::Deps {
                    door,
                    peers,
                    redis,
                    listens,
                };
                khaacho_credit::unit(self.settings.credit.clone(), deps)
            }
            Role::Inventory => {
                let deps = khaacho_inventory::Deps {
                    door,
                    peers,
                    redis,
                    listens,
                };
                khaacho_inventory::unit(self.settings.inventory.clone(), deps)
            }
            Role::Notification => {
                let deps = khaacho_notification::Deps { door, listens };
                khaacho_notification::unit(self.settings.notification.clone(), deps)
            }
            Role::Gateway => unreachable!("the gateway is no gRPC service"),
        }
    }

    fn serve_grpc(
        &self,
        listener: TcpListener,
        units: &mut [Unit],
        doors: &BTreeMap<&'static str, Door>,
        readiness: &Readiness,
    ) -> anyhow::Result<SocketAddr> {
        let address = listener.local_addr()?;
        let mut routes = tonic::service::Routes::builder();
        let (reporter, health) = tonic_health::server::health_reporter();
        routes.add_service(health);
        let mut names = vec!["khaacho.ops.v1.OpsService"];
        for unit in units.iter_mut() {
            if let Some(mount) = unit.mount.take() {
                mount(&mut routes);
            }
            names.extend_from_slice(unit.services);
        }
        routes.add_service(Ops::new(doors.clone(), self.remote_ops()).into_server());
        if self.settings.reflection {
            // Both versions: many clients still speak only v1alpha.
            routes.add_service(reflection(&names).build_v1()?);
            routes.add_service(reflection(&names).build_v1alpha()?);
        }
        let stop = self.inner.stop();
        self.inner.spawn(
            Kind::Background,
            "grpc health",
            probes::report(reporter, names, readiness.clone(), stop.clone()),
        );
        let incoming = tonic::transport::server::TcpIncoming::from(listener).with_nodelay(Some(true));
        let server = tonic::transport::Server::builder()
            .http2_keepalive_interval(Some(Duration::from_secs(20)))
            .http2_keepalive_timeout(Some(Duration::from_secs(10)))
            .max_connection_age(Duration::from_secs(30 * 60))
            .layer(GuardLayer::new(self.keys.clone(), ServerLimits::default()))
            .add_routes(routes.routes());
        self.inner.spawn(Kind::Service, "grpc server", async move {
            if let Err(error) = server
                .serve_with_incoming_shutdown(incoming, stop.cancelled())
                .await
            {
                tracing::error!(error = %error, "the gRPC server ended");
            }
        });
        Ok(address)
    }

    /// Channels to the operation RPCs of other processes.
    fn remote_ops(&self) -> BTreeMap<String, Peers> {
        let mut remote = BTreeMap::new();
        for (name, address) in &self.settings.addresses {
            let targets = BTreeMap::from([
                ("ops".to_owned(), Target::parse(address)),
                ((*name).to_owned(), Target::parse(address)),
            ]);
            let settings = PeerSettings {
                identity: "gateway".to_owned(),
                keys: self.keys.clone(),
                targets,
            };
            let (tasks, stop) = (self.inner.clone(), self.inner.stop());
            let peers = Peers::new(settings, &mut |name, feed| {
                let stop = stop.clone();
                tasks.spawn(Kind::Background, name, async move {
                    tokio::select! { () = stop.cancelled() => {}, () = feed => {} }
                });
            });
            remote.insert((*name).to_owned(), peers);
        }
        remote
    }
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
        let (outer, inner) = (self.outer.stop(), self.inner.stop());
        tokio::select! { () = outer.cancelled() => {}, () = inner.cancelled() => {} }
        self.outer
            .failure()
            .or(self.inner.failure())
            .unwrap_or_else(|| "stopped".to_owned())
    }

    /// Stops in order: not ready, edge and jobs, services, pools. Returns whether everything ended in time.
    pub async fn stop(self) -> bool {
        self.readiness.stop();
        self.outer.stop().cancel();
        let drained = self.outer.finish(self.shutdown).await;
        self.inner.stop().cancel();
        let ended = self.inner.finish(Duration::from_secs(5)).await;
        for door in self.doors.values() {
            let _ = tokio::time::timeout(Duration::from_secs(2), door.db().close()).await;
        }
        if let Some(db) = &self.gateway_db {
            let _ = tokio::time::timeout(Duration::from_secs(2), db.close()).await;
        }
        drained && ended
    }
}

fn start_background(unit: Unit, plan: &Plan, outer: &Tasks, inner: &Tasks) {
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
        let tasks = if it.part == Part::Jobs { outer } else { inner };
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

fn reflection<'a>(names: &[&str]) -> tonic_reflection::server::Builder<'a> {
    let builder = tonic_reflection::server::Builder::configure()
        .register_encoded_file_descriptor_set(khaacho_proto::DESCRIPTORS)
        .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
        .with_service_name("grpc.health.v1.Health");
    names.iter().fold(builder, |b, name| b.with_service_name(*name))
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
