//! What a good run has seen: a promise about something that never happened was not tested.

use std::collections::BTreeMap;

use super::effects::effect;
use super::facts::Facts;
use super::machine::EDGES;
use super::ops::{Known, Op, number, text};
use super::restored;
use super::verdict::Counter;
use crate::history::Phase;

/// What is not counted, and why.
const HIDDEN: [&str; 5] = [
    "release of a captured hold refused (no view keeps refusals)",
    "two workers claimed the same row (no view keeps lost claims, and a run has one worker)",
    "saga resumed at each of its statements (`kasauti crashpoints` goes through them)",
    "old and new version served the same order (a run has one version of the program)",
    "dead letter tried again by an operator (no actor does it)",
];

/// Kinds of jobs that drive an order on.
const STEPS: [&str; 9] = [
    "handle_message",
    "secure_order",
    "route_order",
    "rehome_order",
    "release_order",
    "settle_delivery",
    "expire_offer",
    "complete_order",
    "notify",
];

/// Counts.
pub(super) fn count(facts: &Facts<'_>) -> Vec<Counter> {
    let mut seen: BTreeMap<String, Option<u64>> = BTreeMap::new();
    orders(facts, &mut seen);
    money_and_messages(facts, &mut seen);
    operations(facts, &mut seen);
    faults(facts, &mut seen);
    resumed(facts, &mut seen);
    logs(facts, &mut seen);
    for name in HIDDEN {
        seen.insert(name.to_owned(), None);
    }
    seen.into_iter()
        .map(|(name, seen)| Counter { name, seen })
        .collect()
}

type Seen = BTreeMap<String, Option<u64>>;

fn set(seen: &mut Seen, name: &str, n: usize) {
    seen.insert(name.to_owned(), u64::try_from(n).ok());
}

fn orders(facts: &Facts<'_>, seen: &mut Seen) {
    let views = facts.last.views;
    for (from, to) in EDGES {
        let n = views
            .order_status
            .iter()
            .filter(|s| s.from_state == from && s.to_state == to)
            .count();
        set(seen, &format!("edge {from} to {to}"), n);
    }
    let refused = |amount: bool| {
        let ended = views.orders.iter().filter(|order| order.state == "REFUSED");
        ended
            .filter(|order| {
                views
                    .hold
                    .iter()
                    .any(|h| h.order_id == order.order_id && (h.amount_paisa > 0) == amount)
            })
            .count()
    };
    set(seen, "credit refused after the order was placed", refused(false));
    set(seen, "stock refused after the order was placed", refused(true));
    let chat = |reason: &str| {
        views
            .inbound
            .iter()
            .filter(|m| m.outcome == "refused" && m.outcome_ref == reason)
            .count()
    };
    set(seen, "credit refused in chat", chat("CREDIT_SHORT"));
    set(seen, "stock refused in chat", chat("STOCK_SHORT"));
    for answer in ["DECLINED", "EXPIRED", "WITHDRAWN", "STOCK_SHORT"] {
        let n = views
            .assignment
            .iter()
            .filter(|offer| offer.answer == answer)
            .count();
        set(seen, &format!("offer {answer}"), n);
    }
    let second = views
        .assignment
        .iter()
        .filter(|offer| offer.attempt > 1 && offer.answer == "ACCEPTED")
        .count();
    set(seen, "order taken by a later vendor", second);
    let released = views.hold.iter().filter(|h| h.state == "RELEASED");
    set(
        seen,
        "compensation run",
        released.clone().filter(|h| h.amount_paisa > 0).count(),
    );
    set(
        seen,
        "release that came before its hold",
        released.filter(|h| h.amount_paisa == 0).count(),
    );
    let swept = views
        .reservation
        .iter()
        .filter(|r| r.closed_reason == "SUPERSEDED")
        .count();
    set(seen, "saga resumed and swept after itself", swept);
    let reserved_again = views
        .reservation
        .iter()
        .filter(|r| r.closed_reason == "REPLACED")
        .count();
    set(seen, "reservation moved to another vendor", reserved_again);
}

fn money_and_messages(facts: &Facts<'_>, seen: &mut Seen) {
    let views = facts.last.views;
    let mut above = 0;
    for events in facts.last.account_events.values() {
        let mut exposure = 0;
        for event in events {
            exposure += event.d_posted + event.d_held;
            above += usize::from(event.kind == "limit_set" && exposure > event.limit_after);
        }
    }
    set(seen, "limit lowered below exposure", above);
    set(
        seen,
        "advance kept",
        views
            .payment
            .iter()
            .filter(|payment| payment.unallocated_paisa > 0)
            .count(),
    );
    let dead = views
        .notice
        .iter()
        .filter(|n| matches!(n.state.as_str(), "FAILED" | "ESCALATED"))
        .count();
    set(seen, "message given up", dead);
    let lost = views
        .attempt
        .iter()
        .filter(|a| matches!(a.result.as_str(), "" | "ambiguous"))
        .count();
    set(seen, "answer of a provider lost", lost);
    let mut taken: BTreeMap<&str, usize> = BTreeMap::new();
    for sent in facts
        .run
        .provider
        .iter()
        .flatten()
        .filter(|sent| sent.accepted() && !sent.notice.is_empty())
    {
        *taken.entry(&sent.notice).or_insert(0) += 1;
    }
    set(
        seen,
        "message sent twice",
        taken.values().filter(|n| **n > 1).count(),
    );
    let lost = facts
        .run
        .provider
        .iter()
        .flatten()
        .filter(|sent| !sent.accepted())
        .count();
    set(seen, "provider refused a message", lost);
}

fn operations(facts: &Facts<'_>, seen: &mut Seen) {
    let answers = || facts.ops.all.iter().flat_map(Op::answers);
    for status in [400, 403, 404, 409, 422, 429, 500, 502, 503, 504] {
        set(
            seen,
            &format!("status {status}"),
            answers().filter(|answer| answer.http == status).count(),
        );
    }
    for (name, phase) in [("ok", Phase::Ok), ("fail", Phase::Fail), ("info", Phase::Info)] {
        set(
            seen,
            &format!("outcome {name}"),
            answers().filter(|answer| answer.ph == phase).count(),
        );
    }
    let (mut yes, mut no) = (0, 0);
    for op in facts.ops.all.iter().filter(|op| op.known() == Known::Maybe) {
        match effect(facts, op).map(|effect| effect.times) {
            Some(0) => no += 1,
            Some(_) => yes += 1,
            None => {}
        }
    }
    set(seen, "unknown outcome that had happened", yes);
    set(seen, "unknown outcome that had not happened", no);
    let retried = |op: &&Op<'_>| op.tries.len() > 1 && op.known() == Known::Yes;
    set(
        seen,
        "acknowledged at a later try",
        facts.ops.all.iter().filter(retried).count(),
    );
    let replayed = answers()
        .filter(|answer| answer.v.get("replayed").is_some_and(|flag| flag == true))
        .count();
    set(seen, "answer replayed", replayed);
    let shed = answers()
        .filter(|answer| {
            answer
                .v
                .get("reason")
                .is_some_and(|reason| reason == "OVERLOADED")
        })
        .count();
    set(seen, "request turned away for want of room", shed);
    let kills: Vec<u64> = facts
        .ops
        .windows
        .iter()
        .filter(|w| w.f == "kill")
        .map(|w| w.from)
        .collect();
    let (mut in_flight, mut after_crash) = (0, 0);
    for dup in facts.ops.of_kind("dup") {
        let Some(first) = facts.ops.get(text(dup.asked(), "of")) else {
            continue;
        };
        let ended = first
            .answers()
            .map(|answer| answer.t_ns)
            .max()
            .unwrap_or(u64::MAX);
        in_flight += usize::from(dup.began() < ended);
        after_crash += usize::from(
            kills
                .iter()
                .any(|kill| first.began() < *kill && *kill < dup.began()),
        );
    }
    set(seen, "duplicate while the first was in flight", in_flight);
    set(seen, "duplicate after a crash", after_crash);
}

fn faults(facts: &Facts<'_>, seen: &mut Seen) {
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for window in &facts.ops.windows {
        *kinds.entry(window.f).or_insert(0) += 1;
    }
    for (kind, n) in kinds {
        set(seen, &format!("fault {kind}"), n);
    }
    let of = |prefix: &'static str| facts.ops.windows.iter().filter(move |w| w.f.starts_with(prefix));
    let orders: Vec<u64> = facts
        .ops
        .all
        .iter()
        .filter(|op| op.f == "order")
        .map(Op::began)
        .collect();
    let during = orders
        .iter()
        .filter(|at| of("redis").any(|w| w.from <= **at && **at <= w.to))
        .count();
    set(seen, "Redis down during an order", during);
    let jumped = |back: bool| {
        of("clock_jump").filter(move |w| number(w.v, "seconds").is_some_and(|by| (by < 0) == back))
    };
    set(seen, "clock of a role went backwards", jumped(true).count());
    set(seen, "clock of a role went ahead", jumped(false).count());
    let killed = |w: &&super::ops::Window<'_>| {
        let statement = w.v.get("point").map_or("", |point| text(point, "statement"));
        statement.eq_ignore_ascii_case("commit")
    };
    set(
        seen,
        "role killed at a COMMIT",
        of("statement_kill").filter(killed).count(),
    );
    set(
        seen,
        "PostgreSQL died before it answered a COMMIT",
        of("pg_kill").filter(killed).count(),
    );
    for (name, words) in [
        ("call between roles made twice", ["Twice", "Again", "Keep"]),
        (
            "call between roles lost or late",
            ["LoseRequest", "LoseReply", "Delay"],
        ),
    ] {
        let hit = facts.ops.marks_of("calls_hit").filter(|mark| {
            let what = text(&mark.v, "what");
            words.iter().any(|word| what.starts_with(word))
        });
        let calls: i64 = hit.filter_map(|mark| number(&mark.v, "calls")).sum();
        set(seen, name, usize::try_from(calls).unwrap_or(0));
    }
    let lost = facts.ops.marks_of("replies_lost");
    let lost: i64 = lost.filter_map(|mark| number(&mark.v, "lost")).sum();
    set(
        seen,
        "answer to a COMMIT lost",
        usize::try_from(lost).unwrap_or(0),
    );
    let slow = facts
        .ops
        .marks_of("quiescent")
        .filter(|m| number(&m.v, "waited_ms").unwrap_or(0) > 30_000)
        .count();
    set(seen, "rest came after more than 30 s", slow);
    set(
        seen,
        "backup taken between acknowledged operations, and restored",
        restored::amid_operations(facts),
    );
}

/// Jobs that a snapshot saw at a later attempt than their first.
fn resumed(facts: &Facts<'_>, seen: &mut Seen) {
    for step in STEPS {
        let again: std::collections::BTreeSet<&str> = facts
            .run
            .stages()
            .flat_map(|views| &views.job)
            .filter(|job| job.kind == step && job.attempts > 1)
            .map(|job| job.job_id.as_str())
            .collect();
        set(seen, &format!("order driven on again at {step}"), again.len());
    }
}

/// What only the processes know, by the words that they log.
fn logs(facts: &Facts<'_>, seen: &mut Seen) {
    const WORDS: [(&str, &[&str]); 4] = [
        ("write of a lost lease refused", &["LEASE_LOST"]),
        (
            "deadlock or serialisation failure retried",
            &["40P01", "40001", "deadlock detected", "CONCURRENT_UPDATE"],
        ),
        ("pool exhausted", &["pool timed out"]),
        ("job tried again", &["a job failed and is tried again"]),
    ];
    let mut counts = [0_usize; WORDS.len()];
    for log in &facts.run.logs {
        // one that cannot be read is I20's and I21's finding
        let _ = log.each_line(|_, line| {
            for (count, (_, words)) in counts.iter_mut().zip(WORDS) {
                *count += usize::from(words.iter().any(|word| line.contains(word)));
            }
        });
    }
    for (count, (name, _)) in counts.into_iter().zip(WORDS) {
        set(seen, name, count);
    }
}
