use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// Keeps callers from waiting for something that does not answer: after so many failures in a row calls are refused at
/// once for a pause, then one trial a pause is let through until one succeeds.
#[derive(Debug)]
pub struct Breaker {
    limit: u32,
    pause: Duration,
    count: Mutex<Count>,
}

#[derive(Debug, Default)]
struct Count {
    failures: u32,
    closed_again: Option<Instant>,
}

impl Breaker {
    /// Opens after `limit` failures in a row, for `pause`.
    pub fn new(limit: u32, pause: Duration) -> Self {
        Self {
            limit,
            pause,
            count: Mutex::default(),
        }
    }

    /// May a call be made now? A trial re-arms the pause first, so a trial that is dropped half-way blocks nobody for
    /// longer.
    pub fn admits(&self) -> bool {
        let mut count = self.lock();
        let now = Instant::now();
        match count.closed_again {
            None => true,
            Some(until) if now < until => false,
            Some(_) => {
                count.closed_again = Some(now + self.pause);
                true
            }
        }
    }

    /// Forgets the failures.
    pub fn succeeded(&self) {
        *self.lock() = Count::default();
    }

    /// Counts one failure; true when the breaker is open now.
    pub fn failed(&self) -> bool {
        let mut count = self.lock();
        count.failures = count.failures.saturating_add(1);
        if count.failures < self.limit {
            return false;
        }
        count.closed_again = Some(Instant::now() + self.pause);
        true
    }

    /// Opens for this long, however many failures there were: the other side has asked for it.
    pub fn open_for(&self, pause: Duration) {
        let mut count = self.lock();
        count.failures = self.limit;
        count.closed_again = Some(Instant::now() + pause);
    }

    fn lock(&self) -> MutexGuard<'_, Count> {
        self.count.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: u32 = 5;
    const PAUSE: Duration = Duration::from_secs(1);

    #[tokio::test(start_paused = true)]
    async fn opens_after_five_failures_and_lets_one_trial_through_each_pause() {
        let breaker = Breaker::new(LIMIT, PAUSE);
        for _ in 0..LIMIT - 1 {
            assert!(!breaker.failed());
        }
        assert!(breaker.admits());
        assert!(breaker.failed());
        assert!(!breaker.admits());

        tokio::time::advance(PAUSE).await;
        assert!(breaker.admits(), "the trial");
        assert!(!breaker.admits(), "only one");
        assert!(breaker.failed(), "a failed trial opens it again");

        tokio::time::advance(PAUSE).await;
        assert!(breaker.admits());
        breaker.succeeded();
        assert!(breaker.admits() && breaker.admits());
    }

    #[tokio::test(start_paused = true)]
    async fn a_success_starts_the_count_again() {
        let breaker = Breaker::new(LIMIT, PAUSE);
        for _ in 0..10 {
            for _ in 0..LIMIT - 1 {
                assert!(!breaker.failed());
            }
            breaker.succeeded();
        }
        assert!(breaker.admits());
    }

    #[tokio::test(start_paused = true)]
    async fn opens_for_as_long_as_it_is_asked_to() {
        let breaker = Breaker::new(LIMIT, PAUSE);
        breaker.open_for(PAUSE * 30);
        tokio::time::advance(PAUSE * 29).await;
        assert!(!breaker.admits());
        tokio::time::advance(PAUSE).await;
        assert!(breaker.admits(), "the trial");
        assert!(breaker.failed(), "it has not earned trust yet");
        assert!(!breaker.admits());
    }
}
