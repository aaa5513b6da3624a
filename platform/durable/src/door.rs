use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use khaacho_lifecycle::{Clock, Stop};
use khaacho_pg::Db;
use tokio::sync::Notify;

use crate::gather::Gatherers;
use crate::handoff::Counter;
use crate::job::{Ended, Postponed};
use crate::sql::Sql;
use crate::together::Together;

/// Wake-ups for other processes are gathered for this long: NOTIFY takes a lock of the whole server at commit.
const ANNOUNCE_EVERY: Duration = Duration::from_millis(3);

/// A service's way to its database: pool, clock and the bell of its job runner. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Door(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    service: &'static str,
    db: Db,
    clock: Clock,
    sql: Sql,
    bell: Notify,
    local_runners: AtomicUsize,
    counter: Counter,
    gatherers: Gatherers,
    finishing: Together<Ended, bool>,
    postponing: Together<Postponed, bool>,
    announce: Notify,
}

/// A runner that runs, as opposed to one that was only made: a process without jobs makes some too.
pub(crate) struct LocalRunner(Door);

impl Drop for LocalRunner {
    fn drop(&mut self) {
        self.0.0.local_runners.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Door {
    /// The door of `service` over its own pool.
    pub fn new(service: &'static str, db: Db, clock: Clock) -> Self {
        let sql = Sql::of(db.schema());
        Self(Arc::new(Inner {
            service,
            db,
            clock,
            sql,
            bell: Notify::new(),
            local_runners: AtomicUsize::new(0),
            counter: Counter::default(),
            gatherers: Gatherers::default(),
            finishing: Together::new("end_jobs", 64, Ended::all),
            postponing: Together::new("postpone_jobs", 64, Postponed::all),
            announce: Notify::new(),
        }))
    }

    /// Name of the service.
    pub fn service(&self) -> &'static str {
        self.0.service
    }

    /// The pool; reads of one statement may use it directly.
    pub fn db(&self) -> &Db {
        &self.0.db
    }

    /// The clock of business time.
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    pub(crate) fn sql(&self) -> &Sql {
        &self.0.sql
    }

    pub(crate) fn bell(&self) -> &Notify {
        &self.0.bell
    }

    pub(crate) fn gatherers(&self) -> &Gatherers {
        &self.0.gatherers
    }

    pub(crate) fn finishing(&self) -> &Together<Ended, bool> {
        &self.0.finishing
    }

    pub(crate) fn postponing(&self) -> &Together<Postponed, bool> {
        &self.0.postponing
    }

    pub(crate) fn counter(&self) -> &Counter {
        &self.0.counter
    }

    /// Whether this process runs jobs of the service: what it enqueues is mostly carried out here.
    pub fn runs_jobs(&self) -> bool {
        self.0.local_runners.load(Ordering::SeqCst) > 0
    }

    /// While the answer lives, a runner of this process hears the bell.
    pub(crate) fn local_runner(&self) -> LocalRunner {
        self.0.local_runners.fetch_add(1, Ordering::SeqCst);
        LocalRunner(self.clone())
    }

    /// Rings after a commit that enqueued jobs: the runner of this process, or by NOTIFY those of others.
    pub(crate) fn ring(&self) {
        if self.runs_jobs() {
            self.0.bell.notify_one();
        } else {
            self.0.announce.notify_one();
        }
    }

    /// Tells runners in other processes about new jobs, coalesced. Runs where jobs are enqueued but not run.
    pub async fn announce(self, stop: Stop) {
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                () = self.0.announce.notified() => {}
            }
            tokio::time::sleep(ANNOUNCE_EVERY).await;
            let telling = sqlx::query("select pg_notify($1, '')")
                .bind(self.0.sql.channel)
                .execute(self.0.db.pool());
            let told = khaacho_pg::answered(telling).await;
            if let Err(error) = told {
                // Runners poll as a backstop, so a lost bell only costs time.
                tracing::debug!(error = %error, "could not ring for other processes");
            }
        }
    }
}
