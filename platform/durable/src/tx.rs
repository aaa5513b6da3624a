use chrono::{DateTime, Utc};
use khaacho_fault::Fault;
use khaacho_rpc::Ctx;
use sqlx::{PgConnection, Postgres, Transaction};
use uuid::Uuid;

use crate::door::Door;
use crate::job::NewJob;

type AfterCommit = Box<dyn FnOnce() + Send>;

/// An open transaction of the one door, with the context of the command.
pub struct Tx {
    inner: Transaction<'static, Postgres>,
    door: Door,
    ctx: Ctx,
    now: DateTime<Utc>,
    jobs: Vec<NewJob>,
    after: Vec<AfterCommit>,
}

impl Tx {
    pub(crate) fn new(inner: Transaction<'static, Postgres>, door: Door, ctx: Ctx) -> Self {
        let now = door.clock().now();
        Self {
            inner,
            door,
            ctx,
            now,
            jobs: Vec::new(),
            after: Vec::new(),
        }
    }

    /// The connection, for queries.
    pub fn conn(&mut self) -> &mut PgConnection {
        &mut self.inner
    }

    /// Business time of this command; the same for everything it writes.
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// Who asked, in which trace, caused by what.
    pub fn ctx(&self) -> &Ctx {
        &self.ctx
    }

    /// Adds a job that exists exactly when the transaction commits. Rows are written together at its end.
    pub fn enqueue(&mut self, job: NewJob) {
        self.jobs.push(job);
    }

    /// Something harmless to lose that should happen once the commit is certain, such as dropping a cache entry.
    pub fn after_commit(&mut self, action: impl FnOnce() + Send + 'static) {
        self.after.push(Box::new(action));
    }

    pub(crate) async fn rollback(self) {
        // Its own failure says nothing new: the server rolls back when the session ends.
        let _ = self.inner.rollback().await;
    }

    /// Writes the jobs, commits, rings the runner.
    pub(crate) async fn commit(mut self) -> Result<(), Fault> {
        let rings = !self.jobs.is_empty();
        self.write_jobs().await?;
        khaacho_pg::commit(self.inner).await?;
        if rings {
            self.door.ring();
        }
        for action in self.after {
            // What was committed stays a success.
            if std::panic::catch_unwind(std::panic::AssertUnwindSafe(action)).is_err() {
                metrics::counter!("panics_total", "where" => "after_commit").increment(1);
                tracing::error!("an action after a commit panicked");
            }
        }
        Ok(())
    }

    async fn write_jobs(&mut self) -> Result<(), Fault> {
        if self.jobs.is_empty() {
            return Ok(());
        }
        let jobs = std::mem::take(&mut self.jobs);
        let now = self.now;
        let trace = khaacho_telemetry::Trace::current().unwrap_or(*self.ctx.trace());
        sqlx::query(self.door.sql().enqueue)
            .bind(jobs.iter().map(|j| j.id).collect::<Vec<Uuid>>())
            .bind(jobs.iter().map(|j| j.kind).collect::<Vec<_>>())
            .bind(jobs.iter().map(|j| j.ordering_key.clone()).collect::<Vec<_>>())
            .bind(jobs.iter().map(|j| j.dedup_key.clone()).collect::<Vec<_>>())
            .bind(jobs.iter().map(|j| j.body.clone()).collect::<Vec<_>>())
            .bind(jobs.iter().map(|j| j.blocks).collect::<Vec<_>>())
            .bind(jobs.iter().map(|j| j.run_at.unwrap_or(now)).collect::<Vec<_>>())
            .bind(
                jobs.iter()
                    .map(|j| j.cause.as_deref().unwrap_or(self.ctx.cause()))
                    .collect::<Vec<_>>(),
            )
            .bind(trace.traceparent())
            .execute(&mut *self.inner)
            .await?;
        Ok(())
    }
}
