//! What every test needs: a server, a proxy in front of it, caches that stand for processes.

mod proxy;
mod server;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;

use khaacho_cache::{Cache, Options, Redis, State};
use khaacho_fault::Fault;
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

pub use proxy::Proxy;
pub use server::Server;

/// One process of the mesh: a handle with its background futures, and a cache.
pub struct Process {
    pub redis: Redis,
    pub cache: Cache<String>,
    stop: CancellationToken,
    tasks: JoinSet<()>,
}

impl Process {
    /// With both background futures running and Redis up.
    pub async fn start(url: &str) -> Self {
        let mut process = Self::without_tasks(url, options());
        process.tasks.spawn(process.redis.probe(process.stop.clone()));
        process
            .tasks
            .spawn(process.redis.listen_invalidations(process.stop.clone()));
        process.until_up(Duration::from_secs(5)).await;
        process
    }

    /// Hears nothing from other processes and probes nothing.
    pub fn without_tasks(url: &str, options: Options) -> Self {
        let redis = Redis::connect(Some(url));
        let cache = Cache::new(options, redis.clone());
        Self {
            redis,
            cache,
            stop: CancellationToken::new(),
            tasks: JoinSet::new(),
        }
    }

    /// With the probe only.
    pub fn probed(url: &str) -> Self {
        let mut process = Self::without_tasks(url, options());
        process.tasks.spawn(process.redis.probe(process.stop.clone()));
        process
    }

    pub async fn until_up(&self, limit: Duration) {
        eventually("redis is up", limit, async || self.redis.state() == State::Up).await;
    }

    /// Look-up whose loader answers `value`.
    pub async fn get(&self, key: &str, value: &str) -> String {
        let found = self
            .cache
            .get_or_load(key, || async { Ok(Some(value.to_owned())) })
            .await;
        found
            .expect("the loader does not fail")
            .expect("the loader finds something")
    }

    /// Ends the background futures, which must end by themselves.
    pub async fn stop(mut self) {
        self.stop.cancel();
        while let Some(ended) = self.tasks.join_next().await {
            ended.expect("a background future panicked");
        }
    }
}

/// Counts how often it was asked.
#[derive(Clone, Default)]
pub struct Loads(Arc<AtomicUsize>);

impl Loads {
    pub async fn answer<T>(&self, answer: T) -> Result<T, Fault> {
        self.0.fetch_add(1, SeqCst);
        tokio::task::yield_now().await;
        Ok(answer)
    }

    pub fn count(&self) -> usize {
        self.0.load(SeqCst)
    }
}

pub fn options() -> Options {
    Options {
        namespace: "test",
        version: 1,
        entries_max: 1000,
        ttl: Duration::from_secs(30),
        redis_ttl: Duration::from_secs(60),
        negative_ttl: Duration::from_secs(5),
    }
}

/// A key no other test uses, also when all tests share one server.
pub fn fresh_key() -> String {
    format!("{:032x}", fastrand::u128(..))
}

/// Waits for a condition, not for time.
pub async fn eventually(what: &str, limit: Duration, mut holds: impl AsyncFnMut() -> bool) {
    let begun = Instant::now();
    while !holds().await {
        assert!(begun.elapsed() < limit, "not within {limit:?}: {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
