//! The ledger of proofs: `proof/ledger.jsonl`, one line for each run of a command that proves something, only ever
//! appended to. The scorecard ([`crate::scorecard`]) is generated from it, and from nothing else.
//!
//! A command writes a line when it was asked to with `--ledger FILE`, whatever the run found:
//!
//! ```no_run
//! use kasauti::ledger::{self, Kind, Line};
//!
//! # fn main() -> anyhow::Result<()> {
//! let line = Line::new(Kind::Crashpoints, 184.2)
//!     .whole(true)
//!     .violations(0)
//!     .count("points.B", 312)
//!     .count("survived.B", 312);
//! ledger::append(std::path::Path::new("proof/ledger.jsonl"), &line)?;
//! # Ok(())
//! # }
//! ```
//!
//! # Names of counts
//!
//! The scorecard reads these; others may be added and are kept.
//!
//! | kind | count | says |
//! |---|---|---|
//! | `run` | `restarts`, `restart.max_ms` | roles that were killed or ended and served again; the slowest |
//! | `run` | `pg_restarts`, `pg_restart.max_ms` | the same of PostgreSQL, until every role was ready |
//! | `run` | `quiescence_ms` | until rest after the last fault, but for messages that wait for their turn at the provider; absent when there was none |
//! | `run` | `quiescence.turns_ms` | until those were sent too: one message in six seconds to a phone |
//! | `run` | `sometimes.seen`, `sometimes.all` | things a good run sees, of those that can be seen |
//! | `run` | `invariants.held`, `invariants.all` | invariants that were looked at and held |
//! | `run` | `replays`, `replay.violations` | repeated requests; what was wrong with them (I14, I15) |
//! | `run` | `duplicates`, `duplicate.violations` | webhooks delivered again; orders doubled (I1, I4) |
//! | `run` | `log.lines`, `log.leaks` | what was looked at for phones and secrets (I20), and found |
//! | `crashpoints` | `points.A` … `points.D`, `survived.A` … `survived.D` | by mode |
//! | `crashpoints` | `points.pairs`, `survived.pairs` | pairs of two points |
//! | `selftest` | `planted`, `found`, `slowest_seconds` | bugs; found by their invariant; the longest search |
//! | `abuse` | `cases`, `failed` | inputs that were tried; that did not hold |
//! | `bench` | `goal.G1`, … | medians beside the goals; `bad`: operations that ended wrong |
//! | `matrix` | `cells`, `recovered`, `slowest_recovery_ms` | of the degradation matrix |
//! | `matrix` | `redis.added_ms`, `redis.errors`, `redis.serving_ms` | orders while Redis is dead |
//! | `matrix` | `postgresql.recovery_ms` | from the end of the fault, slowest cell |
//! | `matrix` | `ack.down_p99_ms` | acknowledgement of a webhook while one service is down |
//! | `fuzz` | `fuzz.executions`, `fuzz.targets`, `fuzz.crashes` | inputs made by a fuzzer |

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::Command;

use anyhow::Context as _;
use serde::{Deserialize, Serialize};

mod from_run;
#[cfg(test)]
mod tests;

pub use from_run::of_run;

/// What was run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// `kasauti run`: actors under faults.
    Run,
    /// `kasauti crashpoints`: every statement and every edge.
    Crashpoints,
    /// `kasauti selftest`: planted bugs.
    Selftest,
    /// `kasauti abuse`: bad input.
    Abuse,
    /// `kasauti bench`: speed.
    Bench,
    /// `kasauti matrix`: every dependency broken in every way.
    Matrix,
    /// `kasauti fuzz`: inputs that a fuzzer steers.
    Fuzz,
}

/// One run of one command.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// When it ended, RFC 3339 in UTC, whole seconds.
    pub at: String,
    /// Commit of the tree that it was run in, twelve digits, with `+` behind it when files differ from the commit;
    /// empty outside a repository.
    pub sha: String,
    /// What was run.
    pub kind: Kind,
    /// Whether all of it was done, not a selection: `--only`, `--class`, `--quick` and the like make a part of it; a
    /// bench is whole when each of its cases is.
    pub whole: bool,
    /// Seeds, when there are any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seeds: Vec<u64>,
    /// Acknowledged operations.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub ops: u64,
    /// Faults by kind.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub faults: BTreeMap<String, u64>,
    /// How long it took.
    pub seconds: f64,
    /// What did not hold: violated cases of invariants, failed inputs, points not survived, bugs not found, cells that
    /// did not recover.
    pub violations: u64,
    /// Other figures by name; the names are those of the module's table.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub counts: BTreeMap<String, f64>,
}

fn is_zero(number: &u64) -> bool {
    *number == 0
}

impl Line {
    /// A part of a kind that ended now and took so many seconds, with nothing wrong and nothing counted. The commit is
    /// that of the repository around the working directory.
    #[must_use]
    pub fn new(kind: Kind, seconds: f64) -> Self {
        Self {
            at: now(),
            sha: commit().unwrap_or_default(),
            kind,
            whole: false,
            seeds: Vec::new(),
            ops: 0,
            faults: BTreeMap::new(),
            seconds: (seconds * 10.0).round() / 10.0,
            violations: 0,
            counts: BTreeMap::new(),
        }
    }

    /// Whether all of it was done.
    #[must_use]
    pub fn whole(mut self, whole: bool) -> Self {
        self.whole = whole;
        self
    }

    /// Adds a seed.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seeds.push(seed);
        self
    }

    /// Acknowledged operations.
    #[must_use]
    pub fn ops(mut self, ops: u64) -> Self {
        self.ops = ops;
        self
    }

    /// Adds faults of a kind.
    #[must_use]
    pub fn fault(mut self, kind: &str, n: u64) -> Self {
        *self.faults.entry(kind.to_owned()).or_default() += n;
        self
    }

    /// What did not hold.
    #[must_use]
    pub fn violations(mut self, n: u64) -> Self {
        self.violations = n;
        self
    }

    /// Sets a whole number.
    #[must_use]
    pub fn count(self, name: &str, n: u64) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
        let figure = n as f64;
        self.figure(name, figure)
    }

    /// Sets a figure, kept to three decimals; one that is not finite is left out.
    #[must_use]
    pub fn figure(mut self, name: &str, value: f64) -> Self {
        if value.is_finite() {
            self.counts
                .insert(name.to_owned(), (value * 1000.0).round() / 1000.0);
        }
        self
    }

    /// A count by its name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<f64> {
        self.counts.get(name).copied()
    }

    /// Faults of all kinds.
    #[must_use]
    pub fn faults_sum(&self) -> u64 {
        self.faults.values().sum()
    }

    /// The day that it ended on, `2026-11-22`.
    #[must_use]
    pub fn day(&self) -> &str {
        self.at.split('T').next().unwrap_or_default()
    }
}

/// Appends a line; the file is made when there is none. The line is in the file, in one write, when this returns.
///
/// # Errors
/// When the file cannot be written.
pub fn append(path: &Path, line: &Line) -> anyhow::Result<()> {
    let mut text = serde_json::to_vec(line)?;
    text.push(b'\n');
    let file = std::fs::OpenOptions::new().create(true).append(true).open(path);
    let mut file = file.with_context(|| format!("cannot write {}", path.display()))?;
    file.write_all(&text)
        .with_context(|| format!("cannot write {}", path.display()))
}

/// All lines, oldest first. Empty lines are passed over.
///
/// # Errors
/// When the file cannot be read or a line in it is none.
pub fn read(path: &Path) -> anyhow::Result<Vec<Line>> {
    let file = std::fs::File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut lines = Vec::new();
    for (n, text) in BufReader::new(file).lines().enumerate() {
        let text = text?;
        if text.trim().is_empty() {
            continue;
        }
        let line = serde_json::from_str(&text);
        lines.push(line.with_context(|| format!("line {} of {}", n + 1, path.display()))?);
    }
    Ok(lines)
}

fn now() -> String {
    #[expect(clippy::disallowed_methods, reason = "a line says when it was written")]
    let now = chrono::Utc::now();
    now.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// What is generated from a ledger, and the ledger, differ after every run: they do not make a tree another one.
const GENERATED: [&str; 5] = [
    ".",
    ":(top,exclude)proof/ledger.jsonl",
    ":(top,exclude)proof/SCORECARD.md",
    ":(top,exclude)docs/degradation.md",
    ":(top,exclude)bench",
];

fn commit() -> Option<String> {
    let sha = git(&["rev-parse", "--short=12", "HEAD"])?;
    let mut status = vec!["status", "--porcelain", "--untracked-files=no", "--"];
    status.extend(GENERATED);
    let changed = !git(&status)?.is_empty();
    Some(if changed { format!("{sha}+") } else { sha })
}

fn git(args: &[&str]) -> Option<String> {
    let told = Command::new("git").args(args).output().ok()?;
    told.status
        .success()
        .then(|| String::from_utf8_lossy(&told.stdout).trim().to_owned())
}
