//! The thirty figures, and where each of them comes from.

use super::book::{Book, source, time, whole};
use crate::ledger::{Kind, Line};

/// A row of the scorecard.
pub(super) struct Row {
    pub(super) what: &'static str,
    pub(super) aim: &'static str,
    /// Its figure, or nothing.
    pub(super) figure: fn(&Book<'_>) -> Option<String>,
}

const fn row(what: &'static str, aim: &'static str, figure: fn(&Book<'_>) -> Option<String>) -> Row {
    Row { what, aim, figure }
}

/// No command measures it.
fn none(_: &Book<'_>) -> Option<String> {
    None
}

/// In the order of their numbers.
pub(super) const ROWS: [Row; 30] = [
    row(
        "Deterministic simulation, total",
        "10,000 simulated hours, 0 open violations",
        none,
    ),
    row(
        "Speed of simulation",
        "≥ 300 × real time with the real saga",
        none,
    ),
    row("Faults injected in simulation", "≥ 10,000,000", none),
    row("Seeds reproducing bit for bit", "100 %", none),
    row(
        "Crash points enumerated and survived",
        "100 % of modes A–D on every service and edge, 500 pairs a night",
        crash_points,
    ),
    row(
        "Real-process nemesis, total",
        "≥ 24 h, ≥ 40,000 faults, ≥ 2,000,000 operations, 0 violations",
        nemesis_total,
    ),
    row(
        "Nemesis per commit",
        "≥ 120 faults, 6,000 acknowledged operations",
        nemesis_last,
    ),
    row("Planted bugs found ≤ 10 min", "32 of 32", planted),
    row("Things that a good run sees, seen in a run", "≥ 98 %", sometimes),
    row("Invariant passes over stored data", "26", invariants),
    row("Bad inputs tried, fixed", "≥ 2,100, none fails", bad_inputs),
    row(
        "Fuzz executions, total",
        "≥ 1,000,000,000 over ≥ 10 targets, 0 open crashes",
        fuzz,
    ),
    row(
        "Mutation score, domain crates",
        "≥ 90 %, survivors explained",
        none,
    ),
    row("Serving again after kill -9 of a service", "≤ 10 s", |book| {
        slowest(book, Kind::Run, "restart.max_ms", "restarts")
    }),
    row("Serving again after PostgreSQL is killed", "≤ 30 s", postgresql),
    row(
        "Redis death: added latency, errors",
        "≤ 60 ms, 0 errors, serving ≤ 5 s",
        redis,
    ),
    row("Quiescence after the last fault", "≤ 120 s", quiescence),
    row(
        "Goodput at 3 × load",
        "≥ 80 % of the peak, retries ≤ 1.1 ×",
        overload,
    ),
    row(
        "Slowloris, 2,000 connections beside normal load",
        "all closed ≤ 11 s, p99 of others +20 % at most",
        none,
    ),
    row(
        "Rapid reset, 100,000 streams",
        "survives, memory + ≤ 32 MiB",
        none,
    ),
    row(
        "Idempotent replays (same key)",
        "100,000, 0 double effects",
        |book| repeated(book, "replays", "replay.violations"),
    ),
    row(
        "Duplicate and replayed webhooks",
        "1,000,000, 0 double orders",
        |book| repeated(book, "duplicates", "duplicate.violations"),
    ),
    row(
        "Limit races (orders on one account at the edge)",
        "10,000,000 attempts, 0 over",
        none,
    ),
    row("ASVS 5.0 (297 applicable)", "L1 65 of 65, L2 ≥ 145 of 152", none),
    row(
        "Authorisation matrix",
        "100 % of routes × roles × own and foreign",
        none,
    ),
    row(
        "Personal data in the logs of runs",
        "0 over ≥ 100,000,000 lines",
        leaks,
    ),
    row("Restore drill", "every commit, RPO ≤ 5 min, RTO ≤ 60 min", none),
    row(
        "Known advisories, unsafe in our code, git dependencies",
        "0, 0, 0",
        none,
    ),
    row(
        "Zero-downtime upgrade under load",
        "both ways, 0 failed acknowledgements",
        none,
    ),
    row(
        "Webhook acknowledgement p99 (no fault; one service down)",
        "50 ms; 200 ms",
        acknowledgement,
    ),
];

fn crash_points(book: &Book<'_>) -> Option<String> {
    let mut parts = Vec::new();
    let mut newest: Option<&Line> = None;
    for mode in ["A", "B", "C", "D", "pairs"] {
        let found = book.newest(Kind::Crashpoints, &format!("points.{mode}"));
        let Some((line, points)) = found.filter(|(_, points)| *points > 0.0) else {
            continue;
        };
        let survived = line.get(&format!("survived.{mode}")).unwrap_or(0.0);
        parts.push(format!("{mode} {} of {}", whole(survived), whole(points)));
        if newest.is_none_or(|known| known.at < line.at) {
            newest = Some(line);
        }
    }
    let newest = newest?;
    Some(format!("{} {}", parts.join(", "), source(newest)))
}

fn nemesis_total(book: &Book<'_>) -> Option<String> {
    let runs: Vec<&Line> = book.all(Kind::Run).collect();
    let last = runs.last()?;
    let hours = runs.iter().map(|line| line.seconds).sum::<f64>() / 3600.0;
    let sum = |of: fn(&Line) -> u64| {
        #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
        let sum = runs.iter().map(|line| of(line)).sum::<u64>() as f64;
        whole(sum)
    };
    let mut text = format!(
        "{hours:.1} h in {} runs, {} faults, {} operations, {} violations",
        runs.len(),
        sum(Line::faults_sum),
        sum(|line| line.ops),
        sum(|line| line.violations)
    );
    if let Some(place) = runs.iter().rposition(|line| line.violations > 0) {
        let found = runs[place];
        text.push_str(&format!(
            ", the last {}, none in the {} runs since",
            source(found),
            runs.len() - place - 1
        ));
    }
    Some(format!("{text}; until {}", last.day()))
}

fn nemesis_last(book: &Book<'_>) -> Option<String> {
    let line = book.all(Kind::Run).rev().find(|line| line.whole)?;
    #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
    let (faults, ops) = (line.faults_sum() as f64, line.ops as f64);
    Some(format!(
        "{} faults, {} acknowledged operations, {} violations in {:.0} s {}",
        whole(faults),
        whole(ops),
        line.violations,
        line.seconds,
        source(line)
    ))
}

pub(super) fn planted(book: &Book<'_>) -> Option<String> {
    // some bugs alone are no score
    let line = book.all(Kind::Selftest).rev().find(|line| line.whole)?;
    let planted = line.get("planted")?;
    let found = line.get("found")?;
    let slowest = line
        .get("slowest_seconds")
        .map(|seconds| format!(", the slowest after {seconds:.0} s"));
    Some(format!(
        "{found:.0} of {planted:.0}{} {}",
        slowest.unwrap_or_default(),
        source(line)
    ))
}

fn sometimes(book: &Book<'_>) -> Option<String> {
    let (line, all) = book.newest(Kind::Run, "sometimes.all")?;
    let seen = line.get("sometimes.seen")?;
    let percent = 100.0 * seen / all.max(1.0);
    Some(format!("{percent:.0} % ({seen:.0} of {all:.0}) {}", source(line)))
}

fn invariants(book: &Book<'_>) -> Option<String> {
    let (line, all) = book.newest(Kind::Run, "invariants.all")?;
    let held = line.get("invariants.held")?;
    Some(format!(
        "{held:.0} of {all:.0} looked at and held {}",
        source(line)
    ))
}

fn bad_inputs(book: &Book<'_>) -> Option<String> {
    let (line, cases) = book.newest(Kind::Abuse, "cases")?;
    let failed = line.get("failed")?;
    Some(format!(
        "{}, {} failed {}",
        whole(cases),
        whole(failed),
        source(line)
    ))
}

fn fuzz(book: &Book<'_>) -> Option<String> {
    let executions = book.sum_of_all("fuzz.executions")?;
    let found = book.sum_of_all("fuzz.crashes").unwrap_or(0.0);
    let open = book.newest(Kind::Fuzz, "fuzz.crashes");
    let open = open.map_or(String::new(), |(line, open)| {
        format!(", {} in the last run {}", whole(open), source(line))
    });
    Some(format!(
        "{}, {} crashes found{open}",
        whole(executions),
        whole(found)
    ))
}

fn slowest(book: &Book<'_>, kind: Kind, count: &str, many: &str) -> Option<String> {
    let (max, n) = book.slowest(kind, count, many)?;
    Some(format!("slowest of {}: {}", whole(n), time(max)))
}

fn postgresql(book: &Book<'_>) -> Option<String> {
    let killed = slowest(book, Kind::Run, "pg_restart.max_ms", "pg_restarts");
    let healed = book
        .newest(Kind::Matrix, "postgresql.recovery_ms")
        .map(|(line, ms)| {
            format!(
                "after down, slow, flapping and garbled connections ≤ {} {}",
                time(ms),
                source(line)
            )
        });
    let told: Vec<String> = [killed, healed].into_iter().flatten().collect();
    (!told.is_empty()).then(|| told.join("; "))
}

fn redis(book: &Book<'_>) -> Option<String> {
    let (line, added) = book.newest(Kind::Matrix, "redis.added_ms")?;
    let (errors, serving) = (line.get("redis.errors")?, line.get("redis.serving_ms")?);
    Some(format!(
        "{} added, {} errors, serving after {} {}",
        time(added),
        whole(errors),
        time(serving),
        source(line)
    ))
}

fn quiescence(book: &Book<'_>) -> Option<String> {
    let (max, _) = book.slowest(Kind::Run, "quiescence_ms", "quiescence_ms")?;
    let never = book
        .all(Kind::Run)
        .filter(|line| line.whole && line.get("quiescence_ms").is_none())
        .count();
    let never = if never == 0 {
        String::new()
    } else {
        format!(", {never} runs without rest")
    };
    let turns = book.slowest(Kind::Run, "quiescence.turns_ms", "quiescence.turns_ms");
    let turns = turns.map_or(String::new(), |(max, _)| {
        format!(
            ", with messages that waited for WhatsApp's pace to one phone {}",
            time(max)
        )
    });
    Some(format!("slowest of the newest runs: {}{turns}{never}", time(max)))
}

fn overload(book: &Book<'_>) -> Option<String> {
    let (line, kept) = book.newest(Kind::Bench, "goal.P11")?;
    let away = line
        .get("goal.P11r")
        .map(|ms| format!(", the others turned away in {} (p99)", time(ms)));
    Some(format!(
        "{:.0} % of the peak{} {}",
        kept * 100.0,
        away.unwrap_or_default(),
        source(line)
    ))
}

fn repeated(book: &Book<'_>, many: &str, wrong: &str) -> Option<String> {
    let n = book.sum(Kind::Run, many)?;
    let wrong = book.sum(Kind::Run, wrong).unwrap_or(0.0);
    Some(format!("{}, {} wrong", whole(n), whole(wrong)))
}

fn leaks(book: &Book<'_>) -> Option<String> {
    let lines = book.sum(Kind::Run, "log.lines")?;
    let leaks = book.sum(Kind::Run, "log.leaks").unwrap_or(0.0);
    Some(format!("{} over {} lines", whole(leaks), whole(lines)))
}

fn acknowledgement(book: &Book<'_>) -> Option<String> {
    let calm = book
        .newest(Kind::Bench, "goal.G6")
        .map(|(line, ms)| format!("{} at half of the peak {}", time(ms), source(line)));
    let down = book
        .newest(Kind::Matrix, "ack.down_p99_ms")
        .map(|(line, ms)| format!("{} with one service down {}", time(ms), source(line)));
    let told: Vec<String> = [calm, down].into_iter().flatten().collect();
    (!told.is_empty()).then(|| told.join("; "))
}
