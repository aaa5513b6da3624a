//! What a limit says about one request, and how that is told to the client.

use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue, header};

use super::gcra::{self, Taken};
use super::policy::{Excess, Policy, Quota};

/// What to do with the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Go on.
    Allowed,
    /// Take it, and put its work off by `retry_after`.
    Delayed,
    /// Answer 429.
    Refused,
}

impl Outcome {
    /// The word for metrics.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Delayed => "delayed",
            Self::Refused => "refused",
        }
    }
}

/// A decision, with the figures of the quota that is closest to its limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// What to do.
    pub outcome: Outcome,
    /// Units per period.
    pub limit: u32,
    /// The period.
    pub period: Duration,
    /// Units left.
    pub remaining: u32,
    /// Time until the whole limit is available again.
    pub reset: Duration,
    /// Time until the next unit; zero when there is one.
    pub retry_after: Duration,
}

impl Decision {
    pub(super) fn of(policy: &Policy, taken: &Taken) -> Self {
        let quotas = || policy.quotas.iter().zip(taken.ahead.iter().copied());
        // Refused: the quota that takes longest to have room. Allowed: the one with the least left.
        let closest = if taken.allowed {
            quotas().min_by_key(|(quota, ahead)| gcra::remaining(quota, *ahead))
        } else {
            quotas().max_by_key(|(quota, ahead)| gcra::wait(quota, *ahead))
        };
        let Some((quota, ahead)) = closest else {
            return Self::unlimited();
        };
        let outcome = match (taken.allowed, policy.excess) {
            (true, _) => Outcome::Allowed,
            (false, Excess::Delay) => Outcome::Delayed,
            (false, Excess::Refuse) => Outcome::Refused,
        };
        let wait = if taken.allowed {
            0
        } else {
            gcra::wait(quota, ahead)
        };
        Self {
            outcome,
            limit: quota.units,
            period: quota.period,
            remaining: if taken.allowed {
                gcra::remaining(quota, ahead)
            } else {
                0
            },
            reset: micros(ahead),
            retry_after: micros(wait),
        }
    }

    /// A policy without quotas limits nothing.
    fn unlimited() -> Self {
        let Quota { units, period } = Quota::per(u32::MAX, 1);
        let (reset, retry_after) = (Duration::ZERO, Duration::ZERO);
        Self {
            outcome: Outcome::Allowed,
            limit: units,
            period,
            remaining: units,
            reset,
            retry_after,
        }
    }

    /// Adds `RateLimit-Limit`, `-Remaining`, `-Reset`, `-Policy` and, on a refusal, `Retry-After`. Times are
    /// whole seconds, rounded up, so that a client that waits as told is not refused again.
    pub fn write(&self, headers: &mut HeaderMap) {
        let named = |name: &'static str| HeaderName::from_static(name);
        headers.insert(named("ratelimit-limit"), self.limit.into());
        headers.insert(named("ratelimit-remaining"), self.remaining.into());
        headers.insert(named("ratelimit-reset"), seconds(self.reset).into());
        let policy = format!("{};w={}", self.limit, seconds(self.period));
        if let Ok(policy) = HeaderValue::try_from(policy) {
            headers.insert(named("ratelimit-policy"), policy);
        }
        if self.outcome == Outcome::Refused {
            headers.insert(header::RETRY_AFTER, seconds(self.retry_after).max(1).into());
        }
    }
}

fn micros(micros: i64) -> Duration {
    Duration::from_micros(u64::try_from(micros).unwrap_or(0))
}

fn seconds(time: Duration) -> u64 {
    time.as_secs() + u64::from(time.subsec_nanos() > 0)
}
