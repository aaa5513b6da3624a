use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use khaacho_fault::Fault;
use khaacho_ids::JobId;
use khaacho_rpc::{Ctx, Principal};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::PgPool;
use uuid::Uuid;

use crate::command::Transact;
use crate::door::Door;
use crate::gather::{Gathered, gather_and_finish};
use crate::handoff::Carried;
use crate::run::{Done, run_and_finish};

/// A job to enqueue with [`crate::Tx::enqueue`].
#[derive(Clone)]
pub struct NewJob {
    pub(crate) id: Uuid,
    pub(crate) kind: &'static str,
    pub(crate) ordering_key: Option<String>,
    pub(crate) dedup_key: Option<String>,
    pub(crate) body: serde_json::Value,
    pub(crate) blocks: bool,
    pub(crate) run_at: Option<DateTime<Utc>>,
    pub(crate) cause: Option<String>,
    pub(crate) trace_parent: Option<String>,
    pub(crate) fresh: bool,
    pub(crate) carried: Option<Carried>,
}

impl NewJob {
    /// A job of this kind that runs as soon as possible. Errors when the body cannot be written as JSON.
    pub fn new(kind: &'static str, body: &impl Serialize) -> Result<Self, Fault> {
        let body = serde_json::to_value(body).map_err(Fault::bug)?;
        Ok(Self {
            id: JobId::generate().uuid(),
            kind,
            ordering_key: None,
            dedup_key: None,
            body,
            blocks: false,
            run_at: None,
            cause: None,
            trace_parent: None,
            fresh: false,
            carried: None,
        })
    }

    /// Jobs with the same key run one at a time, in the order of enqueueing.
    #[must_use]
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.ordering_key = Some(key.into());
        self
    }

    /// Runs no earlier than this.
    #[must_use]
    pub fn at(mut self, when: DateTime<Utc>) -> Self {
        self.run_at = Some(when);
        self
    }

    /// Says that no other job can have its key yet, because the transaction itself makes what the key names. Such a job
    /// goes to this process's runner without a claim, when the runner has a place free.
    #[must_use]
    pub fn fresh(mut self) -> Self {
        self.fresh = true;
        self
    }

    /// Hands something along in memory; see [`JobRun::carried`]. Whatever the job cannot do without stands in its body
    /// or in the database.
    #[must_use]
    pub fn carrying(mut self, value: impl std::any::Any + Send + Sync) -> Self {
        self.carried = Some(Arc::new(value));
        self
    }

    /// Names another cause than that of the transaction that enqueues it.
    #[must_use]
    pub fn caused_by(mut self, cause: impl Into<String>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// While it is parked, later jobs of its key wait too.
    #[must_use]
    pub fn blocking(mut self) -> Self {
        self.blocks = true;
        self
    }

    /// At most one such job is there at any time; another one is dropped silently. Whoever drops one may count on the
    /// other's end: a transaction that removes it ([`JobRun::finish_with`]) sees everything that was written with the
    /// dropped one.
    #[must_use]
    pub fn once(mut self, dedup_key: impl Into<String>) -> Self {
        self.dedup_key = Some(dedup_key.into());
        self
    }
}

/// Proof that a job's row is gone, or given back for later; only [`JobRun`] makes one.
#[derive(Debug)]
pub struct Finished(());

/// A claimed job under a lease.
pub struct JobRun {
    pub(crate) door: Door,
    pub(crate) owner: Uuid,
    pub(crate) id: Uuid,
    pub(crate) kind: String,
    pub(crate) body: serde_json::Value,
    pub(crate) attempts: i32,
    pub(crate) ctx: Ctx,
    pub(crate) carried: Option<Carried>,
}

impl JobRun {
    /// The body. Errors when the row does not fit the type: the job is parked, nothing is lost.
    pub fn body<T: DeserializeOwned>(&self) -> Result<T, Fault> {
        serde_json::from_value(self.body.clone()).map_err(Fault::bug)
    }

    /// What the transaction that enqueued the job handed along; `None` when the job was claimed from its row.
    pub fn carried<T: std::any::Any + Send + Sync>(&self) -> Option<&T> {
        self.carried.as_deref()?.downcast_ref()
    }

    /// The context: the service itself as principal, the budget of the kind, the trace and cause of the enqueuer.
    pub fn ctx(&self) -> &Ctx {
        &self.ctx
    }

    /// Id of the job, the same in every attempt.
    pub fn id(&self) -> JobId {
        self.id.into()
    }

    /// Kind of the job.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// Which attempt this is, from 1.
    pub fn attempt(&self) -> u32 {
        self.attempts.unsigned_abs()
    }

    /// The door of the service.
    pub fn door(&self) -> &Door {
        &self.door
    }

    /// Runs a command and removes the job in the same transaction, so that the effect happens exactly once. A refusal
    /// leaves the job; the handler may decide otherwise and finish it in another way.
    pub async fn finish_with<C: Transact>(&self, command: C) -> Result<(Finished, C::Reply), Fault> {
        let done: Done<C::Reply> =
            run_and_finish(&self.door, &self.ctx, command, Some((self.id, self.owner))).await?;
        Ok((Finished(()), done.reply))
    }

    /// [`JobRun::finish_with`] on behalf of somebody, whose name the rows then carry.
    pub async fn finish_for<C: Transact>(
        &self,
        principal: Principal,
        command: C,
    ) -> Result<(Finished, C::Reply), Fault> {
        let ctx = self.ctx.clone().on_behalf_of(principal);
        let done = run_and_finish(&self.door, &ctx, command, Some((self.id, self.owner))).await?;
        Ok((Finished(()), done.reply))
    }

    /// [`JobRun::finish_with`] through the batched door.
    pub async fn finish_gathered<C: Gathered>(&self, command: C) -> Result<(Finished, C::Reply), Fault> {
        let job = Some((self.id, self.owner));
        let done = gather_and_finish(&self.door, &self.ctx, command, job).await?;
        Ok((Finished(()), done.reply))
    }

    /// Gives the job back until `at`; there was nothing to write. It keeps its place among those of its ordering key.
    ///
    /// # Errors
    /// `LEASE_LOST`, or a fault of the database.
    pub async fn postpone(&self, at: DateTime<Utc>) -> Result<Finished, Fault> {
        let sql = self.door.sql().postpone_jobs;
        let postponed = self.door.postponing();
        let (id, owner) = (self.id, self.owner);
        let asked = Postponed { sql, id, owner, at };
        if !postponed.ask(self.door.db().pool(), asked).await? {
            return Err(lease_lost());
        }
        Ok(Finished(()))
    }

    /// Removes the job; there was nothing to write.
    pub async fn finish(&self) -> Result<Finished, Fault> {
        let sql = self.door.sql().finish_jobs;
        let (id, owner) = (self.id, self.owner);
        let ended = self
            .door
            .finishing()
            .ask(self.door.db().pool(), Ended { sql, id, owner });
        if !ended.await? {
            return Err(lease_lost());
        }
        Ok(Finished(()))
    }
}

/// A job that has nothing left to do.
#[derive(Clone, Copy)]
pub(crate) struct Ended {
    sql: &'static str,
    id: Uuid,
    owner: Uuid,
}

impl Ended {
    /// Whether each of them was still its owner's.
    pub(crate) fn all(pool: PgPool, jobs: Vec<Self>) -> BoxFuture<'static, Result<Vec<bool>, Fault>> {
        Box::pin(async move {
            let Some(sql) = jobs.first().map(|job| job.sql) else {
                return Ok(Vec::new());
            };
            let gone: Vec<Uuid> = sqlx::query_scalar(sql)
                .bind(jobs.iter().map(|job| job.id).collect::<Vec<_>>())
                .bind(jobs.iter().map(|job| job.owner).collect::<Vec<_>>())
                .fetch_all(&pool)
                .await?;
            Ok(jobs.iter().map(|job| gone.contains(&job.id)).collect())
        })
    }
}

/// A job that is given back for later; of one schema, like everything of one door.
#[derive(Clone, Copy)]
pub(crate) struct Postponed {
    sql: &'static str,
    id: Uuid,
    owner: Uuid,
    at: DateTime<Utc>,
}

impl Postponed {
    /// Whether each of them was still its owner's.
    pub(crate) fn all(pool: PgPool, jobs: Vec<Self>) -> BoxFuture<'static, Result<Vec<bool>, Fault>> {
        Box::pin(async move {
            let Some(sql) = jobs.first().map(|job| job.sql) else {
                return Ok(Vec::new());
            };
            let moved: Vec<Uuid> = sqlx::query_scalar(sql)
                .bind(jobs.iter().map(|job| job.id).collect::<Vec<_>>())
                .bind(jobs.iter().map(|job| job.owner).collect::<Vec<_>>())
                .bind(jobs.iter().map(|job| job.at).collect::<Vec<_>>())
                .fetch_all(&pool)
                .await?;
            Ok(jobs.iter().map(|job| moved.contains(&job.id)).collect())
        })
    }
}

/// Reason of a job that another runner has taken over.
pub(crate) const LEASE_LOST: &str = "LEASE_LOST";

pub(crate) fn lease_lost() -> Fault {
    Fault::conflict(LEASE_LOST).say("another runner has taken the job over")
}

pub(crate) type Handle =
    Arc<dyn Fn(Arc<JobRun>) -> BoxFuture<'static, Result<Finished, Fault>> + Send + Sync>;

/// A kind of job: its handler and its limits.
#[derive(Clone)]
pub struct JobKind {
    pub(crate) kind: &'static str,
    pub(crate) handle: Handle,
    pub(crate) faults_max: i32,
    pub(crate) budget: Duration,
    pub(crate) pause_max: Duration,
}

impl JobKind {
    /// A kind with the default limits: 20 faults, 20 seconds for an attempt, pauses of at most 30 seconds.
    pub fn new<H, F>(kind: &'static str, handler: H) -> Self
    where
        H: Fn(Arc<JobRun>) -> F + Send + Sync + 'static,
        F: Future<Output = Result<Finished, Fault>> + Send + 'static,
    {
        Self {
            kind,
            handle: Arc::new(move |job| Box::pin(handler(job))),
            faults_max: 20,
            budget: Duration::from_secs(20),
            pause_max: Duration::from_secs(30),
        }
    }

    /// Parks after this many faults. Unavailable peers do not count.
    #[must_use]
    pub fn faults_max(mut self, faults: i32) -> Self {
        self.faults_max = faults;
        self
    }

    /// Time for one attempt.
    #[must_use]
    pub fn budget(mut self, budget: Duration) -> Self {
        self.budget = budget;
        self
    }

    /// Longest pause between attempts.
    #[must_use]
    pub fn pause_max(mut self, pause: Duration) -> Self {
        self.pause_max = pause;
        self
    }
}
