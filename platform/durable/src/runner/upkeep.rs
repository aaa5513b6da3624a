//! What a runner does beside its jobs: leases, bells, schedules, its own broom.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use khaacho_lifecycle::Stop;
use sqlx::postgres::PgListener;

use super::{
    LEASE, POLL_EVERY, REMEMBER_DAYS, RENEW_AGAIN, RENEW_EVERY, Runner, SWEEP, TICK_EVERY, interval,
};
use crate::job::{JobKind, JobRun};

impl Runner {
    pub(super) async fn heartbeat(self: Arc<Self>, stop: Stop) {
        let mut pause = RENEW_EVERY;
        loop {
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                // Jobs that are under way at the stop still need their lease.
                () = self.drained(&stop) => return,
            }
            let jobs = self.jobs_under_way();
            if jobs.is_empty() {
                continue;
            }
            let renewing = sqlx::query(self.door.sql().renew_leases)
                .bind(jobs)
                .bind(self.owner)
                .bind(interval(LEASE))
                .execute(self.door.db().pool());
            // a lease that cannot be renewed in its own time is lost anyway
            let renewed = tokio::time::timeout(LEASE, renewing)
                .await
                .unwrap_or_else(|_| Err(sqlx::Error::PoolTimedOut));
            pause = RENEW_EVERY;
            if let Err(error) = renewed {
                tracing::warn!(error = %error, "could not renew leases");
                pause = RENEW_AGAIN;
            }
        }
    }

    /// Ends once the stop was given and the claim loop has finished what was under way.
    async fn drained(&self, stop: &Stop) {
        stop.cancelled().await;
        self.drained.cancelled().await;
    }

    pub(super) async fn listen(self: Arc<Self>, stop: Stop) {
        if !self.listens {
            return;
        }
        while !stop.is_cancelled() {
            let heard = async {
                let mut listener =
                    khaacho_pg::answered(PgListener::connect_with(self.door.db().pool())).await?;
                khaacho_pg::answered(listener.listen(self.door.sql().channel)).await?;
                loop {
                    listener.recv().await?;
                    self.door.bell().notify_one();
                }
            };
            let error: sqlx::Error = tokio::select! {
                () = stop.cancelled() => return,
                heard = heard => match heard { Ok(never) => never, Err(error) => error },
            };
            tracing::warn!(error = %error, "lost the bell of other processes; polling meanwhile");
            tokio::time::sleep(POLL_EVERY).await;
        }
    }

    pub(super) async fn tick(self: Arc<Self>, stop: Stop) {
        while !stop.is_cancelled() {
            for schedule in &self.schedules {
                if let Err(fault) = schedule.tick(&self.door).await {
                    tracing::warn!(schedule = schedule.kind, fault = %fault, "could not look at a schedule");
                }
            }
            if let Err(fault) = self.door.depth().await {
                tracing::debug!(fault = %fault, "could not measure the queue");
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(TICK_EVERY) => {}
            }
        }
    }
}

pub(super) fn sweep_kind() -> JobKind {
    JobKind::new(SWEEP, |job: Arc<JobRun>| async move {
        let before: DateTime<Utc> = job.body::<DateTime<Utc>>()? - chrono::Duration::days(REMEMBER_DAYS);
        loop {
            let sql = job.door().sql().sweep_requests;
            let swept = sqlx::query(sql)
                .bind(before)
                .execute(job.door().db().pool())
                .await?;
            if swept.rows_affected() < 1000 {
                return job.finish().await;
            }
        }
    })
}
