//! What roles are built from: pools, channels, units, the gRPC server.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context as _;
use khaacho_cache::Redis;
use khaacho_durable::Door;
use khaacho_lifecycle::{Kind, Readiness, Tasks, Unit};
use khaacho_pg::{Db, Safety};
use khaacho_rpc::{GuardLayer, MeshKeys, PeerSettings, Peers, Target};
use tokio::net::TcpListener;

use super::Plan;
use crate::ops::Ops;
use crate::probes;
use crate::roles::{Role, SERVICES};
use crate::settings::Settings;

/// The parts that every role is built from.
pub(super) struct Parts<'a> {
    pub(super) plan: &'a Plan,
    pub(super) settings: &'a Settings,
    pub(super) keys: MeshKeys,
    pub(super) own: Option<SocketAddr>,
    pub(super) redis: Redis,
    pub(super) inner: &'a Tasks,
    pub(super) calls: &'a GuardLayer,
}

impl Parts<'_> {
    pub(super) async fn database(&self, role: Role) -> anyhow::Result<Db> {
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
        let own = role.database_role().to_owned();
        match khaacho_pg::migrate::role_exists(url, &own).await {
            Ok(true) => settings.role = Some(own),
            Ok(false) => {}
            // A process that starts before its database must not have everybody's rights ever after.
            Err(_) => settings.role_if_there = Some(own),
        }
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
    pub(super) fn peers(&self, identity: &str) -> Peers {
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

    pub(super) fn unit(&self, role: Role, door: Door) -> Unit {
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

    pub(super) fn serve_grpc(
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
            .layer(self.calls.clone())
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

fn reflection<'a>(names: &[&str]) -> tonic_reflection::server::Builder<'a> {
    let builder = tonic_reflection::server::Builder::configure()
        .register_encoded_file_descriptor_set(khaacho_proto::DESCRIPTORS)
        .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
        .with_service_name("grpc.health.v1.Health");
    names.iter().fold(builder, |b, name| b.with_service_name(*name))
}
