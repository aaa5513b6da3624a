use std::collections::HashSet;

use chrono::{DateTime, Utc};
use khaacho_fault::Fault;
use khaacho_planted::{self as planted, Bug};
use khaacho_rpc::Ctx;
use sqlx::{PgConnection, Postgres, Transaction};
use uuid::Uuid;

use crate::door::Door;
use crate::handoff::{Carried, Place};
use crate::job::NewJob;
use crate::run::Key;
use crate::runner::{Claimed, LEASE, interval};
use crate::sql::Sql;

type AfterCommit = Box<dyn FnOnce() + Send>;

/// The last statement writes rows of jobs and replies: the server's limit of a statement and a little more.
const LAST_WITHIN: std::time::Duration = std::time::Duration::from_secs(8);

/// An open transaction of the one door, with the context of the command.
pub struct Tx {
    inner: Transaction<'static, Postgres>,
    door: Door,
    ctx: Ctx,
    now: DateTime<Utc>,
    jobs: Vec<NewJob>,
    replies: Vec<(Key, serde_json::Value)>,
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
            replies: Vec::new(),
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
        let _ = khaacho_pg::answered(self.inner.rollback()).await;
    }

    /// A bug on purpose: what was written so far is committed, and nothing else.
    pub(crate) async fn left_to_the_next(self) {
        let _ = khaacho_pg::commit(self.inner).await;
    }

    /// [`Tx::enqueue`] for one command of a batch: the job belongs to its cause and trace.
    pub fn enqueue_for(&mut self, ctx: &Ctx, mut job: NewJob) {
        job.cause.get_or_insert_with(|| ctx.cause().to_owned());
        job.trace_parent = Some(ctx.trace().traceparent());
        self.jobs.push(job);
    }

    pub(crate) fn sql(&self) -> &Sql {
        self.door.sql()
    }

    pub(crate) fn remember(&mut self, key: Key, reply: serde_json::Value) {
        self.replies.push((key, reply));
    }

    /// Whether there are answers to remember.
    pub(crate) fn answers(&self) -> bool {
        !self.replies.is_empty()
    }

    /// Writes the jobs and the reply, commits, hands the jobs over or rings their runner.
    pub(crate) async fn commit(mut self) -> Result<(), Fault> {
        let (mut handed, rings) = khaacho_pg::answered_within(LAST_WITHIN, self.write_last()).await?;
        if planted::on(Bug::HandedBeforeCommit) {
            let early = handed.drain(..);
            early.for_each(|(place, job, carried)| place.hand_over(job, carried));
            // long enough for somebody to have carried them out when the commit fails
            tokio::time::sleep(std::time::Duration::from_millis(40)).await;
        }
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
        let (keys, replies): (Vec<Key>, Vec<serde_json::Value>) = self.replies.drain(..).unzip();
        let callers: Vec<&str> = keys.iter().map(|k| k.caller.as_str()).collect();
        let methods: Vec<&str> = keys.iter().map(|k| k.method).collect();
        let requests: Vec<&str> = keys.iter().map(|k| k.request_id.as_str()).collect();
        if self.jobs.is_empty() {
            if !keys.is_empty() {
                sqlx::query(sql.remember_reply)
                    .bind(callers)
                    .bind(methods)
                    .bind(requests)
                    .bind(replies)
                    .execute(&mut *self.inner)
                    .await?;
            }
            return Ok((Vec::new(), false));
        }
        let jobs = in_lock_order(std::mem::take(&mut self.jobs));
        let places: Vec<Option<Place>> = jobs.iter().map(|job| self.place(job)).collect();
        let now = self.now;
        let own = self.ctx.trace().traceparent();
        let traces: Vec<&str> = jobs
            .iter()
            .map(|j| j.trace_parent.as_deref().unwrap_or(&own))
            .collect();
        let statement = if keys.is_empty() {
            sql.enqueue
        } else {
            sql.enqueue_and_remember
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
            .bind(traces)
            .bind(interval(LEASE))
            .bind(
                places
                    .iter()
                    .map(|p| p.as_ref().map(Place::owner))
                    .collect::<Vec<_>>(),
            );
        let query = if keys.is_empty() {
            query
        } else {
            query.bind(callers).bind(methods).bind(requests).bind(replies)
        };
        query.execute(&mut *self.inner).await?;
        // a job for later is found when it is due
        let rings = jobs
            .iter()
            .zip(&places)
            .any(|(j, place)| place.is_none() && j.run_at.is_none_or(|at| at <= now));
        let cause = self.ctx.cause();
        let handed = jobs.into_iter().zip(places).filter_map(|(job, place)| {
            let place = place?;
            let claimed = Claimed {
                id: job.id,
                seq: 0,
                kind: job.kind.to_owned(),
                ordering_key: job.ordering_key,
                body: job.body,
                cause: job.cause.unwrap_or_else(|| cause.to_owned()),
                trace_parent: job.trace_parent.unwrap_or_else(|| own.clone()),
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

/// The jobs as they are written. Of those with the same `once` key only the first; such jobs may meet rows that are
/// locked, and two transactions that lock several do it in the same order.
fn in_lock_order(mut jobs: Vec<NewJob>) -> Vec<NewJob> {
    let mut seen = HashSet::new();
    jobs.retain(|job| job.dedup_key.as_ref().is_none_or(|key| seen.insert(key.clone())));
    // a stable sort: the others keep the order in which they were enqueued
    jobs.sort_by(|a, b| a.dedup_key.cmp(&b.dedup_key));
    jobs
}
