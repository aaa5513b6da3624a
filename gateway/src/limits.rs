//! Rate limits of the edge, by named policy.
//!
//! The rule is GCRA (a leaky bucket kept as one time stamp), counted in whole microseconds. The counts live in
//! Redis when there is one, so that all gateways share them, and in this process otherwise. Redis is a hint:
//! when it is down, slow or full the process counts for itself, callers are not refused because of it, and
//! `rate_limit_fallback_total` says how often that happened.

mod breaker;
mod decision;
mod gcra;
mod local;
mod policy;
mod redis_store;

#[cfg(test)]
mod tests;

pub use decision::{Decision, Outcome};
pub use policy::{Excess, Policies, Policy, Quota};
pub use redis_store::RedisStore;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use khaacho_lifecycle::Clock;
use redis::aio::ConnectionManager;
use ring::digest;

use breaker::Breaker;
use gcra::Taken;
use local::Local;

/// Longest wait for the shared store. A limit must not cost more than the request it guards.
const SHARED_TIMEOUT: Duration = Duration::from_millis(50);

/// Who is counted: the digest of policy and subject, so that no phone number or name reaches Redis, and so that
/// a key has one length whatever a caller sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key([u8; 16]);

impl Key {
    fn of(policy: &Policy, subject: &str) -> Self {
        let mut context = digest::Context::new(&digest::SHA256);
        context.update(policy.name.as_bytes());
        context.update(&[0]);
        context.update(subject.as_bytes());
        let mut key = [0; 16];
        key.copy_from_slice(&context.finish().as_ref()[..16]);
        Self(key)
    }
}

/// Counts that several processes share.
pub trait Shared: Send + Sync + 'static {
    /// Takes one unit of each quota, or of none. Answers how far ahead of now each quota's time stamp is, in
    /// microseconds. Any error, for instance a full store, makes the caller count for itself.
    fn take<'a>(&'a self, key: Key, quotas: &'a [Quota]) -> SharedReply<'a>;
}

/// What [`Shared::take`] answers.
pub type SharedReply<'a> = Pin<Box<dyn Future<Output = Result<SharedTaken, SharedError>> + Send + 'a>>;

/// A decision of the shared store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedTaken {
    /// Whether the unit was taken.
    pub allowed: bool,
    /// Per quota: the time stamp's lead over the store's clock after the decision, in microseconds.
    pub ahead: Vec<i64>,
}

/// The shared store did not decide.
#[derive(Debug)]
pub struct SharedError(
    /// Why, for the log.
    pub String,
);

/// Decides about requests. Cheap to clone.
#[derive(Clone)]
pub struct Limiter {
    inner: Arc<Inner>,
}

struct Inner {
    clock: Clock,
    local: Local,
    shared: Option<(Box<dyn Shared>, Breaker)>,
}

impl Limiter {
    /// A limiter that counts in `redis` when there is one, and in this process otherwise.
    pub fn new(clock: Clock, redis: Option<ConnectionManager>) -> Self {
        Self::with(
            clock,
            redis.map(|manager| Box::new(RedisStore::new(manager)) as Box<dyn Shared>),
        )
    }

    /// A limiter over any shared store.
    pub fn with(clock: Clock, shared: Option<Box<dyn Shared>>) -> Self {
        let shared = shared.map(|store| (store, Breaker::default()));
        Self {
            inner: Arc::new(Inner {
                clock,
                local: Local::default(),
                shared,
            }),
        }
    }

    /// Takes one unit for `subject` (a principal, a sender, an address) under `policy`, or says how long to wait.
    /// Never fails and waits at most 50 ms.
    pub async fn check(&self, policy: &Policy, subject: &str) -> Decision {
        let key = Key::of(policy, subject);
        let taken = match self.take_shared(key, &policy.quotas).await {
            Some(taken) => taken,
            None => self.inner.local.take(key, &policy.quotas, self.now()),
        };
        let decision = Decision::of(policy, &taken);
        if decision.outcome != Outcome::Allowed {
            let outcome = decision.outcome.as_str();
            metrics::counter!("rate_limited_total", "policy" => policy.name, "outcome" => outcome)
                .increment(1);
        }
        decision
    }

    /// The shared store's decision; `None` when there is no store or it did not decide in time.
    async fn take_shared(&self, key: Key, quotas: &[Quota]) -> Option<Taken> {
        let (store, breaker) = self.inner.shared.as_ref()?;
        let error = if breaker.lets_through(self.now()) {
            match tokio::time::timeout(SHARED_TIMEOUT, store.take(key, quotas)).await {
                Ok(Ok(taken)) if taken.ahead.len() == quotas.len() => {
                    breaker.succeeded();
                    return Some(Taken {
                        allowed: taken.allowed,
                        ahead: taken.ahead,
                    });
                }
                Ok(Ok(_)) => SharedError("the store answered for another number of quotas".to_owned()),
                Ok(Err(error)) => error,
                Err(_) => SharedError("the store did not answer in time".to_owned()),
            }
        } else {
            metrics::counter!("rate_limit_fallback_total", "reason" => "open").increment(1);
            return None;
        };
        metrics::counter!("rate_limit_fallback_total", "reason" => "failed").increment(1);
        if breaker.failed(self.now()) {
            tracing::warn!(
                error = error.0,
                "rate limits count in this process until the shared store answers"
            );
        }
        None
    }

    fn now(&self) -> i64 {
        self.inner.clock.now().timestamp_micros()
    }
}
