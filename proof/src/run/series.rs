//! Several runs one after the other, and what came of each.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use serde::Serialize;

use crate::check::Verdict;
use crate::history::{self, Phase};

/// Seeds, in order.
pub type Seeds = Vec<u64>;

/// Reads `1..=20`, `1..21` or `3,5,8`.
///
/// # Errors
/// When it is none of them, or empty.
pub fn seeds(text: &str) -> Result<Seeds, String> {
    let number = |text: &str| {
        text.trim()
            .parse::<u64>()
            .map_err(|error| format!("{text:?}: {error}"))
    };
    let all: Seeds = if let Some((from, to)) = text.split_once("..=") {
        (number(from)?..=number(to)?).collect()
    } else if let Some((from, to)) = text.split_once("..") {
        (number(from)?..number(to)?).collect()
    } else {
        text.split(',').map(number).collect::<Result<_, _>>()?
    };
    if all.is_empty() {
        return Err(format!("{text:?} has no seeds"));
    }
    Ok(all)
}

/// What came of one run.
#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct Row {
    seed: u64,
    /// Whether every invariant held.
    held: bool,
    /// Acknowledged operations of all kinds.
    acknowledged: u64,
    orders: u64,
    faults: u64,
    faults_by_kind: BTreeMap<String, u64>,
    /// Length of the run.
    seconds: u64,
    /// Operations that were refused for certain, in thousandths of all.
    refused_milli: u64,
    /// The longest way back, of roles, PostgreSQL and Redis.
    worst_ms: BTreeMap<String, u64>,
    quiescence_ms: Option<u64>,
    violations: u64,
    broken: Vec<String>,
    /// Why there is no verdict.
    #[serde(skip_serializing_if = "String::is_empty")]
    failed: String,
}

impl Row {
    /// Reads it from a run's verdict and history.
    ///
    /// # Errors
    /// When the history cannot be read.
    pub(super) fn of(seed: u64, dir: &Path, verdict: &Verdict) -> anyhow::Result<Self> {
        let totals = &verdict.totals;
        let mut faults_by_kind = BTreeMap::new();
        for event in history::read(dir)?
            .iter()
            .filter(|event| event.ph == Phase::Fault)
        {
            *faults_by_kind.entry(event.f.clone()).or_default() += 1;
        }
        let stops = |what: &str| !matches!(what, "rest" | "turns");
        let worst = verdict.recoveries.iter().filter(|one| stops(&one.what));
        let rest = verdict.recoveries.iter().find(|one| one.what == "rest");
        Ok(Self {
            seed,
            held: verdict.held,
            acknowledged: totals.acknowledged,
            orders: totals.orders,
            faults: totals.faults,
            faults_by_kind,
            seconds: totals.took_ms / 1000,
            refused_milli: totals.refused * 1000 / totals.operations.max(1),
            worst_ms: worst.map(|one| (one.what.clone(), one.worst_ms)).collect(),
            quiescence_ms: rest.map(|one| one.worst_ms),
            violations: verdict.findings.iter().map(|finding| finding.violations).sum(),
            broken: verdict.broken().into_iter().map(str::to_owned).collect(),
            failed: String::new(),
        })
    }

    /// A run that came to no verdict.
    pub(super) fn failed(seed: u64, why: &str) -> Self {
        Self {
            seed,
            failed: why.to_owned(),
            ..Self::default()
        }
    }

    pub(super) fn held(&self) -> bool {
        self.held && self.failed.is_empty()
    }
}

/// One table for people.
pub(super) fn table(rows: &[Row]) -> String {
    let mut out = String::from(
        "| seed | acknowledged | orders | faults | s | refused % | worst way back, s | rest, s | violations |\n\
         |---|---|---|---|---|---|---|---|---|\n",
    );
    for row in rows {
        if !row.failed.is_empty() {
            let _ = writeln!(out, "| {} | no verdict: {} | | | | | | | |", row.seed, row.failed);
            continue;
        }
        let back = row
            .worst_ms
            .iter()
            .map(|(what, ms)| format!("{what} {}", tenths(*ms)));
        let back = back.collect::<Vec<_>>().join(", ");
        let rest = row.quiescence_ms.map_or("never".to_owned(), tenths);
        let wrong = match row.violations {
            0 => "0".to_owned(),
            n => format!("{n} of {}", row.broken.join(", ")),
        };
        let (seed, acknowledged, orders, faults) = (row.seed, row.acknowledged, row.orders, row.faults);
        let (seconds, refused) = (row.seconds, tenths(row.refused_milli * 100));
        let _ = writeln!(
            out,
            "| {seed} | {acknowledged} | {orders} | {faults} | {seconds} | {refused} | {back} | {rest} | {wrong} |"
        );
    }
    let held = rows.iter().filter(|row| row.held()).count();
    let _ = write!(out, "{held} of {} held", rows.len());
    out
}

fn tenths(milli: u64) -> String {
    format!("{}.{}", milli / 1000, milli % 1000 / 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeds_are_ranges_or_lists() {
        assert_eq!(seeds("1..=3").expect("a range"), [1, 2, 3]);
        assert_eq!(seeds("1..3").expect("a range"), [1, 2]);
        assert_eq!(seeds("8, 5").expect("a list"), [8, 5]);
        assert!(seeds("3..3").is_err() && seeds("x").is_err() && seeds("").is_err());
    }

    #[test]
    fn a_table_shows_what_broke_and_what_failed() {
        let row = Row {
            seed: 4,
            held: false,
            violations: 2,
            broken: vec!["I8".to_owned()],
            refused_milli: 125,
            worst_ms: BTreeMap::from([("redis".to_owned(), 250)]),
            ..Row::default()
        };
        let told = table(&[row.clone(), Row::failed(5, "no port")]);
        assert!(told.contains("| 12.5 | redis 0.2 | never | 2 of I8 |"), "{told}");
        assert!(
            told.contains("| 5 | no verdict: no port |") && told.ends_with("0 of 2 held"),
            "{told}"
        );
        assert!(!row.held() && !Row::failed(1, "x").held());
    }
}
