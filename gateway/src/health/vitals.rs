//! What health bodies need beyond the states of dependencies.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use khaacho_cache::Redis;
use khaacho_lifecycle::{Readiness, Stop};
use tokio::time::Instant;

/// How often the heart beats.
const BEAT_EVERY: Duration = Duration::from_secs(1);
/// A runtime that did not run the heart for so long does not schedule.
const BEAT_MAX: Duration = Duration::from_secs(5);
/// Beats between two looks at Redis's memory.
const BEATS_PER_LOOK: u32 = 10;

/// Heartbeat of the runtime, age of the snapshot, memory of Redis. Cheap to clone; clones share what they
/// know.
#[derive(Clone, Default)]
pub struct Vitals(Arc<Inner>);

#[derive(Default)]
struct Inner {
    succeeded: AtomicBool,
    known: Mutex<Known>,
}

#[derive(Default, Clone, Copy)]
struct Known {
    beat: Option<Instant>,
    probed: Option<Instant>,
    redis_memory: Option<(u64, u64)>,
}

impl Vitals {
    /// Beats, notes when probes report, and asks Redis for its memory now and then, until `stop`. Run it
    /// once.
    pub fn run(
        &self,
        readiness: Readiness,
        redis: Redis,
        stop: Stop,
    ) -> impl Future<Output = ()> + Send + 'static + use<> {
        let vitals = self.clone();
        async move {
            let _stopped = stop.run_until_cancelled(vitals.beat(readiness, redis)).await;
        }
    }

    async fn beat(self, readiness: Readiness, redis: Redis) {
        let mut reports = readiness.watch();
        let mut ticks = tokio::time::interval(BEAT_EVERY);
        let mut count = 0_u32;
        loop {
            tokio::select! {
                _ = ticks.tick() => {
                    self.know(|known| known.beat = Some(Instant::now()));
                    if count.is_multiple_of(BEATS_PER_LOOK) {
                        let memory = redis_memory(&redis).await;
                        self.know(|known| known.redis_memory = memory);
                    }
                    count = count.wrapping_add(1);
                }
                changed = reports.changed() => {
                    if changed.is_err() {
                        return;
                    }
                    self.know(|known| known.probed = Some(Instant::now()));
                }
            }
            if readiness.ready().is_ok() {
                self.succeeded();
            }
        }
    }

    /// Whether the runtime ran the heart lately. A heart that was never started is not missed.
    pub(super) fn beats(&self) -> bool {
        self.read().beat.is_none_or(|at| at.elapsed() < BEAT_MAX)
    }

    /// Time since a probe last reported.
    pub(super) fn snapshot_age(&self) -> Option<Duration> {
        self.read().probed.map(|at| at.elapsed())
    }

    /// Used and highest memory of Redis in bytes.
    pub(super) fn redis_memory(&self) -> Option<(u64, u64)> {
        self.read().redis_memory
    }

    /// Everything worked, now.
    pub(super) fn succeeded(&self) {
        self.0.succeeded.store(true, Ordering::Relaxed);
    }

    /// Whether everything worked at some time.
    pub(super) fn has_succeeded(&self) -> bool {
        self.0.succeeded.load(Ordering::Relaxed)
    }

    fn know(&self, change: impl FnOnce(&mut Known)) {
        change(&mut self.0.known.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn read(&self) -> Known {
        *self.0.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn redis_memory(redis: &Redis) -> Option<(u64, u64)> {
    if redis.state() != khaacho_cache::State::Up {
        return None;
    }
    let text: String = redis.run(khaacho_cache::cmd("INFO").arg("memory")).await.ok()?;
    let figure = |name: &str| {
        text.lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(':')?.trim().parse().ok())
    };
    Some((figure("used_memory")?, figure("used_memory_peak")?))
}
