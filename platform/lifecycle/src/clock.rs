use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};

/// What time it is. Business code asks this and nothing else.
#[derive(Debug, Clone)]
pub struct Clock {
    /// Microseconds: an offset to the system clock, or the time itself when `manual`.
    micros: Arc<AtomicI64>,
    manual: bool,
}

/// Moves the time of a manual clock.
#[derive(Debug, Clone)]
pub struct Hand(Arc<AtomicI64>);

impl Clock {
    /// The system's time.
    pub fn system() -> Self {
        Self {
            micros: Arc::default(),
            manual: false,
        }
    }

    /// A clock that stands still until its hand is moved.
    pub fn manual(start: DateTime<Utc>) -> (Self, Hand) {
        let micros = Arc::new(AtomicI64::new(start.timestamp_micros()));
        (
            Self {
                micros: micros.clone(),
                manual: true,
            },
            Hand(micros),
        )
    }

    /// A clock that runs, ahead of the system by what its hand was moved.
    pub fn shifted() -> (Self, Hand) {
        let micros = Arc::new(AtomicI64::new(0));
        (
            Self {
                micros: micros.clone(),
                manual: false,
            },
            Hand(micros),
        )
    }

    /// Now, in microseconds precision like PostgreSQL.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the system's time"
    )]
    pub fn now(&self) -> DateTime<Utc> {
        let own = self.micros.load(Ordering::SeqCst);
        let micros = if self.manual {
            own
        } else {
            Utc::now().timestamp_micros().saturating_add(own)
        };
        DateTime::from_timestamp_micros(micros).expect("a time within the calendar")
    }
}

impl Hand {
    /// Moves the clock forward.
    pub fn advance(&self, by: Duration) {
        let micros = i64::try_from(by.as_micros()).expect("a duration within the calendar");
        self.0.fetch_add(micros, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manual_clock_moves_only_by_its_hand() {
        let start = DateTime::from_timestamp(1_800_000_000, 0).expect("valid");
        let (clock, hand) = Clock::manual(start);
        assert_eq!(clock.now(), start);
        hand.advance(Duration::from_secs(60));
        assert_eq!((clock.now() - start).num_seconds(), 60);
    }
}
