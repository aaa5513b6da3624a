//! Reports for people: what held, what did not, and for each violation what happened around it.

use std::fmt::Write as _;

use crate::check::input::Run;
use crate::check::{Finding, Standing, Verdict, Violation, about};

mod timeline;

/// Violations whose timeline is written out.
const TOLD: usize = 12;

/// A few lines for a terminal.
pub fn summary(verdict: &Verdict) -> String {
    let mut out = String::new();
    let t = &verdict.totals;
    let _ = writeln!(
        out,
        "{} operations ({} acknowledged, {} refused, {} unknown), {} faults, {} orders, {} snapshots, {} s",
        t.operations,
        t.acknowledged,
        t.refused,
        t.unknown,
        t.faults,
        t.orders,
        t.snapshots,
        t.took_ms / 1000
    );
    for finding in &verdict.findings {
        let _ = writeln!(
            out,
            "{:<4} {:<14} {}",
            finding.invariant,
            word(finding),
            finding.says
        );
    }
    for violation in verdict.violations.iter().take(TOLD) {
        let _ = writeln!(
            out,
            "{} {}: {}",
            violation.invariant, violation.entity, violation.message
        );
    }
    let back = verdict.recoveries.iter().map(|one| {
        let (what, times, worst, bar) = (&one.what, one.times, one.worst_ms, one.budget_ms);
        format!("{what} {worst} of {bar} ms ({times})")
    });
    let _ = writeln!(out, "ways back: {}", back.collect::<Vec<_>>().join(", "));
    let never: Vec<&str> = never(verdict).collect();
    let _ = writeln!(
        out,
        "never seen: {}",
        if never.is_empty() {
            "–".to_owned()
        } else {
            never.join(", ")
        }
    );
    let score = match verdict.selftest.as_str() {
        "" => "not on record",
        score => score,
    };
    let _ = writeln!(out, "planted bugs that these checks find: {score}");
    let wrong: u64 = verdict.findings.iter().map(|finding| finding.violations).sum();
    let _ = match verdict.held {
        true => write!(out, "HELD: no violation"),
        false => write!(
            out,
            "BROKEN: {wrong} violations of {}",
            verdict.broken().join(", ")
        ),
    };
    out
}

fn word(finding: &Finding) -> String {
    match finding.standing {
        Standing::Held => format!("ok ({})", finding.cases),
        Standing::Violated => format!("BROKEN ({})", finding.violations),
        Standing::NotCovered => "not covered".to_owned(),
        Standing::NotApplicable => "not applicable".to_owned(),
    }
}

fn never(verdict: &Verdict) -> impl Iterator<Item = &str> {
    verdict
        .sometimes
        .iter()
        .filter(|counter| counter.seen == Some(0))
        .map(|counter| counter.name.as_str())
}

/// The whole report.
pub(crate) fn markdown(run: &Run, verdict: &Verdict) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "# {}\n", if verdict.held { "Held" } else { "Broken" });
    let _ = writeln!(out, "```\n{}\n```\n", summary(verdict));
    let _ = writeln!(
        out,
        "## Invariants\n\n| | standing | cases | says |\n|---|---|---|---|"
    );
    for finding in &verdict.findings {
        let (id, says) = (&finding.invariant, &finding.says);
        let _ = writeln!(out, "| {id} | {} | {} | {says} |", word(finding), finding.cases);
    }
    let silent = |finding: &&Finding| !finding.reason.is_empty();
    let _ = writeln!(out, "\n### Not looked at\n");
    for finding in verdict.findings.iter().filter(silent) {
        let _ = writeln!(
            out,
            "* **{}** {}: {}",
            finding.invariant,
            word(finding),
            finding.reason
        );
    }
    recoveries(verdict, &mut out);
    violations(run, verdict, &mut out);
    let _ = writeln!(out, "\n## Seen\n\n| what | how often |\n|---|---|");
    for counter in &verdict.sometimes {
        let seen = counter
            .seen
            .map_or("not covered".to_owned(), |seen| seen.to_string());
        let _ = writeln!(out, "| {} | {seen} |", counter.name);
    }
    if !run.meta.is_null() {
        let mut meta = run.meta.clone();
        if let Some(meta) = meta.as_object_mut() {
            // a report may be shown around
            meta.remove("phones");
            meta.remove("secrets");
        }
        let _ = writeln!(out, "\n## The run\n\n```json\n{meta:#}\n```");
    }
    out
}

fn recoveries(verdict: &Verdict, out: &mut String) {
    if verdict.recoveries.is_empty() {
        return;
    }
    let _ = writeln!(
        out,
        "\n## Ways back\n\n| after | measured | longest, ms | bar, ms |\n|---|---|---|---|"
    );
    for one in &verdict.recoveries {
        let (what, times, worst, bar) = (&one.what, one.times, one.worst_ms, one.budget_ms);
        let _ = writeln!(out, "| {what} | {times} | {worst} | {bar} |");
    }
}

fn violations(run: &Run, verdict: &Verdict, out: &mut String) {
    if verdict.violations.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n## Violations\n");
    // one of each invariant first: the first of a hundred alike would hide the others
    let mut told: Vec<&Violation> = Vec::new();
    for violation in &verdict.violations {
        if !told.iter().any(|one| one.invariant == violation.invariant) {
            told.push(violation);
        }
    }
    let rest = verdict
        .violations
        .iter()
        .filter(|violation| !told.contains(violation))
        .collect::<Vec<_>>();
    told.extend(rest);
    for (n, violation) in told.into_iter().enumerate() {
        one(run, violation, n < TOLD, out);
    }
}

fn one(run: &Run, violation: &Violation, whole: bool, out: &mut String) {
    let (owner, liveness) = about(&violation.invariant);
    let class = if liveness { "liveness" } else { "safety" };
    let _ = writeln!(
        out,
        "### {} {}\n\n{}\n",
        violation.invariant, violation.entity, violation.message
    );
    for line in &violation.evidence {
        let _ = writeln!(out, "    {line}");
    }
    if !whole {
        return;
    }
    let story = timeline::of(run, violation);
    let _ = writeln!(
        out,
        "\nClass: {class}. Looks at rows of: {owner}. First suspect: {}.",
        story.suspect(owner)
    );
    if let Some(fault) = &story.last_fault {
        let _ = writeln!(out, "Last fault before it: {fault}.");
    }
    let _ = writeln!(out, "Again: `kasauti check {}`\n\n```", run.dir.display());
    for line in story.lines() {
        let _ = writeln!(out, "{line}");
    }
    let _ = writeln!(out, "```\n");
}
