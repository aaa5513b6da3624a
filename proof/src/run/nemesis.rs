//! Breaks things, and mends them.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::Context as _;
use fastrand::Rng;
use serde_json::{Value, json};
use tokio::sync::Mutex;
use tokio::task::JoinSet;

use crate::harness::{Role, Signal};
use crate::history::{Entry, Phase};

use super::database;
use super::providers;
use super::schedule::{Kind, Planned};
use super::stage::Stage;

/// A process that is not ready after this is broken for good.
const READY: Duration = Duration::from_secs(90);
/// The program gives itself 25 s.
const DRAIN: Duration = Duration::from_secs(40);

/// Who breaks things.
pub(super) struct Nemesis {
    stage: Arc<Stage>,
    planned: Vec<Planned>,
    /// Faults of one target wait for each other.
    targets: Arc<BTreeMap<&'static str, Mutex<()>>>,
    /// When PostgreSQL answered last after an outage, in nanoseconds of the run.
    pg_up: Arc<AtomicU64>,
}

impl Nemesis {
    pub(super) fn new(stage: Arc<Stage>, planned: Vec<Planned>) -> Self {
        let roles = stage.mesh.roles().iter().map(|role| role.name());
        let others = ["postgres", "sessions", "locks", "redis", "provider"];
        let targets = roles.chain(others).map(|name| (name, Mutex::new(()))).collect();
        Self {
            stage,
            planned,
            targets: Arc::new(targets),
            pg_up: Arc::default(),
        }
    }

    /// Carries out the schedule. Ends when everything that was broken is mended.
    ///
    /// # Errors
    /// When something cannot be mended.
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let mut broken: JoinSet<anyhow::Result<()>> = JoinSet::new();
        for fault in self.planned.clone() {
            while self.stage.acked() < fault.after && !self.stage.over() {
                tokio::time::sleep(Duration::from_millis(5)).await;
                while let Some(mended) = broken.try_join_next() {
                    mended??;
                }
            }
            if self.stage.over() {
                break;
            }
            broken.spawn(self.break_it(fault));
        }
        while let Some(mended) = broken.join_next().await {
            mended??;
        }
        Ok(())
    }

    fn break_it(&self, fault: Planned) -> impl Future<Output = anyhow::Result<()>> + Send + 'static {
        let (stage, targets, pg_up) = (self.stage.clone(), self.targets.clone(), self.pg_up.clone());
        async move {
            let roles = stage.mesh.roles();
            let role = *roles.get(fault.role).context("a fault has a role of the mesh")?;
            let target = targets
                .get(fault.kind.target(role))
                .context("a fault has a target")?;
            let _alone = target.lock().await;
            let id = fault.id;
            let kind = fault.kind;
            let hand = Hand {
                stage,
                fault,
                role,
                pg_up,
            };
            hand.break_it()
                .await
                .with_context(|| format!("fault {id} ({})", kind.name()))
        }
    }
}

/// One fault while it happens.
pub(super) struct Hand {
    pub(super) stage: Arc<Stage>,
    pub(super) fault: Planned,
    role: Role,
    pg_up: Arc<AtomicU64>,
}

impl Hand {
    async fn break_it(&self) -> anyhow::Result<()> {
        self.stage.count("faults");
        match self.fault.kind {
            Kind::Kill => self.kill().await,
            Kind::Stop => self.stop().await,
            Kind::Term => self.term().await,
            Kind::PgKill => self.pg_kill().await,
            Kind::PgTerminate => database::terminate(self).await,
            Kind::PgLock => database::lock(self).await,
            Kind::RedisKill | Kind::RedisFlush | Kind::RedisStop => self.redis().await,
            _ => {
                providers::misbehave(self).await;
                Ok(())
            }
        }
    }

    pub(super) fn random(&self) -> Rng {
        Rng::with_seed(self.fault.dice)
    }

    pub(super) async fn hold(&self) {
        tokio::time::sleep(Duration::from_millis(self.fault.hold_ms)).await;
    }

    /// Writes down that it is broken.
    pub(super) fn broken(&self, v: Value) {
        self.write(Phase::Fault, v);
    }

    /// Writes down that it is mended.
    pub(super) fn mended(&self, svc: &str) {
        self.write(Phase::Heal, json!({ "svc": svc }));
    }

    fn write(&self, phase: Phase, mut v: Value) {
        v["id"] = json!(self.fault.id);
        v["trigger"] = json!(self.fault.after);
        self.stage
            .recorder
            .record(Entry::plain("nem", phase, self.fault.kind.name(), v));
    }

    /// Waits until the role serves again, and writes down how long it took, counted from its start or from the last
    /// time that it got its database back.
    async fn serves_again(&self, started: u64) -> anyhow::Result<()> {
        self.stage.mesh.ready(self.role, READY).await?;
        let from = started.max(self.pg_up.load(Ordering::Relaxed));
        let ms = self.stage.recorder.now_ns().saturating_sub(from) / 1_000_000;
        let budget = self.stage.scenario.limits.restart_s * 1000;
        self.stage.mark(
            "restarted",
            json!({ "svc": self.role.name(), "ms": ms, "budget_ms": budget }),
        );
        Ok(())
    }

    async fn kill(&self) -> anyhow::Result<()> {
        let mesh = &self.stage.mesh;
        let svc = self.role.name();
        let again = if self.fault.again { 2 } else { 0 };
        self.broken(json!({ "svc": svc, "pid": mesh.pid(self.role), "again": again }));
        mesh.kill(self.role)?;
        self.stage
            .mark("exit", json!({ "svc": svc, "planned": true, "status": "killed" }));
        self.hold().await;
        let mut random = self.random();
        for _ in 0..again {
            // It recovers just now, which is when it is most worth killing.
            mesh.spawn(self.role)?;
            tokio::time::sleep(Duration::from_millis(random.u64(5..=400))).await;
            mesh.kill(self.role)?;
            self.stage
                .mark("exit", json!({ "svc": svc, "planned": true, "status": "killed" }));
        }
        let started = self.stage.recorder.now_ns();
        mesh.spawn(self.role)?;
        self.serves_again(started).await?;
        self.mended(svc);
        Ok(())
    }

    async fn stop(&self) -> anyhow::Result<()> {
        let svc = self.role.name();
        if self.stage.mesh.signal(self.role, Signal::STOP).is_err() {
            // It has just ended by itself; the supervisor tells.
            return Ok(());
        }
        self.broken(json!({ "svc": svc, "ms": self.fault.hold_ms }));
        self.hold().await;
        self.stage.mesh.signal(self.role, Signal::CONT)?;
        self.mended(svc);
        Ok(())
    }

    async fn term(&self) -> anyhow::Result<()> {
        let svc = self.role.name();
        self.broken(json!({ "svc": svc }));
        let status = self.stage.mesh.terminate(self.role, DRAIN).await?;
        self.stage.mark(
            "exit",
            json!({ "svc": svc, "planned": true, "status": status.to_string() }),
        );
        let started = self.stage.recorder.now_ns();
        self.stage.mesh.spawn(self.role)?;
        self.serves_again(started).await?;
        self.mended(svc);
        Ok(())
    }

    async fn pg_kill(&self) -> anyhow::Result<()> {
        let postgres = &self.stage.postgres;
        self.broken(json!({ "svc": "postgres" }));
        postgres.stop_immediately().await?;
        tokio::time::sleep(Duration::from_millis(self.fault.hold_ms.min(1500))).await;
        let started = self.stage.recorder.now_ns();
        postgres.spawn()?;
        postgres.ready(READY).await?;
        let answered = self.stage.recorder.now_ns();
        self.pg_up.store(answered, Ordering::Relaxed);
        self.mended("postgres");
        for role in self.stage.mesh.roles() {
            // Those that are killed or stopped meanwhile are waited for by their own fault.
            let _ = self.stage.mesh.ready(*role, Duration::from_secs(30)).await;
        }
        let now = self.stage.recorder.now_ns();
        let budget = self.stage.scenario.limits.pg_restart_s * 1000;
        let v = json!({
            "svc": "postgres", "ms": (answered - started) / 1_000_000, "budget_ms": budget,
            "mesh_ready_ms": (now - started) / 1_000_000,
        });
        self.stage.mark("restarted", v);
        Ok(())
    }

    async fn redis(&self) -> anyhow::Result<()> {
        let Some(redis) = &self.stage.redis else {
            return Ok(());
        };
        self.broken(json!({ "svc": "redis" }));
        match self.fault.kind {
            Kind::RedisFlush => redis.flush_all().await?,
            Kind::RedisStop => {
                redis.pause()?;
                self.hold().await;
                redis.resume()?;
                self.mended("redis");
            }
            _ => {
                redis.kill();
                self.hold().await;
                redis.spawn()?;
                redis.ready().await?;
                self.mended("redis");
            }
        }
        Ok(())
    }
}
