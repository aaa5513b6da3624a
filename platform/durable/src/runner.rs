//! Claims jobs under a lease, runs their handlers without a transaction, and deals with their faults.

use std::collections::{HashMap, HashSet};
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::FutureExt as _;
use khaacho_fault::{Fault, Kind};
use khaacho_lifecycle::Stop;
use khaacho_planted::{self as planted, Bug};
use khaacho_rpc::Ctx;
use khaacho_telemetry::Trace;
use sqlx::FromRow;
use sqlx::postgres::types::PgInterval;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tracing::Instrument as _;
use uuid::Uuid;

use crate::door::Door;
use crate::handoff::{Carried, Handed};
use crate::job::{Finished, JobKind, JobRun, LEASE_LOST};
use crate::schedule::Schedule;

/// A runner that stops answering loses its jobs after this long.
pub(crate) const LEASE: Duration = Duration::from_secs(6);
/// Leases are renewed this often.
const RENEW_EVERY: Duration = Duration::from_secs(2);
/// After a failed renewal the next one comes sooner, while the lease still holds.
const RENEW_AGAIN: Duration = Duration::from_millis(250);
/// Backstop for lost bells, and the grain of jobs that are due later.
const POLL_EVERY: Duration = Duration::from_millis(500);
/// How long a runner that has work already lets more become ready, or its places free, before it claims again.
const GATHER_FOR: Duration = Duration::from_millis(10);
/// Places for jobs that are handed over, for each place of claimed ones: somebody waits for them, they mostly wait for
/// peers, and the more of them are under way the larger are the batches that they meet in.
const HANDED_PER_CLAIMED: usize = 16;
/// Places for handed ones at most; each may call several peers, and those take 512 calls at once.
const HANDED_MAX: usize = 128;
/// How often the queue's depth is measured and schedules are looked at.
const TICK_EVERY: Duration = Duration::from_secs(5);
/// Request ids are remembered for this long; Meta repeats a webhook for 7 days.
const REMEMBER_DAYS: i64 = 30;
/// The runner's own schedule.
const SWEEP: &str = "sweep_request_log";

/// Runs the jobs of one service.
pub struct Runner {
    door: Door,
    owner: Uuid,
    kinds: HashMap<&'static str, JobKind>,
    schedules: Vec<Schedule>,
    at_once: usize,
    listens: bool,
    /// Jobs whose attempt is going on. Only their leases are renewed: a claim whose answer was lost and a fault that
    /// could not be written must run out.
    under_way: Mutex<HashSet<Uuid>>,
    /// Set when the claim loop has ended.
    drained: Stop,
}

/// One job under way, until dropped.
struct UnderWay(Arc<Runner>, Uuid);

impl Drop for UnderWay {
    fn drop(&mut self) {
        let mut jobs = self.0.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        jobs.remove(&self.1);
    }
}

/// A job that is leased to a runner.
#[derive(FromRow)]
pub(crate) struct Claimed {
    pub(crate) id: Uuid,
    pub(crate) seq: i64,
    pub(crate) kind: String,
    pub(crate) ordering_key: Option<String>,
    pub(crate) body: serde_json::Value,
    pub(crate) cause: String,
    pub(crate) trace_parent: String,
    pub(crate) attempts: i32,
    pub(crate) faults: i32,
}

impl Runner {
    /// A runner of these kinds behind this door, eight at once.
    pub fn new(door: Door, kinds: Vec<JobKind>) -> Self {
        let kinds = kinds
            .into_iter()
            .chain([upkeep::sweep_kind()])
            .map(|k| (k.kind, k))
            .collect();
        let sweep = Schedule {
            kind: SWEEP,
            every: Duration::from_secs(3600),
        };
        let owner = khaacho_ids::JobId::generate().uuid();
        Self {
            door,
            owner,
            kinds,
            schedules: vec![sweep],
            at_once: 8,
            listens: false,
            under_way: Mutex::default(),
            drained: Stop::new(),
        }
    }

    /// Adds work that comes back.
    #[must_use]
    pub fn schedule(mut self, schedule: Schedule) -> Self {
        self.schedules.push(schedule);
        self
    }

    /// How many jobs run at once.
    #[must_use]
    pub fn at_once(mut self, jobs: usize) -> Self {
        self.at_once = jobs.max(1);
        self
    }

    /// Listens for bells of other processes; needs one connection more.
    #[must_use]
    pub fn listening(mut self, listens: bool) -> Self {
        self.listens = listens;
        self
    }

    /// Runs until the stop, then finishes what is under way and gives the leases back.
    pub async fn run(self, stop: Stop) {
        let _here = self.door.local_runner();
        let this = Arc::new(self);
        let beat = this.clone().heartbeat(stop.clone());
        let ring = this.clone().listen(stop.clone());
        let tick = this.clone().tick(stop.clone());
        let work = this.clone().work(stop);
        tokio::join!(beat, ring, tick, work);
    }

    async fn work(self: Arc<Self>, stop: Stop) {
        let handed = self
            .door
            .counter()
            .open(self.owner, (self.at_once * HANDED_PER_CLAIMED).min(HANDED_MAX));
        tokio::join!(
            self.clone().claim_loop(stop.clone()),
            self.clone().hand_loop(handed, stop)
        );
        let giving = sqlx::query(self.door.sql().release_jobs)
            .bind(self.owner)
            .execute(self.door.db().pool());
        let gone = khaacho_pg::answered(giving).await;
        if let Err(error) = gone {
            tracing::warn!(error = %error, "could not give the leases back; they run out by themselves");
        }
        self.drained.cancel();
    }

    /// Runs what transactions of this process hand over. It has places of its own: a backlog in the table does not
    /// keep a new job waiting, nor new jobs the backlog.
    async fn hand_loop(self: Arc<Self>, mut handed: mpsc::UnboundedReceiver<Handed>, stop: Stop) {
        let mut running: JoinSet<()> = JoinSet::new();
        loop {
            tokio::select! {
                biased;
                next = handed.recv() => {
                    let Some(next) = next else { break };
                    let under_way = self.begin(next.job.id);
                    let this = self.clone();
                    running.spawn(async move {
                        this.settle(next.job, next.carried, under_way).await;
                        drop(next.place);
                    });
                }
                Some(_) = running.join_next() => {}
                () = stop.cancelled(), if !handed.is_closed() => {
                    self.door.counter().close(self.owner);
                    handed.close();
                }
            }
        }
        while running.join_next().await.is_some() {}
    }

    async fn claim_loop(self: Arc<Self>, stop: Stop) {
        let mut running: JoinSet<()> = JoinSet::new();
        loop {
            while running.try_join_next().is_some() {}
            if !running.is_empty() && running.len() < self.at_once {
                // busy: a claim for one job costs as much as a claim for eight
                tokio::time::sleep(GATHER_FOR).await;
                while running.try_join_next().is_some() {}
            }
            let free = self.at_once - running.len().min(self.at_once);
            let mut found = 0;
            if free > 0 && !stop.is_cancelled() {
                found = self.claim_into(&mut running, free).await;
            }
            if stop.is_cancelled() {
                break;
            }
            if found == free && free > 0 {
                continue;
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = self.door.bell().notified() => {}
                Some(_) = running.join_next() => {}
                () = tokio::time::sleep(POLL_EVERY) => {}
            }
        }
        while running.join_next().await.is_some() {}
    }

    async fn claim_into(self: &Arc<Self>, running: &mut JoinSet<()>, free: usize) -> usize {
        match self.claim(free).await {
            Ok(jobs) => {
                let found = jobs.len();
                for job in jobs {
                    // before the next claim, not when the task gets its turn
                    let under_way = self.begin(job.id);
                    running.spawn(self.clone().settle(job, None, under_way));
                }
                found
            }
            Err(fault) => {
                tracing::warn!(service = self.door.service(), fault = %fault, "could not claim jobs");
                tokio::time::sleep(POLL_EVERY).await;
                0
            }
        }
    }

    async fn claim(&self, limit: usize) -> Result<Vec<Claimed>, Fault> {
        let (cursor, ready) = (
            "where $6 < j.seq and j.parked_at is null",
            "where j.parked_at is null",
        );
        let claim = planted::sql(Bug::JobsByCursor, self.door.sql().claim_jobs, ready, cursor);
        let query = sqlx::query_as(claim)
            .bind(self.door.clock().now())
            .bind(i64::try_from(limit).unwrap_or(i64::MAX))
            .bind(self.owner)
            .bind(interval(LEASE))
            .bind(self.jobs_under_way());
        let query = if planted::on(Bug::JobsByCursor) {
            query.bind(planted::highest(self.owner.as_u128(), 0))
        } else {
            query
        };
        let mut jobs: Vec<Claimed> = khaacho_pg::answered(query.fetch_all(self.door.db().pool())).await?;
        jobs.sort_by_key(|job| job.seq);
        planted::highest(self.owner.as_u128(), jobs.last().map_or(0, |job| job.seq));
        Ok(jobs)
    }

    fn jobs_under_way(&self) -> Vec<Uuid> {
        let jobs = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        jobs.iter().copied().collect()
    }

    fn begin(self: &Arc<Self>, job: Uuid) -> UnderWay {
        let mut jobs = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        jobs.insert(job);
        UnderWay(self.clone(), job)
    }

    /// One attempt, from the claim to its end.
    async fn settle(self: Arc<Self>, job: Claimed, carried: Option<Carried>, _under_way: UnderWay) {
        let service = self.door.service();
        let parent = Trace::parse(&job.trace_parent).unwrap_or_else(Trace::new_root);
        let span = tracing::info_span!(
            "job",
            otel.name = %format!("job {}", job.kind),
            otel.kind = "consumer",
            job.kind = %job.kind,
            job.attempt = job.attempts,
            service.name = service,
        );
        khaacho_telemetry::set_parent(&span, &parent);
        async move {
            let started = std::time::Instant::now();
            let kind = self.kinds.get(job.kind.as_str()).cloned();
            let outcome = match &kind {
                None => Err(Fault::bug(format!("no handler for jobs of kind {}", job.kind))),
                Some(kind) if job.faults >= kind.faults_max => Err(Fault::refused("FAULTS_EXHAUSTED")),
                Some(kind) => self.attempt(kind, &job, carried, parent).await,
            };
            let word = match &outcome {
                Ok(_) => "finished",
                Err(fault) if fault.reason() == LEASE_LOST => "lease_lost",
                Err(_) => "failed",
            };
            let labels = [
                ("service", service.to_owned()),
                ("kind", job.kind.clone()),
                ("outcome", word.to_owned()),
            ];
            metrics::counter!("queue_jobs_total", &labels).increment(1);
            metrics::histogram!("queue_job_seconds", &labels[..2]).record(started.elapsed().as_secs_f64());
            if let Err(fault) = outcome
                && fault.reason() != LEASE_LOST
            {
                self.record(&job, kind.as_ref(), fault).await;
            }
            if job.ordering_key.is_some() {
                // The next one of this key may be waiting for us.
                self.door.bell().notify_one();
            }
        }
        .instrument(span)
        .await;
    }

    async fn attempt(
        &self,
        kind: &JobKind,
        job: &Claimed,
        carried: Option<Carried>,
        parent: Trace,
    ) -> Result<Finished, Fault> {
        let trace = Trace::current().unwrap_or(parent);
        let run = Arc::new(JobRun {
            door: self.door.clone(),
            owner: self.owner,
            id: job.id,
            kind: job.kind.clone(),
            body: job.body.clone(),
            attempts: job.attempts,
            ctx: Ctx::for_job(self.door.service(), kind.budget, trace, &job.cause),
            carried,
        });
        let handle = kind.handle.clone();
        let handled = AssertUnwindSafe(async move { handle(run).await }).catch_unwind();
        match tokio::time::timeout(kind.budget, handled).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(_panic)) => {
                metrics::counter!("panics_total", "where" => "job").increment(1);
                Err(Fault::bug("the handler panicked"))
            }
            Err(_late) => Err(Fault::late()),
        }
    }

    /// Writes down a fault: when to try again, or that the job is parked.
    async fn record(&self, job: &Claimed, kind: Option<&JobKind>, fault: Fault) {
        let now = self.door.clock().now();
        let counts = i32::from(!matches!(
            fault.kind(),
            Kind::Unavailable | Kind::Late | Kind::Exhausted
        ));
        let faults_max = kind.map_or(0, |k| k.faults_max);
        let hopeless = matches!(
            fault.kind(),
            Kind::Refused | Kind::Invalid | Kind::NotFound | Kind::Forbidden
        );
        let parked = hopeless || job.faults + counts >= faults_max;
        let pause_max = kind.map_or(Duration::from_secs(30), |k| k.pause_max);
        let again = now + backoff(job.attempts, fault.retry_after(), pause_max, fastrand::f64());
        let text = format!("{}: {}", fault.reason(), fault.sentence());
        if parked {
            metrics::counter!("queue_jobs_parked_total", "service" => self.door.service(), "kind" => job.kind.clone())
                .increment(1);
            tracing::error!(job.id = %job.id, job.attempts, fault = ?fault, "parked a job");
        } else {
            tracing::warn!(job.id = %job.id, job.attempts, fault = ?fault, "a job failed and is tried again");
        }
        let writing = sqlx::query(self.door.sql().fail_job)
            .bind(job.id)
            .bind(self.owner)
            .bind(again)
            .bind(text)
            .bind(counts)
            .bind(parked.then_some(now))
            .execute(self.door.db().pool());
        if let Err(error) = khaacho_pg::answered(writing).await {
            tracing::warn!(error = %error, "could not write a job's fault; its lease runs out instead");
        }
    }
}

/// Pause before the next attempt: what the peer asked for and up to half as much again, else 100 ms doubling up to the
/// limit, less up to half of it. The part left to chance (`luck` in 0..1) keeps a crowd from coming back together.
fn backoff(attempts: i32, asked: Option<Duration>, pause_max: Duration, luck: f64) -> Duration {
    if let Some(asked) = asked {
        return asked + asked.mul_f64(luck / 2.0);
    }
    let doubled = Duration::from_millis(100) * 2u32.saturating_pow(attempts.clamp(0, 16).unsigned_abs());
    let base = doubled.min(pause_max);
    base / 2 + base.mul_f64(luck / 2.0)
}

pub(crate) fn interval(duration: Duration) -> PgInterval {
    let microseconds = i64::try_from(duration.as_micros()).unwrap_or(i64::MAX);
    PgInterval {
        months: 0,
        days: 0,
        microseconds,
    }
}

mod upkeep;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_their_limit_and_honour_the_peer() {
        let limit = Duration::from_secs(30);
        assert_eq!(backoff(1, None, limit, 1.0), Duration::from_millis(200));
        assert_eq!(backoff(1, None, limit, 0.0), Duration::from_millis(100));
        assert_eq!(backoff(40, None, limit, 1.0), limit);
        assert_eq!(
            backoff(1, Some(Duration::from_secs(90)), limit, 0.0),
            Duration::from_secs(90),
            "never earlier than the peer asked for"
        );
    }
}
