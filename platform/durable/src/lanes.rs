use std::time::{Duration, Instant};

/// Transactions or statements of one kind at the same time. One is best for the processor: whoever comes while it works
/// shares the next one. The others are for the time when it waits for somebody.
const LANES_MAX: usize = 3;
/// Whoever works longer than this is taken to wait, for a lock or for a connection that does not answer.
const STUCK_AFTER: Duration = Duration::from_millis(250);

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
        let stuck = self.begun.is_none_or(|at| at.elapsed() >= STUCK_AFTER);
        let another = self.open == 0 || (self.open < LANES_MAX && stuck);
        if another {
            self.open += 1;
            self.begin();
        }
        another
    }

    /// One takes what waits.
    pub(crate) fn begin(&mut self) {
        self.begun = Some(Instant::now());
    }

    /// One ends.
    pub(crate) fn close(&mut self) {
        self.open -= 1;
    }
}
