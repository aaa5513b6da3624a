use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Look-ups after which both counts are halved: the gauge shows the recent rate, not the one since the
/// process started.
const WINDOW: u64 = 10_000;

/// Who answered a look-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// The process's own copy, or another caller's load that this one joined.
    Memory,
    Redis,
    Loader,
}

/// Counts look-ups into `redis_cache_hits_total`, `redis_cache_misses_total` (by layer) and
/// `redis_cache_hit_rate` (both layers together: the share of look-ups that did not need the loader).
pub(crate) struct Rate {
    cache: &'static str,
    hits: AtomicU64,
    lookups: AtomicU64,
}

impl Rate {
    pub(crate) fn new(cache: &'static str) -> Self {
        // The names exist from the start, so that nobody takes a missing one for a broken cache.
        for layer in ["memory", "redis"] {
            metrics::counter!("redis_cache_hits_total", "cache" => cache, "layer" => layer).increment(0);
            metrics::counter!("redis_cache_misses_total", "cache" => cache, "layer" => layer).increment(0);
        }
        metrics::gauge!("redis_cache_hit_rate", "cache" => cache).set(share(0, 0));
        Self {
            cache,
            hits: AtomicU64::new(0),
            lookups: AtomicU64::new(0),
        }
    }

    pub(crate) fn count(&self, source: Source) {
        match source {
            Source::Memory => self.hit("memory"),
            Source::Redis => {
                self.miss("memory");
                self.hit("redis");
            }
            Source::Loader => {
                self.miss("memory");
                self.miss("redis");
            }
        }
        // Counts that race by one or two do not matter in a rate.
        let hit = u64::from(source != Source::Loader);
        let hits = self.hits.fetch_add(hit, Relaxed) + hit;
        let lookups = self.lookups.fetch_add(1, Relaxed) + 1;
        metrics::gauge!("redis_cache_hit_rate", "cache" => self.cache).set(share(hits, lookups));
        if lookups >= WINDOW {
            self.hits.store(hits / 2, Relaxed);
            self.lookups.store(lookups / 2, Relaxed);
        }
    }

    fn hit(&self, layer: &'static str) {
        metrics::counter!("redis_cache_hits_total", "cache" => self.cache, "layer" => layer).increment(1);
    }

    fn miss(&self, layer: &'static str) {
        metrics::counter!("redis_cache_misses_total", "cache" => self.cache, "layer" => layer).increment(1);
    }
}

fn share(part: u64, whole: u64) -> f64 {
    let small = |count: u64| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    (small(part) / small(whole.max(1))).min(1.0)
}
