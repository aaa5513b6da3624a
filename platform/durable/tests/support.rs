//! A database with the queue's tables and one of business, doors that stand for processes, commands and handlers.

mod note;
mod proxy;

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use khaacho_durable::{Done, Door, JobKind, JobRun, NewJob, Runner, SCHEMA_SQL, run};
use khaacho_fault::Fault;
use khaacho_lifecycle::{Clock, Hand, Stop};
use khaacho_pg::migrate::{SchemaMigrations, Step};
use khaacho_pg::{Db, Settings};
use khaacho_rpc::Ctx;
use khaacho_testkit::db::TestDb;
use sqlx::postgres::PgPoolOptions;
use sqlx::{Connection, PgConnection, PgPool};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

pub use note::{Note, Unremembered};
pub use proxy::{Cut, Proxy};

const SET: SchemaMigrations = SchemaMigrations::new(
    "shop",
    "khaacho_shop",
    &[Step {
        version: 1,
        name: "0001_effect",
        sql: "create table effect (
                  id bigint generated always as identity constraint effect_pkey primary key,
                  label text not null)",
    }],
)
.with_prelude(&[("durable", SCHEMA_SQL)]);

/// Long enough for a loaded machine; a condition that holds ends the wait at once.
pub const SOON: Duration = Duration::from_secs(20);

/// A service's database and one process of it.
pub struct World {
    pub door: Door,
    pub hand: Hand,
    clock: Clock,
    /// Sessions of the superuser: the service's role does not see what other sessions do.
    eyes: PgPool,
    test_db: TestDb,
}

impl World {
    pub async fn new() -> Self {
        let test_db = TestDb::migrated(&[SET]).await;
        let (clock, hand) = Clock::shifted();
        let door = open(test_db.url(), clock.clone(), 8).await;
        let eyes = PgPoolOptions::new()
            .max_connections(2)
            .connect(test_db.url())
            .await
            .expect("connects");
        Self {
            door,
            hand,
            clock,
            eyes,
            test_db,
        }
    }

    /// The door of another process.
    pub async fn another_door(&self) -> Door {
        open(self.test_db.url(), self.clock.clone(), 8).await
    }

    /// A door with few connections.
    pub async fn narrow_door(&self, connections: u32) -> Door {
        open(self.test_db.url(), self.clock.clone(), connections).await
    }

    /// A door behind a proxy that can cut connections.
    pub async fn proxied_door(&self) -> (Door, Proxy) {
        let proxy = Proxy::before(self.test_db.url()).await;
        let door = open(proxy.url(), self.clock.clone(), 4).await;
        (door, proxy)
    }

    /// A session of our own, without the limits of a pool.
    pub async fn session(&self) -> PgConnection {
        PgConnection::connect(self.test_db.url()).await.expect("connects")
    }

    /// Runs a statement that changes something.
    pub async fn sql(&self, statement: &'static str) -> u64 {
        let done = sqlx::raw_sql(statement).execute(&self.eyes).await;
        done.expect("the statement runs").rows_affected()
    }

    /// Runs statements in a session of our own.
    pub async fn session_sql(&self, session: &mut PgConnection, statements: &'static str) {
        sqlx::raw_sql(statements)
            .execute(session)
            .await
            .expect("the statements run");
    }

    /// The one number that a query answers.
    pub async fn number(&self, query: &'static str) -> i64 {
        sqlx::query_scalar(query)
            .fetch_one(&self.eyes)
            .await
            .expect("the query runs")
    }

    /// How many effects there are, without those of markers.
    pub async fn effects(&self) -> i64 {
        self.number("select count(*) from shop.effect where label <> 'marker'")
            .await
    }

    pub async fn jobs(&self) -> i64 {
        self.number("select count(*) from shop.job where kind not like 'sweep%'")
            .await
    }

    /// Waits until no job waits or runs.
    pub async fn until_quiet(&self) {
        let waiting = "select count(*) from shop.job where kind not like 'sweep%' and parked_at is null";
        eventually("no job waits", SOON, async || self.number(waiting).await == 0).await;
    }

    /// Adds jobs in one transaction.
    pub async fn enqueue(&self, jobs: impl IntoIterator<Item = NewJob>) {
        enqueue(&self.door, jobs).await;
    }

    /// Runs a job of its own kind to its end: whatever was due before it has been looked at by a claim since.
    pub async fn marker(&self) {
        let before = self.effects_of("marker").await;
        self.enqueue([job("marker", "")]).await;
        eventually("the marker ran", SOON, async || {
            self.effects_of("marker").await > before
        })
        .await;
    }

    async fn effects_of(&self, label: &str) -> i64 {
        sqlx::query_scalar("select count(*) from shop.effect where label = $1")
            .bind(label)
            .fetch_one(&self.eyes)
            .await
            .expect("counts")
    }
}

async fn open(url: &str, clock: Clock, pool_max: u32) -> Door {
    let settings = Settings {
        role: Some("khaacho_shop".to_owned()),
        pool_max,
        ..Settings::new(url, "shop", "durable test")
    };
    Door::new("shop", Db::connect(settings).await.expect("connects"), clock)
}

/// A context with this request id.
pub fn asked(request_id: &str) -> Ctx {
    Ctx::for_test().requested(request_id).expect("a good id")
}

pub async fn enqueue(door: &Door, jobs: impl IntoIterator<Item = NewJob>) {
    let command = Unremembered(jobs.into_iter().collect());
    let _: Done<()> = run(door, &Ctx::for_test(), command).await.expect("commits");
}

pub fn job(kind: &'static str, body: &str) -> NewJob {
    NewJob::new(kind, &body).expect("a text is JSON")
}

/// A kind whose jobs write their body into the effects, in the transaction that ends them.
pub fn writes(kind: &'static str) -> JobKind {
    JobKind::new(kind, |job: Arc<JobRun>| async move {
        let label = if job.kind() == "marker" {
            "marker".to_owned()
        } else {
            job.body()?
        };
        Ok(job.finish_with(Note::new(label)).await?.0)
    })
}

/// What handlers have begun, in that order, and a gate in front of the rest of their work.
#[derive(Clone)]
pub struct Held {
    begun: Arc<Mutex<Vec<String>>>,
    gate: Arc<Semaphore>,
}

impl Held {
    pub fn new() -> Self {
        Self {
            begun: Arc::default(),
            gate: Arc::new(Semaphore::new(0)),
        }
    }

    /// A kind whose jobs wait at the gate before they write.
    pub fn kind(&self, kind: &'static str) -> JobKind {
        let this = self.clone();
        let kind = JobKind::new(kind, move |job: Arc<JobRun>| {
            let this = this.clone();
            async move {
                let label: String = job.body()?;
                this.begun.lock().expect("no panic").push(label.clone());
                let _passed = this.gate.acquire().await.map_err(Fault::bug)?;
                Ok(job.finish_with(Note::new(label)).await?.0)
            }
        });
        kind.pause_max(Duration::from_millis(20))
            .budget(Duration::from_secs(60))
    }

    pub fn begun(&self) -> Vec<String> {
        self.begun.lock().expect("no panic").clone()
    }

    pub async fn until_begun(&self, jobs: usize) {
        eventually("jobs have begun", SOON, async || self.begun().len() >= jobs).await;
    }

    pub fn open(&self) {
        self.gate.add_permits(1000);
    }
}

/// A runner at work.
pub struct Running {
    stop: Stop,
    tasks: JoinSet<()>,
}

/// Starts a runner of these kinds, and of the marker.
pub fn work(door: &Door, kinds: impl IntoIterator<Item = JobKind>) -> Running {
    let kinds = kinds.into_iter().chain([writes("marker")]).collect();
    start(Runner::new(door.clone(), kinds))
}

pub fn start(runner: Runner) -> Running {
    let stop = Stop::new();
    let mut tasks = JoinSet::new();
    tasks.spawn(runner.run(stop.clone()));
    Running { stop, tasks }
}

impl Running {
    /// Asks it to stop, without waiting.
    pub fn ask(&self) {
        self.stop.cancel();
    }

    /// Lets what is under way finish.
    pub async fn stop(mut self) {
        self.stop.cancel();
        while let Some(ended) = self.tasks.join_next().await {
            ended.expect("the runner does not panic");
        }
    }

    /// Dies as by `kill -9`: nothing is finished, released or said.
    pub async fn kill(mut self) {
        self.tasks.shutdown().await;
    }
}

/// Waits for a condition, not for time.
pub async fn eventually(what: &str, within: Duration, mut holds: impl AsyncFnMut() -> bool) {
    let begun = Instant::now();
    while !holds().await {
        assert!(begun.elapsed() < within, "not within {within:?}: {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
