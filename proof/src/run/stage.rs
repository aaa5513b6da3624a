//! What all actors share.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::fakes::Fakes;
use crate::harness::{Mesh, Postgres, Redis};
use crate::history::{Entry, Phase, Recorder};

use super::calls::Calls;
use super::clock::Clocks;
use super::disk::Disk;
use super::edges::Edges;
use super::repairs::Repairs;
use super::scenario::Scenario;
use super::statements::Sessions;
use super::world::World;

/// What a mesh runs on, in the order in which it goes away.
#[derive(Debug)]
pub(super) struct Ground {
    pub(super) fakes: Fakes,
    pub(super) mesh: Mesh,
    pub(super) edges: Edges,
    pub(super) calls: Calls,
    pub(super) sessions: Sessions,
    pub(super) clocks: Option<Clocks>,
    pub(super) redis: Option<Redis>,
    pub(super) postgres: Postgres,
    pub(super) disk: Option<Disk>,
}

/// How long connections that nobody uses may stay open after everything is quiet.
const IDLE_CONNECTIONS: Duration = Duration::from_secs(60);
/// Files above those of before with which a process has given back what it took.
const FILES_NEAR: u64 = 8;

/// The mesh with everything around it, and what has happened so far.
#[derive(Debug)]
pub(super) struct Stage {
    pub(super) recorder: Arc<Recorder>,
    pub(super) scenario: Scenario,
    pub(super) ground: Ground,
    pub(super) repairs: Repairs,
    /// Acknowledged operations.
    pub(super) acked: AtomicU64,
    /// Actors finish what they are at and stop.
    pub(super) ending: CancellationToken,
    pub(super) world: Mutex<Arc<World>>,
    tally: Mutex<BTreeMap<String, u64>>,
}

impl std::ops::Deref for Stage {
    type Target = Ground;

    fn deref(&self) -> &Ground {
        &self.ground
    }
}

impl Stage {
    pub(super) fn new(recorder: Arc<Recorder>, scenario: Scenario, ground: Ground) -> Self {
        Self {
            recorder,
            scenario,
            ground,
            repairs: Repairs::default(),
            acked: AtomicU64::new(0),
            ending: CancellationToken::new(),
            world: Mutex::default(),
            tally: Mutex::default(),
        }
    }

    pub(super) fn world(&self) -> Arc<World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn acked(&self) -> u64 {
        self.acked.load(Ordering::Relaxed)
    }

    pub(super) fn over(&self) -> bool {
        self.ending.is_cancelled()
    }

    /// Counts something for the summary.
    pub(super) fn count(&self, what: &str) {
        let mut tally = self.tally.lock().unwrap_or_else(PoisonError::into_inner);
        *tally.entry(what.to_owned()).or_default() += 1;
    }

    pub(super) fn tally(&self) -> BTreeMap<String, u64> {
        self.tally.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether a phone may be sent more without waiting: WhatsApp takes one message in six seconds for one recipient
    /// after a burst of 45, and the mesh keeps to it. A run that piled up more would not come to rest in time.
    pub(super) fn has_room(&self, phone: &str) -> bool {
        let seconds = self.recorder.now_ns() / 1_000_000_000;
        let room = 30 + seconds / 8;
        u64::try_from(self.fakes.count(phone)).unwrap_or(u64::MAX) < room
    }

    /// A milestone of the run.
    pub(super) fn mark(&self, what: &str, v: Value) -> u64 {
        self.recorder.record(Entry::plain("run", Phase::Mark, what, v))
    }

    /// Sleeps, but not beyond the end.
    pub(super) async fn pause(&self, how_long: Duration) {
        tokio::select! {
            () = tokio::time::sleep(how_long) => {}
            () = self.ending.cancelled() => {}
        }
    }

    /// Sessions at the database that are not ours, and those of them that sit in a transaction.
    pub(super) async fn sessions(&self) -> anyhow::Result<Value> {
        let mut connection = self.postgres.connect("khaacho").await?;
        // Between two statements every transaction is idle for a moment.
        let sql = "select count(*),
                          count(*) filter (where state = 'idle in transaction'
                                             and state_change < now() - interval '2s')
                   from pg_stat_activity where datname = 'khaacho' and application_name <> 'kasauti'";
        let (all, idle): (i64, i64) = sqlx::query_as(sql).fetch_one(&mut connection).await?;
        Ok(json!({ "sessions": all, "idle_in_transaction": idle }))
    }

    /// What the processes take after all is quiet. Connections that nobody uses any more are closed after some seconds:
    /// those of our own clients after five, those to the providers later.
    pub(super) async fn resources_given_back(&self, before: &Value) -> anyhow::Result<Value> {
        let files = |told: &Value, role: &str| told["processes"][role]["fds"].as_u64().unwrap_or(0);
        let until = tokio::time::Instant::now() + IDLE_CONNECTIONS;
        loop {
            let now = self.resources().await?;
            let back = |role: &str| files(&now, role) <= files(before, role) + FILES_NEAR;
            let all = self.mesh.roles().iter().all(|role| back(role.name()));
            if all || tokio::time::Instant::now() >= until {
                return Ok(now);
            }
            tokio::time::sleep(Duration::from_secs(2)).await;
        }
    }

    /// What the processes take, for a mark.
    pub(super) async fn resources(&self) -> anyhow::Result<Value> {
        let mut told = self.sessions().await?;
        let mut processes = serde_json::Map::new();
        for role in self.mesh.roles() {
            if let Some(usage) = self.mesh.usage(*role) {
                let cpu_ms = u64::try_from(usage.cpu.as_millis()).unwrap_or(u64::MAX);
                let own = json!({ "rss_kb": usage.rss / 1024, "fds": usage.files, "cpu_ms": cpu_ms });
                processes.insert(role.name().to_owned(), own);
            }
        }
        told["processes"] = Value::Object(processes);
        Ok(told)
    }
}
