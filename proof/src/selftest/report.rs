//! The table of a selftest, for people and for programs.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use serde::Serialize;

use super::bugs::{Bug, NOT_APPLICABLE};
use super::chase::{Found, Outcome};

/// One bug.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Row {
    pub(super) bug: &'static str,
    pub(super) says: &'static str,
    pub(super) profile: String,
    /// Who has to find it.
    pub(super) by: Vec<&'static str>,
    pub(super) found: Found,
    pub(super) seconds: f64,
    pub(super) ops: u64,
    pub(super) rounds: u64,
    pub(super) example: String,
}

impl Row {
    pub(super) fn of(bug: &Bug, outcome: &Outcome) -> Self {
        Self {
            bug: bug.name,
            says: bug.says,
            profile: bug.profile(),
            by: bug.by.to_vec(),
            found: outcome.found.clone(),
            seconds: outcome.seconds,
            ops: outcome.ops,
            rounds: outcome.rounds,
            example: outcome.example.clone(),
        }
    }

    fn is_found(&self) -> bool {
        matches!(self.found, Found::By(_))
    }
}

/// A run without a bug.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Control {
    pub(super) profile: String,
    pub(super) clean: bool,
    /// What complained, or why it could not be carried out.
    pub(super) told: Vec<String>,
}

/// All of it.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Summary {
    pub(super) planted: usize,
    pub(super) found: usize,
    pub(super) seconds: f64,
    pub(super) not_applicable: Vec<(&'static str, &'static str)>,
    pub(super) controls: Vec<Control>,
    pub(super) rows: Vec<Row>,
}

impl Summary {
    pub(super) fn of(
        rows: &[Row],
        controls: &BTreeMap<String, Result<Vec<String>, String>>,
        took: Duration,
    ) -> Self {
        let control = |(profile, told): (&String, &Result<Vec<String>, String>)| Control {
            profile: profile.clone(),
            clean: told.as_ref().is_ok_and(Vec::is_empty),
            told: match told {
                Ok(broken) => broken.clone(),
                Err(error) => vec![error.clone()],
            },
        };
        Self {
            planted: rows.len(),
            found: rows.iter().filter(|row| row.is_found()).count(),
            seconds: took.as_secs_f64(),
            not_applicable: NOT_APPLICABLE.to_vec(),
            controls: controls.iter().map(control).collect(),
            rows: rows.to_vec(),
        }
    }

    /// Whether every bug was found and no clean run complained: with a checker that does, a finding means nothing.
    pub(super) fn holds(&self) -> bool {
        self.found == self.planted && self.planted > 0 && self.controls.iter().all(|control| control.clean)
    }

    /// The longest search that came to its end.
    pub(super) fn slowest(&self) -> f64 {
        let found = self.rows.iter().filter(|row| row.is_found());
        found.map(|row| row.seconds).fold(0.0, f64::max)
    }

    pub(super) fn markdown(&self) -> String {
        let mut text = format!(
            "# Selftest: {} of {} planted bugs found\n\n\
             A bug counts as found when one of the named invariants says so, in a kind of run that is clean without it.\n\n\
             | bug | what | must fire | run | found | seconds | operations | runs |\n|---|---|---|---|---|---|---|---|\n",
            self.found, self.planted
        );
        for row in &self.rows {
            let found = match &row.found {
                Found::By(invariant) => format!("yes, by {invariant}"),
                Found::Otherwise(others) => format!("**no**, only {}", others.join(", ")),
                Found::Not => "**no**".to_owned(),
                Found::Failed(error) => format!("**no**: {error}"),
            };
            let by = row.by.join(" or ");
            let _ = writeln!(
                text,
                "| {} | {} | {by} | {} | {found} | {:.0} | {} | {} |",
                row.bug, row.says, row.profile, row.seconds, row.ops, row.rounds
            );
        }
        text.push_str("\nNot applicable:\n\n");
        for (bug, why) in &self.not_applicable {
            let _ = writeln!(text, "* {bug}: {why}");
        }
        text.push_str("\nThe same runs without a bug:\n\n");
        for control in &self.controls {
            let told = if control.clean {
                "clean".to_owned()
            } else {
                format!("**{}**", control.told.join(", "))
            };
            let _ = writeln!(text, "* {}: {told}", control.profile);
        }
        text.push_str("\nFirst findings:\n\n");
        for row in self.rows.iter().filter(|row| !row.example.is_empty()) {
            let _ = writeln!(text, "* {}: {}", row.bug, row.example);
        }
        text
    }

    /// Writes `selftest.md` and `selftest.json`.
    pub(super) fn write(&self, dir: &Path) -> anyhow::Result<()> {
        std::fs::write(dir.join("selftest.md"), self.markdown())?;
        std::fs::write(dir.join("selftest.json"), serde_json::to_vec_pretty(self)?)?;
        Ok(())
    }
}
