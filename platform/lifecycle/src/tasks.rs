use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::FutureExt as _;
use tokio_util::task::TaskTracker;

use crate::Stop;

/// What the end of a task means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The process cannot go on without it: an end before the stop, or a panic, stops the process with an error.
    Service,
    /// An end is fine; a panic is logged and counted.
    Background,
}

/// The only way to spawn. Tasks are tracked, named and waited for.
#[derive(Debug, Clone)]
pub struct Tasks {
    tracker: TaskTracker,
    stop: Stop,
    failure: Arc<Mutex<Option<String>>>,
}

impl Tasks {
    /// Tasks that end with `stop`.
    pub fn new(stop: Stop) -> Self {
        Self {
            tracker: TaskTracker::new(),
            stop,
            failure: Arc::default(),
        }
    }

    /// The token that every task should watch.
    pub fn stop(&self) -> Stop {
        self.stop.clone()
    }

    /// Starts a task. Its kind says what its end means.
    #[expect(clippy::disallowed_methods, reason = "the one place that spawns")]
    pub fn spawn(
        &self,
        kind: Kind,
        name: impl Into<String>,
        future: impl Future<Output = ()> + Send + 'static,
    ) {
        let name = name.into();
        let (stop, failure) = (self.stop.clone(), self.failure.clone());
        let task = self.tracker.track_future(async move {
            let panicked = AssertUnwindSafe(future).catch_unwind().await.is_err();
            if panicked {
                metrics::counter!("panics_total", "where" => "task").increment(1);
                tracing::error!(task.name = %name, "a task panicked");
            }
            if kind == Kind::Service && !stop.is_cancelled() {
                let how = if panicked { "panicked" } else { "ended" };
                let mut failure = failure.lock().unwrap_or_else(PoisonError::into_inner);
                failure.get_or_insert_with(|| format!("the task {name} {how}"));
                stop.cancel();
            }
        });
        tokio::spawn(task);
    }

    /// Waits until all tasks have ended, at most `grace`. Returns whether they have.
    pub async fn finish(&self, grace: Duration) -> bool {
        self.tracker.close();
        tokio::time::timeout(grace, self.tracker.wait()).await.is_ok()
    }

    /// Why the process had to stop, when a service task ended early.
    pub fn failure(&self) -> Option<String> {
        self.failure
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_service_task_that_ends_early_stops_the_process() {
        let stop = Stop::new();
        let tasks = Tasks::new(stop.clone());
        tasks.spawn(Kind::Background, "fleeting", async {});
        tasks.spawn(Kind::Service, "vital", async { panic!("boom") });
        stop.cancelled().await;
        assert!(tasks.finish(Duration::from_secs(5)).await);
        assert_eq!(tasks.failure().as_deref(), Some("the task vital panicked"));
    }
}
