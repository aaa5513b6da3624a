//! I24, I25 and I26: the mesh comes back, gives back what it took, and shows nobody another's things.

use serde_json::Value;

use super::effects::op_name;
use super::facts::Facts;
use super::idempotency::busy;
use super::ops::{Known, number, text};
use super::verdict::{Found, Judged};
use crate::history::Phase;

/// How long the mesh may take to come to rest after the last fault.
pub(super) const REST_MS: i64 = 120_000;
/// What a process may grow by, whatever it was: pages that an allocator keeps. Runs were seen to keep up to 8 MiB.
const KEPT_KB: i64 = 16 * 1024;
/// Connections and files that a pool may keep open. Runs were seen to keep up to 16.
const KEPT_FDS: i64 = 24;
/// Sessions that all pools together may keep open. Runs were seen to keep up to 8.
const KEPT_SESSIONS: i64 = 24;

/// I24.
pub(super) fn rest(facts: &Facts<'_>) -> Judged {
    let mut found = Found::default();
    for mark in facts
        .ops
        .marks_of("quiescent")
        .chain(facts.ops.marks_of("not_quiescent"))
    {
        found.case();
        let waited = number(&mark.v, "waited_ms").unwrap_or(0);
        let budget = number(&mark.v, "budget_ms").unwrap_or(REST_MS);
        // the provider's pace to one phone is not the mesh's: everything else has the promised time, whatever is said
        let own = number(&mark.v, "own_ms").unwrap_or(waited);
        let rested = mark.f == "quiescent" && waited <= budget && own <= REST_MS;
        found.must(rested, "run", || {
            format!("no rest {waited} ms after the last fault: {}", mark.v)
        });
    }
    for mark in facts.ops.marks_of("restarted") {
        found.case();
        let (took, budget) = (number(&mark.v, "ms"), number(&mark.v, "budget_ms"));
        let within = took.zip(budget).is_none_or(|(took, budget)| took <= budget);
        let svc = text(&mark.v, "svc");
        found.must(within, &format!("process {svc}"), || {
            format!("served again after {took:?} of {budget:?} ms")
        });
    }
    for stray in &facts.ops.strays {
        found.wrong(
            &format!("op {}", stray.event.op),
            format!("line {}: {}", stray.event.i, stray.why),
        );
    }
    for op in &facts.ops.all {
        for one in &op.tries {
            found.case();
            let Some(answer) = one.answer else {
                found.wrong(
                    &op_name(op),
                    format!("try {} was never answered", one.asked.attempt),
                );
                continue;
            };
            let budget = number(&answer.v, "budget_ms").unwrap_or(i64::MAX - 1000);
            let took = number(&answer.v, "ms")
                .or_else(|| answer.v.get("ms").and_then(Value::as_f64).map(|ms| ms as i64));
            let late = took.is_some_and(|took| took > budget + 1000);
            // nobody answers while the edge itself is stopped
            let stopped = facts.ops.windows.iter().any(|window| {
                let edge = window.f == "stop" && text(window.v, "svc") == "gateway";
                edge && window.from <= answer.t_ns && one.asked.t_ns <= window.to
            });
            found.must(!late || stopped, &op_name(op), || {
                format!("took {took:?} of {budget} ms")
            });
            // a client may be less patient than the mesh is slow; a connection that breaks is another thing
            let own_doing = answer.err.starts_with("timeout") || answer.err == "gave_up";
            let excused = own_doing || facts.ops.excused(one.asked.t_ns, answer.t_ns);
            found.must(answer.http != 0 || excused, &op_name(op), || {
                format!("got no answer ({}) while nothing was broken", answer.err)
            });
        }
    }
    super::calls::amplified(facts, &mut found);
    Judged::Checked(found)
}

/// I25.
pub(super) fn given_back(facts: &Facts<'_>) -> Judged {
    let (Some(before), Some(after)) = (
        facts.ops.marks_of("baseline").last(),
        facts.ops.marks_of("resources").last(),
    ) else {
        return Judged::NotCovered("this run measured no resources (marks `baseline` and `resources`)");
    };
    let mut found = Found::default();
    let none = serde_json::Map::new();
    let of = |mark: &'_ crate::history::Event| {
        mark.v
            .get("processes")
            .and_then(Value::as_object)
            .cloned()
            .unwrap_or_default()
    };
    let (was, is) = (of(before), of(after));
    for (name, now) in &is {
        found.case();
        let then = was.get(name).and_then(Value::as_object).unwrap_or(&none);
        let then = Value::Object(then.clone());
        for (what, kept) in [("rss_kb", KEPT_KB), ("fds", KEPT_FDS)] {
            let (Some(then), Some(now)) = (number(&then, what), number(now, what)) else {
                continue;
            };
            let most = (then + then / 10).max(then + kept);
            found.must(now <= most, &format!("process {name}"), || {
                format!("{what} grew from {then} to {now}")
            });
        }
    }
    let (then, now) = (number(&before.v, "sessions"), number(&after.v, "sessions"));
    let sessions = then
        .zip(now)
        .is_none_or(|(then, now)| now <= then + KEPT_SESSIONS);
    found.must(sessions, "database", || {
        format!("sessions grew from {then:?} to {now:?}")
    });
    let idle = number(&after.v, "idle_in_transaction").unwrap_or(0);
    found.must(idle == 0, "database", || {
        format!("{idle} sessions sit in an open transaction")
    });
    Judged::Checked(found)
}

/// I26, as far as actors probe for it.
pub(super) fn own_only(facts: &Facts<'_>) -> Judged {
    let mut found = Found::default();
    for op in facts.ops.of_kind("foreign") {
        found.case();
        let what = text(op.asked(), "what");
        found.must(op.known() != Known::Yes, &op_name(op), || {
            format!("{} was let at another's {what} {}", op.p, text(op.asked(), "id"))
        });
        for answer in op.answers().filter(|answer| answer.ph == Phase::Fail) {
            // anything else than 404 would say that the thing exists, but for verbs that the role has not at all
            let right = matches!(answer.http, 403 | 404) || busy(answer.http);
            found.must(right, &op_name(op), || {
                format!("was refused another's {what} with {}", answer.http)
            });
        }
    }
    Judged::Checked(found)
}
