//! A line from a stored run and its verdict.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use super::{Kind, Line};
use crate::check::{Standing, Verdict};
use crate::history::{self, Event, Phase};

/// The line of a run that was checked.
///
/// # Errors
/// When its history cannot be read.
pub fn of_run(dir: &Path, seed: u64, verdict: &Verdict, seconds: f64) -> anyhow::Result<Line> {
    let events = history::read(dir)?;
    let aborted = events.iter().any(|event| is_mark(event, "aborted"));
    let wrong: u64 = verdict.findings.iter().map(|finding| finding.violations).sum();
    let mut line = Line::new(Kind::Run, seconds)
        .whole(!aborted)
        .seed(seed)
        .ops(verdict.totals.acknowledged)
        .violations(wrong);
    line = faults(line, &events);
    line = restarts(line, &events);
    line = repeated(line, &events, verdict);
    if let Some(v) = marks(&events, "quiescent").last()
        && let Some(waited) = ms(v, "waited_ms")
    {
        line = line.count("quiescence_ms", ms(v, "own_ms").unwrap_or(waited));
        line = line.count("quiescence.turns_ms", waited);
    }
    let visible = || verdict.sometimes.iter().filter_map(|counter| counter.seen);
    line = line
        .count(
            "sometimes.seen",
            number(visible().filter(|seen| *seen > 0).count()),
        )
        .count("sometimes.all", number(visible().count()));
    let held = |finding: &&crate::check::Finding| finding.standing == Standing::Held;
    line = line
        .count(
            "invariants.held",
            number(verdict.findings.iter().filter(held).count()),
        )
        .count("invariants.all", number(verdict.findings.len()));
    if let Some(leaks) = verdict.finding("I20") {
        line = line
            .count("log.lines", leaks.cases)
            .count("log.leaks", leaks.violations);
    }
    Ok(line)
}

fn faults(mut line: Line, events: &[Event]) -> Line {
    let mut kinds: BTreeMap<&str, u64> = BTreeMap::new();
    for event in events.iter().filter(|event| event.ph == Phase::Fault) {
        *kinds.entry(&event.f).or_default() += 1;
    }
    for (kind, n) in kinds {
        line = line.fault(kind, n);
    }
    line
}

/// Roles and PostgreSQL apart: what serves again after a kill has other bounds than what waited for its database.
fn restarts(mut line: Line, events: &[Event]) -> Line {
    let of = |postgres: bool| {
        let own = move |v: &&Value| v["svc"] != "redis" && (v["svc"] == "postgres") == postgres;
        marks(events, "restarted").filter(own)
    };
    let roles: Vec<u64> = of(false).filter_map(|v| ms(v, "ms")).collect();
    let servers: Vec<u64> = of(true)
        .filter_map(|v| ms(v, "mesh_ready_ms").or_else(|| ms(v, "ms")))
        .collect();
    for (all, many, slowest) in [
        (roles, "restarts", "restart.max_ms"),
        (servers, "pg_restarts", "pg_restart.max_ms"),
    ] {
        if let Some(max) = all.iter().max() {
            line = line.count(many, number(all.len())).count(slowest, *max);
        }
    }
    line
}

fn repeated(line: Line, events: &[Event], verdict: &Verdict) -> Line {
    let asked = |f: &str| {
        let of = |event: &&Event| event.ph == Phase::Invoke && event.f == f;
        number(events.iter().filter(of).count())
    };
    let wrong = |ids: [&str; 2]| {
        let of = ids.iter().filter_map(|id| verdict.finding(id));
        of.map(|finding| finding.violations).sum()
    };
    line.count("replays", asked("replay") + asked("reuse"))
        .count("replay.violations", wrong(["I14", "I15"]))
        .count("duplicates", asked("dup") + asked("twin"))
        .count("duplicate.violations", wrong(["I1", "I4"]))
}

fn is_mark(event: &Event, what: &str) -> bool {
    event.ph == Phase::Mark && event.f == what
}

fn marks<'a>(events: &'a [Event], what: &'a str) -> impl Iterator<Item = &'a Value> {
    events
        .iter()
        .filter(move |event| is_mark(event, what))
        .map(|event| &event.v)
}

fn ms(v: &Value, name: &str) -> Option<u64> {
    v[name].as_u64()
}

fn number(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}
