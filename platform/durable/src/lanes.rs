use std::time::{Duration, Instant};

/// Transactions or statements of one kind at the same time. One is best for the processor: whoever comes while it works
/// shares the next one. The others are for the time when it waits for somebody.
const LANES_MAX: usize = 3;
/// Whoever works longer than this is taken to wait, for a lock or for a connection that does not answer.
pub(crate) const STUCK_AFTER: Duration = Duration::from_millis(250);

/// How many take from one queue.
#[derive(Debug, Default)]
pub(crate) struct Lanes {
    open: usize,
    /// When one of them took something.
    begun: Option<Instant>,
}

impl Lanes {
    /// Whether one more is to begin, which then counts as open.
    pub(crate) fn open(&mut self) -> bool {
        self.open_at(Instant::now())
    }

    fn open_at(&mut self, now: Instant) -> bool {
        let stuck = self.begun.is_none_or(|at| now - at >= STUCK_AFTER);
        let another = self.open == 0 || (self.open < LANES_MAX && stuck);
        if another {
            self.open += 1;
            self.begun = Some(now);
        }
        another
    }

    /// One takes what waits.
    pub(crate) fn begin(&mut self) {
        self.begun = Some(Instant::now());
    }

    /// One ends, because nothing waits. Others that are still open were stuck when it began.
    pub(crate) fn close(&mut self) {
        self.open -= 1;
        self.begun = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_works_and_others_come_when_it_is_stuck() {
        let start = Instant::now();
        let mut lanes = Lanes::default();
        assert!(lanes.open_at(start));
        assert!(!lanes.open_at(start + STUCK_AFTER / 2), "it works");
        assert!(lanes.open_at(start + STUCK_AFTER), "it waits for somebody");
        assert!(
            !lanes.open_at(start + STUCK_AFTER),
            "the second has only just begun"
        );
        assert!(lanes.open_at(start + STUCK_AFTER * 2));
        assert!(!lanes.open_at(start + STUCK_AFTER * 9), "never more than three");
        lanes.close();
        assert!(
            lanes.open_at(start + STUCK_AFTER * 9),
            "those that are left are stuck"
        );
    }

    #[test]
    fn the_first_after_all_have_ended_begins_at_once() {
        let start = Instant::now();
        let mut lanes = Lanes::default();
        assert!(lanes.open_at(start));
        lanes.close();
        assert!(lanes.open_at(start));
    }
}
