//! Questions to a ledger.

use crate::ledger::{Kind, Line};

/// Runs that figures of a spread are taken from: older ones were of another product.
const RECENT: usize = 20;

/// The lines, oldest first.
#[derive(Debug)]
pub(super) struct Book<'a> {
    lines: &'a [Line],
}

impl<'a> Book<'a> {
    pub(super) fn new(lines: &'a [Line]) -> Self {
        Self { lines }
    }

    /// Lines of a kind, parts too, oldest first.
    pub(super) fn all(&self, kind: Kind) -> impl DoubleEndedIterator<Item = &'a Line> + use<'a> {
        self.lines.iter().filter(move |line| line.kind == kind)
    }

    /// The newest whole line of a kind that has a count.
    pub(super) fn newest(&self, kind: Kind, count: &str) -> Option<(&'a Line, f64)> {
        let mut whole = self.all(kind).rev().filter(|line| line.whole);
        whole.find_map(|line| Some((line, line.get(count)?)))
    }

    /// A count added up over all lines of a kind; nothing when none has it.
    pub(super) fn sum(&self, kind: Kind, count: &str) -> Option<f64> {
        let mut found = self.all(kind).filter_map(|line| line.get(count)).peekable();
        found.peek()?;
        Some(found.sum())
    }

    /// The same over lines of every kind.
    pub(super) fn sum_of_all(&self, count: &str) -> Option<f64> {
        let mut found = self.lines.iter().filter_map(|line| line.get(count)).peekable();
        found.peek()?;
        Some(found.sum())
    }

    /// The greatest of a count over the newest lines of a kind that have it, with another count of them added up.
    pub(super) fn slowest(&self, kind: Kind, count: &str, many: &str) -> Option<(f64, f64)> {
        let recent: Vec<&Line> = self
            .all(kind)
            .rev()
            .filter(|line| line.get(count).is_some())
            .take(RECENT)
            .collect();
        let figures = recent.iter().filter_map(|line| line.get(count));
        let max = figures.max_by(f64::total_cmp)?;
        Some((max, recent.iter().filter_map(|line| line.get(many)).sum()))
    }
}

/// Where a figure is from, for the end of its text.
pub(super) fn source(line: &Line) -> String {
    if line.sha.is_empty() {
        return format!("({})", line.day());
    }
    format!("({}, {})", line.day(), line.sha)
}

/// A whole number with its thousands apart.
pub(super) fn whole(n: f64) -> String {
    let digits = format!("{:.0}", n.abs());
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Milliseconds, or seconds where they are more than one.
pub(super) fn time(ms: f64) -> String {
    if ms >= 1000.0 {
        format!("{:.1} s", ms / 1000.0)
    } else if ms >= 10.0 {
        format!("{ms:.0} ms")
    } else {
        format!("{ms:.1} ms")
    }
}
