//! The end of a process: nothing that was begun is broken off, and nothing sleeps.

use std::time::{Duration, Instant};

use khaacho_durable::Door;

use super::Mesh;

/// How long a stop waits for calls of other processes before it stops the jobs. An order that is waited for is secured
/// long before.
const CALLS_WITHIN: Duration = Duration::from_secs(2);
/// What each step of a stop gets when the steps before it took all the time.
const LEAST: Duration = Duration::from_millis(500);

impl Mesh {
    /// Stops in order: not ready, edge, jobs, services, pools. Requests under way are answered while jobs still run,
    /// since some wait for what a job does. Returns whether everything ended in time.
    pub async fn stop(self) -> bool {
        let began = Instant::now();
        let left = || self.shutdown.saturating_sub(began.elapsed()).max(LEAST);
        self.readiness.stop();
        self.edge.stop().cancel();
        let answered = self.edge.finish(left()).await;
        self.calls_done(left().min(CALLS_WITHIN)).await;
        tracing::info!(after.ms = millis(began), "requests under way are answered");
        self.jobs.stop().cancel();
        let finished = self.jobs.finish(left()).await;
        tracing::info!(after.ms = millis(began), "jobs under way are done");
        self.inner.stop().cancel();
        let ended = self.inner.finish(Duration::from_secs(5)).await;
        tracing::info!(after.ms = millis(began), "services are down");
        let pools = self.doors.values().map(Door::db).chain(&self.gateway_db);
        let closing = pools.map(|db| tokio::time::timeout(Duration::from_secs(2), db.close()));
        futures_util::future::join_all(closing).await;
        tracing::info!(after.ms = millis(began), "pools are closed");
        answered && finished && ended
    }

    /// Waits for a moment in which no call of another process is in progress.
    async fn calls_done(&self, within: Duration) {
        let quiet = async {
            while self.calls.in_progress() > 0 {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        // Others may go on calling until we close: then there is no such moment, and their calls are repeated.
        let _ = tokio::time::timeout(within, quiet).await;
    }
}

fn millis(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX)
}
