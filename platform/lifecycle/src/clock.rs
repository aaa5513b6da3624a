use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

/// Differences that are measured wrongly as easily as they are there.
const NEGLIGIBLE_MICROS: i64 = 50_000;

/// What time it is. Business code asks this and nothing else.
///
/// It runs on the machine's monotonic time, so nobody who sets the machine's date moves it, and follows another clock:
/// that of the database, which all processes share.
#[derive(Debug, Clone)]
pub struct Clock {
    /// Microseconds: what a hand has moved it ahead, or the time itself when it does not run.
    micros: Arc<AtomicI64>,
    runs: Option<Arc<Running>>,
}

#[derive(Debug)]
struct Running {
    since: Instant,
    /// Microseconds of the epoch at `since`.
    origin: AtomicI64,
}

impl Running {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the system's time"
    )]
    fn from_now() -> Arc<Self> {
        Arc::new(Self {
            since: Instant::now(),
            origin: AtomicI64::new(Utc::now().timestamp_micros()),
        })
    }

    fn micros(&self) -> i64 {
        let elapsed = i64::try_from(self.since.elapsed().as_micros()).unwrap_or(i64::MAX);
        self.origin.load(Ordering::SeqCst).saturating_add(elapsed)
    }
}

/// Moves the time of a manual clock.
#[derive(Debug, Clone)]
pub struct Hand(Arc<AtomicI64>);

impl Clock {
    /// The system's time as it is now, and from then on what has passed since, until it follows another clock.
    pub fn system() -> Self {
        Self::shifted().0
    }

    /// A clock that stands still until its hand is moved.
    pub fn manual(start: DateTime<Utc>) -> (Self, Hand) {
        let micros = Arc::new(AtomicI64::new(start.timestamp_micros()));
        let hand = Hand(micros.clone());
        (Self { micros, runs: None }, hand)
    }

    /// A clock that runs, ahead of the system by what its hand was moved.
    pub fn shifted() -> (Self, Hand) {
        let micros = Arc::new(AtomicI64::new(0));
        let hand = Hand(micros.clone());
        let runs = Some(Running::from_now());
        (Self { micros, runs }, hand)
    }

    /// Now, in microseconds precision like PostgreSQL.
    pub fn now(&self) -> DateTime<Utc> {
        let own = self.micros.load(Ordering::SeqCst);
        let micros = self
            .runs
            .as_ref()
            .map_or(own, |runs| runs.micros().saturating_add(own));
        DateTime::from_timestamp_micros(micros).expect("a time within the calendar")
    }

    /// Goes on from what another clock shows at this moment, and what its hand has moved it ahead. Returns how far
    /// this one was ahead of that one, in seconds; differences up to 50 ms stay. A clock that stands still follows
    /// nobody.
    pub fn follow(&self, shown: DateTime<Utc>) -> f64 {
        let Some(runs) = &self.runs else { return 0.0 };
        let ahead = runs.micros().saturating_sub(shown.timestamp_micros());
        if ahead.abs() > NEGLIGIBLE_MICROS {
            runs.origin.fetch_sub(ahead, Ordering::SeqCst);
        }
        ahead as f64 / 1e6
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
        clock.follow(start);
        assert_eq!((clock.now() - start).num_seconds(), 60);
    }

    #[test]
    fn a_running_clock_follows_another_one_and_keeps_what_its_hand_moved() {
        let (clock, hand) = Clock::shifted();
        let other = clock.clone();
        hand.advance(Duration::from_secs(60));
        let shown = clock.now() + chrono::TimeDelta::days(1);
        let ahead = clock.follow(shown);
        assert!(
            (-86_470.0..-86_450.0).contains(&ahead),
            "a day and a minute behind: {ahead}"
        );
        let off = (other.now() - shown).num_milliseconds() - 60_000;
        assert!((0..2_000).contains(&off), "{off} ms, for all that share it");
        assert!(clock.follow(shown).abs() < 2.0);
    }
}
