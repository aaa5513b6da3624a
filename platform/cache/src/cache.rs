use std::sync::Arc;
use std::time::{Duration, Instant};

use khaacho_fault::Fault;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::generations::Generations;
use crate::rate::{Rate, Source};
use crate::redis::Redis;
use crate::shelf::{Look, Shelf, VALUE_MAX, jittered};

/// Upper bound of the memory layer's lifetime: how long a process that missed an invalidation may show the
/// old value.
const MEMORY_MAX: Duration = Duration::from_secs(30);

/// Shape of one cache.
#[derive(Debug, Clone)]
pub struct Options {
    /// Name in keys and metrics: one noun, e.g. `product`.
    pub namespace: &'static str,
    /// Raise it whenever the value's JSON shape changes: a new release then never reads the old one's
    /// values.
    pub version: u8,
    /// Entries kept in memory; the least useful go first.
    pub entries_max: u64,
    /// Lifetime in memory, at most 30 s, ± 10 %.
    pub ttl: Duration,
    /// Lifetime in Redis, at most 1 h, ± 10 %.
    pub redis_ttl: Duration,
    /// Lifetime of "does not exist" in both layers; keep it short. Zero = not cached in memory.
    pub negative_ttl: Duration,
}

/// Look-ups through memory, then Redis, then a loader; cheap to clone, all clones share the entries.
///
/// At most one load per key runs in this process at a time. A value loaded before an invalidation is never
/// served after it (to those who ask after it). Never decide about money or stock from a cached value.
pub struct Cache<V> {
    inner: Arc<Inner<V>>,
}

struct Inner<V> {
    /// The key is the caller's key and its generation: see [`Generations`].
    memory: moka::future::Cache<(String, u64), Option<V>>,
    generations: Arc<Generations>,
    shelf: Shelf,
    rate: Rate,
}

impl<V> Clone for Cache<V> {
    fn clone(&self) -> Self {
        Self {
            inner: self.inner.clone(),
        }
    }
}

impl<V: Serialize + DeserializeOwned + Clone + Send + Sync + 'static> Cache<V> {
    /// An empty cache whose second layer is `redis`, if that is on.
    pub fn new(options: Options, redis: Redis) -> Self {
        let lives = Lives {
            found: options.ttl.min(MEMORY_MAX),
            missing: options.negative_ttl.min(MEMORY_MAX),
        };
        let memory = moka::future::Cache::builder()
            .name(options.namespace)
            .max_capacity(options.entries_max)
            .expire_after(lives)
            .build();
        let generations = Arc::new(Generations::new(options.namespace));
        redis.register(&generations);
        let shelf = Shelf {
            redis,
            namespace: options.namespace,
            version: options.version,
            ttl: options.redis_ttl.min(VALUE_MAX),
            negative_ttl: options.negative_ttl.min(VALUE_MAX),
        };
        Self {
            inner: Arc::new(Inner {
                memory,
                generations,
                shelf,
                rate: Rate::new(options.namespace),
            }),
        }
    }

    /// The value of `key`; `None` = `load` said that it does not exist.
    ///
    /// Callers who ask for the same key at the same time share one load; if the caller who runs it is
    /// dropped, the next one runs its own.
    ///
    /// # Errors
    /// Only the loader's. They are not cached; those who waited for the failed load get the same fault.
    /// Trouble with Redis is not an error: it costs at most 50 ms a command.
    pub async fn get_or_load<F, Load>(&self, key: &str, load: F) -> Result<Option<V>, Fault>
    where
        F: FnOnce() -> Load + Send,
        Load: Future<Output = Result<Option<V>, Fault>> + Send,
    {
        let inner = &*self.inner;
        let generation = inner.generations.of(key);
        let mut source = Source::Memory;
        let loading = async {
            let look = inner.shelf.look(key).await;
            let fences = match look {
                Look::Found(value) => {
                    source = Source::Redis;
                    return Ok(value);
                }
                Look::Absent(fences) => Some(fences),
                Look::Skipped => None,
            };
            source = Source::Loader;
            let value = load().await?;
            // The fences alone are enough; this only saves a command.
            if let Some(fences) = fences
                && inner.generations.of(key) == generation
            {
                inner.shelf.put(key, value.as_ref(), fences).await;
            }
            Ok(value)
        };
        let found = inner
            .memory
            .try_get_with((key.to_owned(), generation), loading)
            .await;
        inner.rate.count(source);
        found.map_err(Arc::unwrap_or_clone)
    }

    /// Forgets `key` here, in Redis and in the other processes. Call it after the change is committed.
    ///
    /// Takes at most 50 ms. If Redis does not confirm, this process keeps away from its old value and
    /// repeats the invalidation when Redis is back; other processes may show the old value until its
    /// lifetime in Redis ends.
    pub async fn invalidate(&self, key: &str) {
        let shelf = &self.inner.shelf;
        shelf
            .redis
            .invalidate(shelf.namespace, shelf.version, Some(key))
            .await;
    }

    /// As [`Cache::invalidate`], for every key of this cache.
    pub async fn invalidate_all(&self) {
        let shelf = &self.inner.shelf;
        shelf.redis.invalidate(shelf.namespace, shelf.version, None).await;
    }
}

/// Lifetimes in memory.
struct Lives {
    found: Duration,
    missing: Duration,
}

impl<K, V> moka::Expiry<K, Option<V>> for Lives {
    fn expire_after_create(&self, _: &K, value: &Option<V>, _: Instant) -> Option<Duration> {
        let life = if value.is_some() { self.found } else { self.missing };
        Some(jittered(life).min(MEMORY_MAX))
    }
}
