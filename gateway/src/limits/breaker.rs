//! Stops asking a store that does not answer, so that its time-out is not paid by every request.

use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};

/// Failures in a row after which the store is left alone.
const FAILURES_MAX: u32 = 5;
/// Time after which one request may try again, in microseconds.
const RETRY_AFTER_MICROS: i64 = 1_000_000;

/// Counts failures in a row. Races between requests cost at most one more attempt.
#[derive(Debug, Default)]
pub(super) struct Breaker {
    failures: AtomicU32,
    /// When the next attempt is allowed, once open. Microseconds.
    retry_at: AtomicI64,
}

impl Breaker {
    /// Whether to ask the store now. While open, one request per interval may.
    pub(super) fn lets_through(&self, now: i64) -> bool {
        if self.failures.load(Ordering::Relaxed) < FAILURES_MAX {
            return true;
        }
        let retry_at = self.retry_at.load(Ordering::Relaxed);
        // A clock that was set back must not keep the breaker open for longer than the interval.
        let due = now >= retry_at || retry_at - now > RETRY_AFTER_MICROS;
        let next = now.saturating_add(RETRY_AFTER_MICROS);
        due && self
            .retry_at
            .compare_exchange(retry_at, next, Ordering::Relaxed, Ordering::Relaxed)
            .is_ok()
    }

    /// Records an answer.
    pub(super) fn succeeded(&self) {
        self.failures.store(0, Ordering::Relaxed);
    }

    /// Records a failure. True when this one opens the breaker.
    pub(super) fn failed(&self, now: i64) -> bool {
        let before = self.failures.fetch_add(1, Ordering::Relaxed);
        if before + 1 >= FAILURES_MAX {
            self.retry_at
                .store(now.saturating_add(RETRY_AFTER_MICROS), Ordering::Relaxed);
        }
        before + 1 == FAILURES_MAX
    }
}
