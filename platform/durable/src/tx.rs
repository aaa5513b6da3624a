use chrono::{DateTime, Utc};
use khaacho_fault::Fault;
use khaacho_rpc::Ctx;
use sqlx::{PgConnection, Postgres, Transaction};
use uuid::Uuid;

use crate::door::Door;
use crate::handoff::{Carried, Place};
use crate::job::NewJob;
use crate::run::Key;
use crate::runner::{Claimed, LEASE, interval};

type AfterCommit = Box<dyn FnOnce() + Send>;

/// An open transaction of the one door, with the context of the command.
pub struct Tx {
    inner: Transaction<'static, Postgres>,
    door: Door,
    ctx: Ctx,
    now: DateTime<Utc>,
    jobs: Vec<NewJob>,
    reply: Option<(Key, serde_json::Value)>,
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
            reply: None,
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

    pub(crate) fn remember(&mut self, key: Key, reply: serde_json::Value) {
        self.reply = Some((key, reply));
    }

    /// Writes the jobs and the reply, commits, hands the jobs over or rings their runner.
    pub(crate) async fn commit(mut self) -> Result<(), Fault> {
        let (handed, rings) = self.write_last().await?;
        khaacho_pg::commit(self.inner).await?;
        for (place, job, carried) in handed {
            place.hand_over(job, carried);
        }
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

    /// The last statement of the transaction. The answer: jobs for the runner of this process, and whether there are
    /// others.
    async fn write_last(&mut self) -> Result<(Vec<(Place, Claimed, Option<Carried>)>, bool), Fault> {
        let sql = self.door.sql();
        let reply = self.reply.take();
        if self.jobs.is_empty() {
            if let Some((key, reply)) = reply {
                sqlx::query(sql.remember_reply)
                    .bind(key.caller)
                    .bind(key.method)
                    .bind(key.request_id)
                    .bind(reply)
                    .execute(&mut *self.inner)
                    .await?;
            }
            return Ok((Vec::new(), false));
        }
        let jobs = std::mem::take(&mut self.jobs);
        let places: Vec<Option<Place>> = jobs.iter().map(|job| self.place(job)).collect();
        let now = self.now;
        let trace = khaacho_telemetry::Trace::current().unwrap_or(*self.ctx.trace());
        let statement = if reply.is_some() {
            sql.enqueue_and_remember
        } else {
            sql.enqueue
        };
        let causes: Vec<&str> = jobs
            .iter()
            .map(|j| j.cause.as_deref().unwrap_or(self.ctx.cause()))
            .collect();
        let query = sqlx::query(statement)
            .bind(jobs.iter().map(|j| j.id).collect::<Vec<Uuid>>())
            .bind(jobs.iter().map(|j| j.kind).collect::<Vec<_>>())
            .bind(jobs.iter().map(|j| j.ordering_key.as_deref()).collect::<Vec<_>>())
            .bind(jobs.iter().map(|j| j.dedup_key.as_deref()).collect::<Vec<_>>())
            .bind(jobs.iter().map(|j| &j.body).collect::<Vec<_>>())
            .bind(jobs.iter().map(|j| j.blocks).collect::<Vec<_>>())
            .bind(jobs.iter().map(|j| j.run_at.unwrap_or(now)).collect::<Vec<_>>())
            .bind(causes)
            .bind(trace.traceparent())
            .bind(interval(LEASE))
            .bind(
                places
                    .iter()
                    .map(|p| p.as_ref().map(Place::owner))
                    .collect::<Vec<_>>(),
            );
        let query = match reply {
            Some((key, reply)) => query
                .bind(key.caller)
                .bind(key.method)
                .bind(key.request_id)
                .bind(reply),
            None => query,
        };
        query.execute(&mut *self.inner).await?;
        // a job for later is found when it is due
        let rings = jobs
            .iter()
            .zip(&places)
            .any(|(j, place)| place.is_none() && j.run_at.is_none_or(|at| at <= now));
        let (cause, trace) = (self.ctx.cause(), trace.traceparent());
        let handed = jobs.into_iter().zip(places).filter_map(|(job, place)| {
            let place = place?;
            let claimed = Claimed {
                id: job.id,
                seq: 0,
                kind: job.kind.to_owned(),
                ordering_key: job.ordering_key,
                body: job.body,
                cause: job.cause.unwrap_or_else(|| cause.to_owned()),
                trace_parent: trace.clone(),
                attempts: 1,
                faults: 0,
            };
            Some((place, claimed, job.carried))
        });
        Ok((handed.collect(), rings))
    }

    /// The short way is for jobs that nothing can stand before, and whose row is surely written.
    fn place(&self, job: &NewJob) -> Option<Place> {
        if !job.fresh || job.dedup_key.is_some() || job.run_at.is_some() {
            return None;
        }
        self.door.counter().place()
    }
}
