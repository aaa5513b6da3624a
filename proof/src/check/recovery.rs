//! Ways back: how long it took until the mesh served again, until it came to rest (`rest`), and until the messages
//! were sent too that waited for their turn at the provider (`turns`).

use std::collections::BTreeMap;

use super::facts::Facts;
use super::liveness::REST_MS;
use super::ops::{number, text};
use super::verdict::Recovery;

/// What was measured, by what was broken. I24 judges the same marks one by one.
pub(super) fn all(facts: &Facts<'_>) -> Vec<Recovery> {
    let mut all: BTreeMap<&str, Recovery> = BTreeMap::new();
    let mut add = |what, took: i64, budget: i64| {
        let one = all.entry(what).or_insert_with(|| Recovery {
            what: what.to_owned(),
            ..Recovery::default()
        });
        one.times += 1;
        one.worst_ms = one.worst_ms.max(u64::try_from(took).unwrap_or(0));
        one.budget_ms = u64::try_from(budget).unwrap_or(0);
    };
    for mark in facts.ops.marks_of("restarted") {
        let what = match text(&mark.v, "svc") {
            "postgres" => "postgres",
            "redis" => "redis",
            _ => "roles",
        };
        if let (Some(took), Some(budget)) = (number(&mark.v, "ms"), number(&mark.v, "budget_ms")) {
            add(what, took, budget);
        }
    }
    let rest = ["quiescent", "not_quiescent"];
    for mark in rest.into_iter().flat_map(|f| facts.ops.marks_of(f)) {
        if let (Some(took), Some(budget)) = (number(&mark.v, "waited_ms"), number(&mark.v, "budget_ms")) {
            let own = number(&mark.v, "own_ms");
            add("rest", own.unwrap_or(took), own.map_or(budget, |_| REST_MS));
            if own.is_some() {
                add("turns", took, budget);
            }
        }
    }
    all.into_values().collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::check::input::Run;
    use crate::history::{Event, Phase};

    use super::*;

    fn mark(i: u64, f: &str, v: Value) -> Event {
        Event {
            i,
            t_ns: i,
            p: "run".to_owned(),
            ph: Phase::Mark,
            f: f.to_owned(),
            op: String::new(),
            attempt: 0,
            http: 0,
            v,
            err: String::new(),
        }
    }

    #[test]
    fn the_longest_of_each_is_told() {
        let run = Run {
            history: vec![
                mark(
                    0,
                    "restarted",
                    json!({ "svc": "credit", "ms": 900, "budget_ms": 10_000 }),
                ),
                mark(
                    1,
                    "restarted",
                    json!({ "svc": "order", "ms": 1200, "budget_ms": 10_000 }),
                ),
                mark(
                    2,
                    "restarted",
                    json!({ "svc": "postgres", "ms": 40, "budget_ms": 30_000 }),
                ),
                mark(3, "quiescent", json!({ "waited_ms": 2001, "budget_ms": 120_000 })),
            ],
            ..Run::default()
        };
        let told = all(&Facts::of(&run));
        let of = |what: &str| told.iter().find(|one| one.what == what).expect("measured");
        assert_eq!((of("roles").times, of("roles").worst_ms), (2, 1200));
        assert_eq!((of("postgres").worst_ms, of("rest").worst_ms), (40, 2001));
        assert_eq!((told.len(), of("rest").budget_ms), (3, 120_000));
    }
}
