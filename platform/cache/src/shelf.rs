use std::time::Duration;

use ::redis::{Pipeline, cmd, pipe};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::redis::Redis;

/// Longest life of a value in Redis.
pub(crate) const VALUE_MAX: Duration = Duration::from_secs(3600);
/// A fence must outlive every value that was stored before it (`VALUE_MAX` plus jitter plus the longest
/// load).
const FENCE: Duration = Duration::from_secs(2 * 3600);
/// Larger values stay out of Redis: they would not arrive within the time limit of a command.
const BYTES_MAX: usize = 256 * 1024;

/// The Redis layer of one cache.
///
/// The guard against stale values here is a *fence*: a random token, one for each key and one for the
/// cache, replaced by each invalidation. A value is stored together with the fences read before its load
/// began and only counts while they are still the same. A process that loaded before an invalidation may
/// therefore store its value after it: nobody will believe it.
pub(crate) struct Shelf {
    pub(crate) redis: Redis,
    pub(crate) namespace: &'static str,
    pub(crate) version: u8,
    pub(crate) ttl: Duration,
    pub(crate) negative_ttl: Duration,
}

/// Answer of a look.
pub(crate) enum Look<V> {
    /// `None` = known not to exist.
    Found(Option<V>),
    /// Nothing valid there; [`Shelf::put`] needs these fences.
    Absent(Fences),
    /// Redis gave no answer, or must not be asked for this key now.
    Skipped,
}

/// Token of the cache and of the key when the look was made.
pub(crate) struct Fences(String);

/// What is stored. `v` holds no or one value, so that a value which itself serialises as `null` is not
/// mistaken for "none".
#[derive(Serialize, Deserialize)]
struct Stored<V> {
    f: String,
    v: Vec<V>,
}

impl Shelf {
    pub(crate) async fn look<V: DeserializeOwned>(&self, key: &str) -> Look<V> {
        let Ok(link) = self.redis.link() else {
            return Look::Skipped;
        };
        if link.debts.covers(self.namespace, key) {
            return Look::Skipped;
        }
        let mut command = cmd("MGET");
        command.arg(value_key(self.namespace, self.version, key));
        command
            .arg(cache_fence(self.namespace))
            .arg(key_fence(self.namespace, key));
        type Answer = (Option<Vec<u8>>, Option<String>, Option<String>);
        let Ok((stored, cache, own)) = self.redis.run::<Answer>(&command).await else {
            return Look::Skipped;
        };

        let fences = Fences(format!(
            "{}/{}",
            cache.unwrap_or_default(),
            own.unwrap_or_default()
        ));
        match stored.map(|bytes| serde_json::from_slice::<Stored<V>>(&bytes)) {
            Some(Ok(mut stored)) if stored.f == fences.0 => Look::Found(stored.v.pop()),
            Some(Err(error)) => {
                tracing::debug!(cache.name = self.namespace, error = %error, "unreadable value in redis");
                Look::Absent(fences)
            }
            _ => Look::Absent(fences),
        }
    }

    /// Best effort.
    pub(crate) async fn put<V: Serialize + Clone>(&self, key: &str, value: Option<&V>, fences: Fences) {
        let stored = Stored {
            f: fences.0,
            v: Vec::from_iter(value),
        };
        let bytes = match serde_json::to_vec(&stored) {
            Ok(bytes) if bytes.len() <= BYTES_MAX => bytes,
            Ok(bytes) => {
                tracing::debug!(
                    cache.name = self.namespace,
                    cache.bytes = bytes.len(),
                    "value too large for redis"
                );
                return;
            }
            Err(error) => {
                tracing::warn!(cache.name = self.namespace, error = %error, "value has no json form");
                return;
            }
        };
        let life = jittered(if value.is_some() {
            self.ttl
        } else {
            self.negative_ttl
        });
        let mut command = cmd("SET");
        command
            .arg(value_key(self.namespace, self.version, key))
            .arg(bytes)
            .arg("PX")
            .arg(millis(life));
        // The outcome is counted and remembered by the handle; the caller has its value either way.
        let _unneeded = self.redis.run::<()>(&command).await;
    }
}

/// The commands of one invalidation: new fence, drop of the value, announcement (last, so that whoever
/// hears it meets the new fence). The fence alone is enough; dropping the value, where the version is
/// known, frees memory early.
pub(crate) fn forgetting(namespace: &str, version: Option<u8>, key: Option<&str>, message: &str) -> Pipeline {
    let fence = key.map_or_else(|| cache_fence(namespace), |key| key_fence(namespace, key));
    let token = format!("{:016x}", fastrand::u64(..));
    let mut commands = pipe();
    commands
        .cmd("SET")
        .arg(fence)
        .arg(token)
        .arg("PX")
        .arg(millis(FENCE))
        .ignore();
    if let (Some(version), Some(key)) = (version, key) {
        commands
            .cmd("DEL")
            .arg(value_key(namespace, version, key))
            .ignore();
    }
    commands
        .cmd("PUBLISH")
        .arg(crate::listen::CHANNEL)
        .arg(message)
        .ignore();
    commands
}

/// ± 10 %, so that keys written together do not expire together.
pub(crate) fn jittered(life: Duration) -> Duration {
    life.mul_f64(0.9 + 0.2 * fastrand::f64())
}

fn millis(life: Duration) -> u64 {
    u64::try_from(life.as_millis()).unwrap_or(u64::MAX).max(1)
}

fn value_key(namespace: &str, version: u8, key: &str) -> String {
    format!("khaacho:{namespace}:v{version}:{key}")
}

fn cache_fence(namespace: &str) -> String {
    format!("khaacho:{namespace}:fence")
}

fn key_fence(namespace: &str, key: &str) -> String {
    format!("khaacho:{namespace}:fence:{key}")
}
