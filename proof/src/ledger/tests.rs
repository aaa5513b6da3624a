use serde_json::json;

use super::*;
use crate::check::{Counter, Finding, Standing, Totals, Verdict};
use crate::history::{Entry, Phase, Recorder};

fn here(name: &str) -> std::path::PathBuf {
    let dir = std::env::temp_dir().join(format!("kasauti-ledger-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&dir).expect("a directory");
    dir
}

#[test]
fn what_is_appended_is_read_again_in_order() {
    let dir = here("append");
    let path = dir.join("ledger.jsonl");
    let first = Line::new(Kind::Crashpoints, 12.345)
        .whole(true)
        .violations(1)
        .count("points.B", 312)
        .count("survived.B", 311);
    let second = Line::new(Kind::Run, 1.0)
        .seed(7)
        .ops(600)
        .fault("kill", 2)
        .fault("kill", 1)
        .figure("odd", f64::NAN);
    append(&path, &first).expect("written");
    append(&path, &second).expect("written");
    let read = read(&path).expect("both");
    assert_eq!(read, [first, second]);
    assert_eq!((read[0].seconds, read[0].get("survived.B")), (12.3, Some(311.0)));
    assert_eq!((read[1].faults_sum(), read[1].get("odd")), (3, None));
    assert_eq!(read[1].day().len(), 10);
    std::fs::remove_dir_all(dir).expect("ours");
}

#[test]
fn a_line_that_is_none_is_named() {
    let dir = here("broken");
    let path = dir.join("ledger.jsonl");
    append(&path, &Line::new(Kind::Abuse, 1.0)).expect("written");
    let mut text = std::fs::read_to_string(&path).expect("read");
    text.push_str("\n{\"kind\":\"abuse\"}\n");
    std::fs::write(&path, text).expect("written");
    let told = read(&path).expect_err("no line").to_string();
    assert!(told.contains("line 3"), "{told}");
    std::fs::remove_dir_all(dir).expect("ours");
}

fn verdict() -> Verdict {
    let finding = |invariant: &str, standing, cases, violations| Finding {
        invariant: invariant.to_owned(),
        says: String::new(),
        standing,
        cases,
        violations,
        reason: String::new(),
    };
    let counter = |seen| Counter {
        name: String::new(),
        seen,
    };
    Verdict {
        held: false,
        totals: Totals {
            acknowledged: 600,
            ..Totals::default()
        },
        findings: vec![
            finding("I4", Standing::Violated, 10, 2),
            finding("I14", Standing::Held, 5, 0),
            finding("I20", Standing::Held, 4000, 0),
            finding("I23", Standing::NotCovered, 0, 0),
        ],
        violations: Vec::new(),
        sometimes: vec![counter(Some(3)), counter(Some(0)), counter(None)],
        recoveries: Vec::new(),
        selftest: String::new(),
    }
}

#[test]
fn a_run_becomes_a_line() {
    let dir = here("run");
    let recorder = Recorder::create(&dir).expect("a history");
    let mark = |f: &str, v| recorder.record(Entry::plain("run", Phase::Mark, f, v));
    recorder.record(Entry::plain("nem", Phase::Fault, "kill", json!({"svc": "order"})));
    mark(
        "restarted",
        json!({"svc": "order", "ms": 700, "budget_ms": 10_000}),
    );
    mark(
        "restarted",
        json!({"svc": "credit", "ms": 900, "budget_ms": 10_000}),
    );
    mark(
        "restarted",
        json!({"svc": "postgres", "ms": 400, "mesh_ready_ms": 2100}),
    );
    recorder.record(Entry::plain("r01", Phase::Invoke, "dup", json!({})));
    mark("quiescent", json!({"waited_ms": 4200, "own_ms": 1200}));
    let line = of_run(&dir, 7, &verdict(), 61.0).expect("a line");
    assert!(line.whole);
    assert_eq!((line.ops, line.violations, line.faults["kill"]), (600, 2, 1));
    for (name, wanted) in [
        ("restarts", 2.0),
        ("restart.max_ms", 900.0),
        ("pg_restart.max_ms", 2100.0),
        ("duplicates", 1.0),
        ("duplicate.violations", 2.0),
        ("replays", 0.0),
        ("quiescence_ms", 1200.0),
        ("quiescence.turns_ms", 4200.0),
        ("sometimes.seen", 1.0),
        ("sometimes.all", 2.0),
        ("invariants.held", 2.0),
        ("invariants.all", 4.0),
        ("log.lines", 4000.0),
    ] {
        assert_eq!(line.get(name), Some(wanted), "{name}");
    }
    recorder.record(Entry::plain("run", Phase::Mark, "aborted", json!({})));
    assert!(!of_run(&dir, 7, &verdict(), 61.0).expect("a line").whole);
    std::fs::remove_dir_all(dir).expect("ours");
}
