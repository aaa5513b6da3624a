//! A mesh of six processes with a proxy in front of everything that it stands on.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use super::cell::{Cell, Dependency, Fault, GARBLED};
use super::collector::Collector;
use crate::fakes::{Fakes, Manners};
use crate::harness::{Client, Mesh, Mode, Plan, Postgres, Redis, Role};
use crate::history::Recorder;
use crate::proxy::{TcpProxy, Weather};

/// Overwrites every key, by turns with another type and with junk.
const SCRIBBLE: &str = "local all = redis.call('keys', '*') for n, key in ipairs(all) do \
     redis.call('del', key) if n % 2 == 0 then redis.call('rpush', key, 'wrong') \
     else redis.call('set', key, '{wrong') end end return #all";
/// Between two times of it.
const SCRIBBLE_EVERY: Duration = Duration::from_millis(40);
/// For how long keys are overwritten before answers are garbled as well.
const SCRIBBLE_FOR: Duration = Duration::from_millis(2500);

/// The mesh, its surroundings, and what can be broken of them.
#[derive(Debug)]
pub(super) struct Stage {
    pub(super) mesh: Mesh,
    pub(super) fakes: Fakes,
    pub(super) postgres: Arc<Postgres>,
    pub(super) database: String,
    pub(super) collector: Collector,
    pub(super) began: Instant,
    redis: Arc<Redis>,
    proxies: BTreeMap<Dependency, Arc<TcpProxy>>,
}

impl Stage {
    /// Starts everything in a directory of its own, on a database that is there.
    pub(super) async fn start(
        dir: &Path,
        binary: &Path,
        postgres: Arc<Postgres>,
        database: String,
    ) -> anyhow::Result<Self> {
        std::fs::create_dir_all(dir.join("logs"))?;
        let redis = Redis::start(dir).await?;
        let collector = Collector::start().await?;
        let mut plan = Plan::new(dir, binary, Mode::Split, postgres.url(&database));
        let recorder = Arc::new(Recorder::create(dir)?);
        let fakes = Fakes::start(dir, recorder, &plan.http(), 1).await?;
        let mut proxies = BTreeMap::new();
        for dependency in Dependency::ALL {
            let behind = match dependency {
                Dependency::Postgresql => postgres.address(),
                Dependency::Redis => redis.address(),
                Dependency::Provider => fakes.url.trim_start_matches("http://").to_owned(),
                Dependency::Collector => collector.address.to_string(),
                service => plan.grpc(role(service)),
            };
            proxies.insert(dependency, Arc::new(TcpProxy::start(behind.parse()?)?));
        }
        wire(
            &mut plan,
            &fakes,
            &postgres.url(&database),
            &postgres.address(),
            &proxies,
        );
        let mesh = Mesh::start(plan).await?;
        Ok(Self {
            mesh,
            fakes,
            postgres,
            database,
            collector,
            began: Instant::now(),
            redis: Arc::new(redis),
            proxies,
        })
    }

    /// Since the stage stands.
    pub(super) fn now(&self) -> Duration {
        self.began.elapsed()
    }

    /// Breaks it until what comes back is dropped or [`Stage::heal`] is called.
    pub(super) fn spoil(&self, cell: Cell) -> JoinSet<()> {
        let mut spoiling = JoinSet::new();
        let proxy = self.proxies.get(&cell.dependency);
        if let (Some(weather), Some(proxy)) = (cell.weather(), proxy) {
            proxy.set(weather);
        }
        match (cell.fault, cell.dependency) {
            (Fault::Wrong, Dependency::Redis) => {
                let (redis, proxy) = (self.redis.clone(), proxy.cloned());
                spoiling.spawn(async move {
                    let began = Instant::now();
                    while began.elapsed() < SCRIBBLE_FOR {
                        // Redis is ours and runs; a round that fails is repeated at once.
                        let _ = redis.command(&format!("EVAL \"{SCRIBBLE}\" 0")).await;
                        tokio::time::sleep(SCRIBBLE_EVERY).await;
                    }
                    if let Some(proxy) = proxy {
                        proxy.set(GARBLED);
                    }
                });
            }
            (Fault::Wrong, Dependency::Provider) => self.fakes.behave(Manners {
                junk: 1000,
                ..Manners::good()
            }),
            (Fault::Wrong, Dependency::Collector) => self.collector.junk(true),
            _ => {}
        }
        spoiling
    }

    /// Mends everything and restarts nothing.
    pub(super) fn heal(&self) {
        for proxy in self.proxies.values() {
            proxy.set(Weather::Clear);
        }
        self.fakes.behave(Manners::good());
        self.collector.junk(false);
    }

    /// Roles that do not say that they are ready.
    pub(super) async fn not_ready(&self) -> Vec<&'static str> {
        let looks = self.mesh.roles().iter().map(|role| async {
            let client = Client::new(&self.mesh.plan().health(*role), None).patient(Duration::from_secs(7));
            let ready = client
                .get("/ready")
                .await
                .is_ok_and(|answer| answer.status == 200);
            (!ready).then(|| role.name())
        });
        futures_util::future::join_all(looks)
            .await
            .into_iter()
            .flatten()
            .collect()
    }
}

fn role(service: Dependency) -> Role {
    match service {
        Dependency::Credit => Role::Credit,
        Dependency::Inventory => Role::Inventory,
        Dependency::Notification => Role::Notification,
        _ => Role::Order,
    }
}

/// Sends every role through the proxies.
fn wire(
    plan: &mut Plan,
    fakes: &Fakes,
    database_url: &str,
    postgres: &str,
    proxies: &BTreeMap<Dependency, Arc<TcpProxy>>,
) {
    for (name, value) in fakes.settings() {
        plan.env_everywhere(name, &value);
    }
    for (name, value) in [
        // The limits are there, so that Redis is asked, and nobody comes near them.
        ("RATE_LIMIT_ENABLED", "true"),
        ("RATE_LIMIT_PER_MINUTE", "1000000"),
        ("RATE_LIMIT_PER_HOUR", "1000000"),
        ("RATE_LIMIT_MAX_REQUESTS", "1000000"),
        ("RATE_LIMIT_SENDER_PER_MINUTE", "1000000"),
        ("RATE_LIMIT_SENDER_PER_HOUR", "1000000"),
    ] {
        plan.env_everywhere(name, value);
    }
    for (dependency, proxy) in proxies {
        let at = proxy.addr();
        match dependency {
            Dependency::Postgresql => {
                let url = database_url.replace(postgres, &at.to_string());
                for role in plan.mode.roles() {
                    plan.database_url(*role, &url);
                }
            }
            Dependency::Redis => plan.env_everywhere("REDIS_URL", &format!("redis://{at}")),
            Dependency::Provider => {
                plan.env_everywhere("TWILIO_API_URL", &format!("http://{at}"));
                plan.env_everywhere("WHATSAPP_API_URL", &format!("http://{at}/v26.0"));
            }
            Dependency::Collector => {
                plan.env_everywhere("OTEL_EXPORTER_OTLP_ENDPOINT", &format!("http://{at}"));
            }
            service => {
                for caller in plan.mode.roles() {
                    plan.peer(*caller, role(*service), &at.to_string());
                }
            }
        }
    }
}
