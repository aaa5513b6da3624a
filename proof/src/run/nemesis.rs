//! Breaks things, and mends them.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use anyhow::Context as _;
use fastrand::Rng;
use serde_json::{Value, json};
use tokio::sync::Mutex;
use tokio::task::JoinSet;

use crate::harness::Role;
use crate::history::{Entry, Phase};

use super::schedule::{Kind, Planned, name_of};
use super::stage::Stage;
use super::{calls, clock, database, disk, network, processes, providers, servers, statements};

/// Who breaks things.
pub(super) struct Nemesis {
    stage: Arc<Stage>,
    planned: Vec<Planned>,
    targets: Targets,
}

/// Faults of one target wait for each other.
#[derive(Clone, Default)]
struct Targets {
    all: Arc<std::sync::Mutex<BTreeMap<String, Arc<Mutex<()>>>>>,
}

impl Targets {
    fn named(&self, name: &str) -> Arc<Mutex<()>> {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        all.entry(name.to_owned()).or_default().clone()
    }
}

impl Nemesis {
    pub(super) fn new(stage: Arc<Stage>, planned: Vec<Planned>) -> Self {
        Self {
            stage,
            planned,
            targets: Targets::default(),
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
        let (stage, targets) = (self.stage.clone(), self.targets.clone());
        async move {
            let roles = stage.mesh.roles();
            let role = *roles.get(fault.role).context("a fault has a role of the mesh")?;
            let mut dice = Rng::with_seed(fault.dice ^ 0xed6e);
            let edge = stage
                .edges
                .draw(fault.kind, &mut dice)
                .map(|edge| edge.name.clone());
            let edge = edge.unwrap_or_default();
            let name = name_of(fault.kind.target(), role, &edge);
            let target = targets.named(&name);
            let _alone = target.lock().await;
            let (id, kind) = (fault.id, fault.kind);
            let hand = Hand {
                stage,
                fault,
                role,
                edge,
                target: name,
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
    /// Whom it hits, when it is a fault of a role.
    pub(super) role: Role,
    /// Which edge it hits, when it is a fault of one.
    pub(super) edge: String,
    target: String,
}

impl Hand {
    async fn break_it(&self) -> anyhow::Result<()> {
        self.stage.count("faults");
        match self.fault.kind {
            Kind::Kill => processes::kill(self).await,
            Kind::Stop => processes::stop(self).await,
            Kind::Term => processes::terminate(self).await,
            Kind::StatementKill => statements::kill(self).await,
            Kind::ReplyLost => statements::lose_replies(self).await,
            Kind::PgKill => servers::postgres(self).await,
            Kind::PgTerminate => database::terminate(self).await,
            Kind::PgLock => database::lock(self).await,
            Kind::RedisKill | Kind::RedisFlush | Kind::RedisStop => servers::redis(self).await,
            Kind::NetSwizzle => {
                network::swizzle(self).await;
                Ok(())
            }
            Kind::DiskFull => disk::fill(self).await,
            Kind::ClockJump => clock::jump(self).await,
            Kind::CallTwice | Kind::CallLost => calls::spoil(self).await,
            Kind::NetSlow
            | Kind::NetSlice
            | Kind::NetCut
            | Kind::NetRefuse
            | Kind::NetBlackHole
            | Kind::NetHalfOpen
            | Kind::NetOneWay
            | Kind::NetFlap
            | Kind::NetGarble => network::spoil(self).await,
            Kind::ProviderDown
            | Kind::ProviderBroken
            | Kind::ProviderBusy
            | Kind::ProviderStall
            | Kind::ProviderLost
            | Kind::ProviderOdd => {
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
        let now = self.stage.recorder.now_ns();
        self.stage.repairs.mended(&self.target, now);
    }

    /// Notes that what was broken is being started. From here on it may serve, so whoever waited for it is counted
    /// from here at the earliest, even when it is ended again before it is mended.
    pub(super) fn starts_again(&self) {
        let now = self.stage.recorder.now_ns();
        self.stage.repairs.mended(&self.target, now);
    }

    fn write(&self, phase: Phase, mut v: Value) {
        v["id"] = json!(self.fault.id);
        v["trigger"] = json!(self.fault.after);
        self.stage
            .recorder
            .record(Entry::plain("nem", phase, self.fault.kind.name(), v));
    }

    /// Writes down that a process ended, as it was meant to.
    pub(super) fn exit(&self, status: &str) {
        let v = json!({ "svc": self.role.name(), "planned": true, "status": status });
        self.stage.mark("exit", v);
    }

    /// Writes down how long it took until something served again: since `from`, or since what it needs was mended
    /// last, should that have been later. `svc` is what was broken, `role` who serves again.
    pub(super) fn served_again(&self, svc: &str, role: &str, from: u64, needs: &[String], budget_s: u64) {
        let from = self.stage.repairs.since(from, needs);
        let ms = self.stage.recorder.now_ns().saturating_sub(from) / 1_000_000;
        let v = json!({
            "svc": svc, "role": role, "ms": ms, "budget_ms": budget_s * 1000,
            "after": self.fault.kind.name(), "id": self.fault.id,
        });
        self.stage.mark("restarted", v);
    }
}
