use std::sync::Mutex;
use std::time::Duration;

use tokio::time::Instant;

/// Failures in a row that open the breaker.
const LIMIT: u32 = 5;
/// How long it then stays open; afterwards one command at a time may try.
const PAUSE: Duration = Duration::from_secs(1);

/// Keeps requests from waiting for a Redis that does not answer: after [`LIMIT`] failures in a row commands
/// are refused at once for [`PAUSE`], then one trial a pause is let through until one succeeds.
pub(crate) struct Breaker(Mutex<Count>);

#[derive(Default)]
struct Count {
    failures: u32,
    closed_again: Option<Instant>,
}

impl Breaker {
    pub(crate) fn new() -> Self {
        Self(Mutex::default())
    }

    /// May a command be sent now? A trial re-arms the pause first, so a trial that is dropped half-way
    /// blocks nobody for longer.
    pub(crate) fn admits(&self) -> bool {
        let mut count = self.lock();
        let now = Instant::now();
        match count.closed_again {
            None => true,
            Some(until) if now < until => false,
            Some(_) => {
                count.closed_again = Some(now + PAUSE);
                true
            }
        }
    }

    pub(crate) fn succeeded(&self) {
        *self.lock() = Count::default();
    }

    /// Counts one failure; true when the breaker is open now.
    pub(crate) fn failed(&self) -> bool {
        let mut count = self.lock();
        count.failures = count.failures.saturating_add(1);
        if count.failures < LIMIT {
            return false;
        }
        count.closed_again = Some(Instant::now() + PAUSE);
        true
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Count> {
        self.0.lock().expect("no code panics while it holds this lock")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn opens_after_five_failures_and_lets_one_trial_through_each_second() {
        let breaker = Breaker::new();
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
        let breaker = Breaker::new();
        for _ in 0..10 {
            for _ in 0..LIMIT - 1 {
                assert!(!breaker.failed());
            }
            breaker.succeeded();
        }
        assert!(breaker.admits());
    }
}
