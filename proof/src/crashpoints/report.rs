//! What came out, for people and for programs.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use serde::Serialize;

use crate::ledger::{Kind, Line};

use super::points::{Mode, Point};

/// A point that did not survive.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Failure {
    pub(super) point: String,
    pub(super) mode: &'static str,
    pub(super) statement: String,
    pub(super) wrong: Vec<String>,
    /// Directory with what the processes logged meanwhile.
    pub(super) logs: String,
    pub(super) again: String,
}

/// Points of one service in one mode.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub(super) struct Count {
    pub(super) points: u64,
    pub(super) survived: u64,
    pub(super) missed: u64,
    pub(super) failed: u64,
}

/// Everything that came out.
#[derive(Debug, Default, Serialize)]
pub(super) struct Report {
    /// By mode and role.
    pub(super) counts: BTreeMap<String, BTreeMap<String, Count>>,
    /// Points that were found, by role.
    pub(super) found: BTreeMap<String, u64>,
    pub(super) failures: Vec<Failure>,
    pub(super) missed: Vec<String>,
    pub(super) seconds: f64,
    pub(super) jobs: usize,
    /// How long one trial took, in milliseconds: median and longest.
    pub(super) trial_ms: (u64, u64),
    #[serde(skip)]
    pub(super) took: Vec<u64>,
}

impl Report {
    pub(super) fn count(&mut self, point: &Point, mode: Mode) -> &mut Count {
        let roles = self.counts.entry(mode.name().to_owned()).or_default();
        roles.entry(point.role.name().to_owned()).or_default()
    }

    pub(super) fn total(&self) -> Count {
        let mut total = Count::default();
        for count in self.counts.values().flat_map(BTreeMap::values) {
            total.points += count.points;
            total.survived += count.survived;
            total.missed += count.missed;
            total.failed += count.failed;
        }
        total
    }

    /// Nothing failed, and of a hundred points at most two were missed.
    pub(super) fn held(&self) -> bool {
        let total = self.total();
        total.points > 0 && total.failed == 0 && total.missed * 50 <= total.points
    }

    pub(super) fn finish(&mut self, seconds: f64) {
        self.seconds = seconds;
        self.took.sort_unstable();
        let middle = self.took.get(self.took.len() / 2).copied().unwrap_or(0);
        self.trial_ms = (middle, self.took.last().copied().unwrap_or(0));
    }

    /// One line.
    pub(super) fn summary(&self) -> String {
        let total = self.total();
        format!(
            "{} of {} crash points survived, {} missed, {} failed, in {:.0} s ({} at once, {} ms a point)",
            total.survived,
            total.points,
            total.missed,
            total.failed,
            self.seconds,
            self.jobs,
            self.trial_ms.0
        )
    }

    /// Writes `report.md` and `crashpoints.json`.
    ///
    /// # Errors
    /// When they cannot be written.
    pub(super) fn write(&self, dir: &Path) -> anyhow::Result<()> {
        std::fs::write(dir.join("crashpoints.json"), serde_json::to_vec_pretty(self)?)?;
        std::fs::write(dir.join("report.md"), self.markdown())?;
        Ok(())
    }

    /// The line for the ledger of proofs.
    pub(super) fn line(&self, whole: bool) -> Line {
        let total = self.total();
        let mut line = Line::new(Kind::Crashpoints, self.seconds)
            .whole(whole)
            .violations(total.failed)
            .count("missed", total.missed);
        for (mode, roles) in &self.counts {
            let (mut points, mut survived) = (0, 0);
            for count in roles.values() {
                points += count.points;
                survived += count.survived;
            }
            line = line
                .count(&format!("points.{mode}"), points)
                .count(&format!("survived.{mode}"), survived);
        }
        line
    }

    fn markdown(&self) -> String {
        let mut out = format!("# Crash points\n\n{}.\n\n", self.summary());
        out.push_str("| mode | process | points | survived | missed | failed |\n|---|---|---|---|---|---|\n");
        for (mode, roles) in &self.counts {
            for (role, count) in roles {
                // writing to a text never fails
                let _ = writeln!(
                    out,
                    "| {mode} | {role} | {} | {} | {} | {} |",
                    count.points, count.survived, count.missed, count.failed
                );
            }
        }
        out.push_str(
            "\nA: killed before the statement. B: killed after it, before its answer. C: its answer lost, nobody \
             killed. D: the database cut off after it. pairs: as B, and killed once more while it recovers.\n",
        );
        for failure in &self.failures {
            let _ = writeln!(
                out,
                "\n## {} {}\n\n`{}`\n",
                failure.mode, failure.point, failure.statement
            );
            for wrong in &failure.wrong {
                let _ = writeln!(out, "* {wrong}");
            }
            let _ = writeln!(out, "\nAgain: `{}`. Logs: `{}`.", failure.again, failure.logs);
        }
        if !self.missed.is_empty() {
            out.push_str("\n## Missed\n\n");
            for missed in &self.missed {
                let _ = writeln!(out, "* {missed}");
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::super::points::What;
    use super::super::scenario::Chapter;
    use super::*;
    use crate::harness::Role;

    fn report(survived: u64, missed: u64, failed: u64) -> Report {
        let point = Point {
            chapter: Chapter::Rest,
            action: 0,
            role: Role::Order,
            what: What::Statement {
                application: "khaacho order".to_owned(),
                statement: "commit".to_owned(),
            },
            nth: 1,
        };
        let mut report = Report::default();
        *report.count(&point, Mode::B) = Count {
            points: survived + missed + failed,
            survived,
            missed,
            failed,
        };
        report
    }

    #[test]
    fn a_failure_many_misses_and_no_points_fail() {
        assert!(report(100, 2, 0).held());
        assert!(!report(100, 3, 0).held());
        assert!(!report(100, 0, 1).held());
        assert!(!Report::default().held());
        let line = report(5, 1, 2).line(true);
        assert_eq!((line.violations, line.get("points.B")), (2, Some(8.0)));
        assert!(
            report(1, 0, 0)
                .markdown()
                .contains("| B | order | 1 | 1 | 0 | 0 |")
        );
    }
}
