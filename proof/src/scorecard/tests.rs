use std::path::Path;

use super::*;
use crate::ledger::{Kind, Line};

#[test]
fn the_scorecard_in_the_tree_is_what_its_ledger_gives() {
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    let wanted = of(&home.join("ledger.jsonl")).expect("the ledger of the tree");
    let found = std::fs::read_to_string(home.join("SCORECARD.md")).expect("the scorecard of the tree");
    assert!(
        found == wanted,
        "proof/SCORECARD.md is not what proof/ledger.jsonl gives: run `kasauti scorecard`"
    );
}

fn measured(text: &str, n: usize) -> String {
    let row = text.lines().find(|line| line.starts_with(&format!("| {n} |")));
    let row = row.expect("every row is there");
    row.trim_end_matches(" |")
        .rsplit(" | ")
        .next()
        .unwrap_or_default()
        .to_owned()
}

fn line(kind: Kind, at: &str) -> Line {
    Line {
        at: format!("{at}T10:00:00Z"),
        sha: "abc".to_owned(),
        ..Line::new(kind, 1800.0).whole(true)
    }
}

#[test]
fn an_empty_ledger_measures_nothing() {
    let text = markdown(&[]);
    for n in 1..=30 {
        assert_eq!(measured(&text, n), NOTHING, "row {n}");
    }
    assert!(text.contains("0 of 30 figures"), "{text}");
}

#[test]
fn runs_are_added_up_and_the_newest_speaks() {
    let first = line(Kind::Run, "2026-01-01")
        .ops(6000)
        .fault("kill", 120)
        .violations(2)
        .count("restarts", 3)
        .count("restart.max_ms", 2500)
        .count("replays", 900)
        .count("invariants.held", 20)
        .count("invariants.all", 26);
    let second = line(Kind::Run, "2026-01-02")
        .ops(7000)
        .fault("stop", 121)
        .count("restarts", 2)
        .count("restart.max_ms", 900)
        .count("replays", 400)
        .count("replay.violations", 1)
        .count("invariants.held", 22)
        .count("invariants.all", 26);
    let text = markdown(&[first, second]);
    assert_eq!(
        measured(&text, 6),
        "1.0 h in 2 runs, 241 faults, 13,000 operations, 2 violations, the last (2026-01-01, abc), \
         none in the 1 runs since; until 2026-01-02"
    );
    assert!(measured(&text, 7).starts_with("121 faults, 7,000 acknowledged operations, 0 violations"));
    assert_eq!(
        measured(&text, 10),
        "22 of 26 looked at and held (2026-01-02, abc)"
    );
    assert_eq!(measured(&text, 14), "slowest of 5: 2.5 s");
    assert_eq!(measured(&text, 21), "1,300, 1 wrong");
    assert_eq!(measured(&text, 5), NOTHING);
}

#[test]
fn a_part_does_not_stand_for_the_whole() {
    let whole = line(Kind::Crashpoints, "2026-01-01")
        .count("points.B", 300)
        .count("survived.B", 299);
    let part = line(Kind::Crashpoints, "2026-01-02")
        .whole(false)
        .count("points.B", 2)
        .count("survived.B", 2);
    let other = line(Kind::Crashpoints, "2026-01-03")
        .count("points.A", 10)
        .count("survived.A", 10);
    let text = markdown(&[whole, part, other]);
    assert_eq!(measured(&text, 5), "A 10 of 10, B 299 of 300 (2026-01-03, abc)");
}

#[test]
fn both_halves_of_a_row_are_told() {
    let bench = line(Kind::Bench, "2026-01-01").figure("goal.G6", 2.45);
    let matrix = line(Kind::Matrix, "2026-01-02")
        .figure("ack.down_p99_ms", 12.2)
        .count("postgresql.recovery_ms", 3100)
        .count("redis.added_ms", 4)
        .count("redis.errors", 0)
        .count("redis.serving_ms", 120);
    let text = markdown(&[bench, matrix]);
    let both = measured(&text, 30);
    assert!(both.starts_with("2.5 ms") || both.starts_with("2.4 ms"), "{both}");
    assert!(both.contains("12 ms with one service down"), "{both}");
    assert!(measured(&text, 15).contains("≤ 3.1 s"));
    assert!(measured(&text, 16).starts_with("4.0 ms added, 0 errors, serving after 120 ms"));
}
