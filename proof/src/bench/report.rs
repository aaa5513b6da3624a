//! The report for people, and the line for comparing with other days.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

use serde_json::json;

use super::cases::Pair;
use super::suite::{Measured, Outcome};

/// What the report says about itself.
#[derive(Debug, Clone, Default, serde::Serialize)]
pub struct About {
    /// When, RFC 3339 in UTC.
    pub at: String,
    /// What `khaacho --version` said.
    pub version: String,
    /// A word of the caller's.
    pub label: String,
    /// How the mesh was spread.
    pub topology: String,
    /// Processors of the machine.
    pub cores: usize,
    /// Settings that differ from the usual ones.
    pub settings: Vec<String>,
}

/// Writes `report.md` anew and appends a line to `history.jsonl`.
///
/// # Errors
/// When a file cannot be written.
pub fn write(dir: &Path, about: &About, outcome: &Outcome) -> anyhow::Result<()> {
    std::fs::create_dir_all(dir)?;
    std::fs::write(dir.join("report.md"), markdown(about, outcome)?)?;
    let rows: BTreeMap<&str, _> = outcome
        .rows
        .iter()
        .map(|row| (row.id.as_str(), row.value))
        .collect();
    let cases: Vec<_> = outcome.cases.iter().map(brief).collect();
    let counts = outcome
        .counts
        .as_ref()
        .map(|counts| BTreeMap::from(counts.limited()));
    let line =
        json!({"about": about, "ratios": rows, "cases": cases, "idle": outcome.idle, "counts": counts});
    let mut history = std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(dir.join("history.jsonl"))?;
    writeln!(history, "{line}")?;
    Ok(())
}

fn brief(case: &Measured) -> serde_json::Value {
    let pairs: Vec<_> = case
        .pairs
        .iter()
        .map(|pair| {
            let anchors: BTreeMap<&str, f64> = pair
                .before
                .iter()
                .map(|a| (a.name.as_str(), pair.anchor_rate(&a.name)))
                .collect();
            json!({"rate": pair.mesh.ran.summary.rate, "latency": pair.mesh.ran.summary.latency,
                "bad": pair.mesh.ran.summary.bad, "cpu_us": pair.mesh.ran.cpu(), "left": pair.mesh.left,
                "other_rate": pair.other.as_ref().map(|other| other.ran.summary.rate), "anchors": anchors,
                "dropped": pair.dropped})
        })
        .collect();
    json!({"name": case.name, "offered": case.offered, "pairs": pairs})
}

fn markdown(about: &About, outcome: &Outcome) -> Result<String, std::fmt::Error> {
    let mut text = String::new();
    writeln!(text, "# Speed\n")?;
    writeln!(
        text,
        "{} on {} cores, {}, mesh: {}{}. Written by `kasauti bench`; \
         figures are medians (least to greatest) of pairs \
         that count.\n",
        about.version,
        about.cores,
        about.at,
        about.topology,
        if about.label.is_empty() {
            String::new()
        } else {
            format!(", {}", about.label)
        }
    )?;
    if !about.settings.is_empty() {
        writeln!(text, "Settings: `{}`.\n", about.settings.join("` `"))?;
    }
    goals(&mut text, outcome)?;
    for case in &outcome.cases {
        pairs(&mut text, case)?;
    }
    if let Some(idle) = &outcome.idle {
        writeln!(text, "## Idle and start\n\n```\n{idle}\n```\n")?;
    }
    order(&mut text, outcome)?;
    writeln!(text, "## Left out\n")?;
    for sentence in &outcome.left_out {
        writeln!(text, "* {sentence}.")?;
    }
    Ok(text)
}

fn goals(text: &mut String, outcome: &Outcome) -> std::fmt::Result {
    writeln!(
        text,
        "| | figure | reached | must | goal | moonshot | pairs kept / dropped |"
    )?;
    writeln!(text, "|---|---|---|---|---|---|---|")?;
    for row in &outcome.rows {
        let v = row.value;
        let range = if v.kept + v.dropped > 1 {
            format!(" ({:.2} to {:.2})", v.min, v.max)
        } else {
            String::new()
        };
        let [must, goal, moonshot] = row.levels;
        writeln!(
            text,
            "| {} {} | **{:.2}**{range} | {} | {must} | {goal} | {moonshot} | {} / {} |",
            row.id, row.what, v.median, row.reached, v.kept, v.dropped
        )?;
    }
    writeln!(text)
}

fn pairs(text: &mut String, case: &Measured) -> std::fmt::Result {
    writeln!(text, "## {}, {}\n", case.name, case.offered)?;
    writeln!(
        text,
        "| good/s | p50 | p99 | p99.9 | max ms | refused | shed | bad | anchors/s | left | dropped |"
    )?;
    writeln!(text, "|---|---|---|---|---|---|---|---|---|---|---|")?;
    for pair in &case.pairs {
        let (s, l) = (&pair.mesh.ran.summary, &pair.mesh.ran.summary.latency);
        let anchors: Vec<String> = pair
            .before
            .iter()
            .map(|a| format!("{} {:.0}", a.name, pair.anchor_rate(&a.name)))
            .collect();
        let left = format!("{} jobs, {:.1} s", pair.mesh.left.jobs, pair.mesh.left.seconds);
        writeln!(
            text,
            "| {:.0} | {:.2} | {:.2} | {:.2} | {:.1} | {} | {} | {} | {} | {left} | {} |",
            s.rate,
            l.p50,
            l.p99,
            l.p999,
            l.max,
            s.refused,
            s.shed,
            s.bad,
            anchors.join(", "),
            pair.dropped
        )?;
    }
    writeln!(text)?;
    compared(text, case)?;
    if let Some(last) = case.pairs.last() {
        steps(text, last)?;
    }
    Ok(())
}

/// With another program in every pair: which one is faster, and in how many pairs.
fn compared(text: &mut String, case: &Measured) -> std::fmt::Result {
    let mut ratios: Vec<f64> = case
        .pairs
        .iter()
        .filter(|pair| pair.dropped.is_empty())
        .filter_map(|pair| Some(pair.other.as_ref()?.ran.summary.rate / pair.mesh.ran.summary.rate.max(1e-9)))
        .collect();
    if ratios.is_empty() {
        return Ok(());
    }
    ratios.sort_by(f64::total_cmp);
    let faster = ratios.iter().filter(|ratio| **ratio > 1.0).count();
    let median = ratios[ratios.len() / 2];
    writeln!(
        text,
        "The other program ÷ this one: median {median:.3} ({:.3} to {:.3}), \
         faster in {faster} of {} pairs.\n",
        ratios[0],
        ratios[ratios.len() - 1],
        ratios.len()
    )
}

fn steps(text: &mut String, pair: &Pair) -> std::fmt::Result {
    for (step, l) in &pair.mesh.ran.summary.steps {
        writeln!(
            text,
            "{step}: p50 {:.2}, p99 {:.2}, max {:.1} ms.  ",
            l.p50, l.p99, l.max
        )?;
    }
    if !pair.mesh.ran.summary.errors.is_empty() {
        writeln!(text, "Errors: {:?}.  ", pair.mesh.ran.summary.errors)?;
    }
    let cpu = pair.mesh.ran.cpu();
    let total: f64 = cpu.values().sum();
    let parts: Vec<String> = cpu.iter().map(|(name, us)| format!("{name} {us:.0}")).collect();
    writeln!(
        text,
        "Processor µs per operation: {total:.0} = {}.  ",
        parts.join(" + ")
    )?;
    let parts: Vec<String> = pair
        .mesh
        .rss_mb
        .iter()
        .map(|(name, mb)| format!("{name} {mb:.0}"))
        .collect();
    writeln!(text, "Resident MB at the end: {}.\n", parts.join(", "))
}

fn order(text: &mut String, outcome: &Outcome) -> std::fmt::Result {
    let Some(counts) = &outcome.counts else {
        return Ok(());
    };
    writeln!(text, "## What one order costs\n")?;
    writeln!(
        text,
        "{} orders one after the other on an idle mesh, everything that follows from them \
         included; statements by \
         pg_stat_statements, commits and bytes by pg_waldump, calls by `/metrics`.\n",
        counts.orders
    )?;
    writeln!(
        text,
        "| statements | of them begin and commit | commits | gRPC calls | WAL bytes | WAL records |"
    )?;
    writeln!(text, "|---|---|---|---|---|---|")?;
    writeln!(
        text,
        "| {:.1} | {:.1} | {:.1} | {:.1} | {:.0} | {:.0} |\n",
        counts.statements,
        counts.brackets,
        counts.commits,
        counts.grpc_calls,
        counts.wal_bytes,
        counts.wal_records
    )?;
    for (method, calls) in &counts.grpc_by_method {
        writeln!(text, "* {calls:.2} × {method}")?;
    }
    writeln!(
        text,
        "\n| calls | ms each | rows | statement |\n|---|---|---|---|"
    )?;
    for s in counts.by_statement.iter().take(30) {
        let cell = s.text.replace('|', "\\|");
        writeln!(
            text,
            "| {:.2} | {:.3} | {:.1} | `{cell}` |",
            s.calls, s.each_ms, s.rows
        )?;
    }
    writeln!(text)
}
