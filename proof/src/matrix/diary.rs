//! What all probes of a cell saw, and when.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde::Serialize;

use super::seen::{Probe, Seen};

/// One look of one probe; times since the stage stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Sample {
    pub(super) probe: Probe,
    pub(super) began: Duration,
    pub(super) ended: Duration,
    pub(super) seen: Seen,
}

/// Written by the probes while they look.
#[derive(Debug, Default)]
pub(super) struct Diary {
    samples: Mutex<Vec<Sample>>,
    /// Looks that have not ended, by when they began.
    open: Mutex<BTreeSet<(Probe, Duration)>>,
}

impl Diary {
    pub(super) fn begin(&self, probe: Probe, at: Duration) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.insert((probe, at));
    }

    pub(super) fn write(&self, sample: Sample) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.remove(&(sample.probe, sample.began));
        drop(open);
        self.lock().push(sample);
    }

    /// All looks so far, in the order of their ends.
    pub(super) fn samples(&self) -> Vec<Sample> {
        self.lock().clone()
    }

    /// Looks that have not ended.
    pub(super) fn open(&self) -> BTreeSet<(Probe, Duration)> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Sample>> {
        self.samples.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// When a probe was normal again: the end of the first of two normal looks in a row that began after `healed`, with
/// nothing else behind them.
pub(super) fn again(samples: &[Sample], probe: Probe, healed: Duration) -> Option<Duration> {
    let mut first = None;
    let mut row = 0;
    for sample in samples
        .iter()
        .filter(|sample| sample.probe == probe && sample.ended > healed)
    {
        // A look that began before counts only when it shows that it is not over yet.
        if !sample.seen.normal {
            (first, row) = (None, 0);
        } else if sample.began >= healed {
            first = first.or(Some(sample.ended));
            row += 1;
        }
    }
    first.filter(|_| row >= 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(began: u64, ended: u64, normal: bool) -> Sample {
        Sample {
            probe: Probe::Order,
            began: Duration::from_millis(began),
            ended: Duration::from_millis(ended),
            seen: if normal {
                Seen::normal()
            } else {
                Seen::other("503")
            },
        }
    }

    #[test]
    fn again_is_two_normal_looks_with_nothing_behind() {
        let healed = Duration::from_millis(100);
        let at = |samples: &[Sample]| again(samples, Probe::Order, healed).map(|at| at.as_millis());
        assert_eq!(at(&[]), None);
        assert_eq!(at(&[sample(10, 20, true), sample(110, 120, true)]), None);
        assert_eq!(at(&[sample(110, 120, true), sample(130, 140, true)]), Some(120));
        let relapsed = [
            sample(110, 120, true),
            sample(130, 140, true),
            sample(150, 160, false),
            sample(170, 180, true),
            sample(190, 200, true),
        ];
        assert_eq!(at(&relapsed), Some(180));
        assert_eq!(
            at(&[
                sample(90, 115, false),
                sample(120, 130, true),
                sample(140, 150, true)
            ]),
            Some(130)
        );
        assert_eq!(again(&relapsed, Probe::Talk, healed), None);
    }
}
