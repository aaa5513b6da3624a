//! I14 and I15: a key stands for one request and one answer.

use std::collections::HashMap;

use super::effects::{effect, op_name};
use super::facts::Facts;
use super::ops::{Op, text};
use super::verdict::{Found, Judged};
use crate::history::Phase;
use crate::views::Views;

/// What names the effect in an answer, whichever verb it was.
const IDENTITY: [&str; 7] = [
    "order_id",
    "number",
    "payment_id",
    "retailer",
    "vendor",
    "quote_id",
    "entry_id",
];

/// Reason of a request that met another one at the same row: ask again.
const CONTENDED: &str = "CONCURRENT_UPDATE";

/// I14: whoever asks again is told the same, and the mesh remembers what it answered.
pub(super) fn replays(facts: &Facts<'_>) -> Judged {
    let mut found = Found::default();
    for op in &facts.ops.all {
        let mut oks = op.oks();
        let Some(first) = oks.next() else { continue };
        for again in oks {
            found.case();
            same(op, &first.v, &again.v, &mut found);
        }
    }
    for op in facts.ops.of_kind("replay") {
        found.case();
        let first = facts.ops.get(text(op.asked(), "of")).and_then(Op::ok);
        let Some(first) = first else {
            found.wrong(
                &op_name(op),
                "replays what was never acknowledged: the run is at fault".to_owned(),
            );
            continue;
        };
        for answer in op.answers() {
            match answer.ph {
                Phase::Ok => same(op, &first.v, &answer.v, &mut found),
                Phase::Fail if !busy(answer.http) && text(&answer.v, "reason") != CONTENDED => {
                    let reason = text(&answer.v, "reason");
                    found.wrong(
                        &op_name(op),
                        format!(
                            "was acknowledged before and refused now: {} {reason}",
                            answer.http
                        ),
                    );
                }
                _ => {}
            }
        }
    }
    happened_once(facts, &mut found);
    let stages: Vec<&Views> = facts.run.stages().collect();
    for pair in stages.windows(2) {
        remembered(pair[0], pair[1], &mut found);
    }
    Judged::Checked(found)
}

/// However often it was asked for under one key, it happened once; and a repetition after the answer left nothing.
fn happened_once(facts: &Facts<'_>, found: &mut Found) {
    for op in facts.ops.all.iter().filter(|op| op.tries.len() > 1) {
        let Some(effect) = effect(facts, op).filter(|effect| effect.once) else {
            continue;
        };
        found.case();
        found.must(effect.times <= 1, &op_name(op), || {
            let (tries, times) = (op.tries.len(), effect.times);
            format!("was asked {tries} times under one key and happened {times} times")
        });
    }
    for op in facts.ops.of_kind("replay") {
        let left = facts.left_by(op.id);
        found.must(left.is_empty(), &op_name(op), || {
            format!("repeated {} and left {left:?}", text(op.asked(), "of"))
        });
    }
}

fn same(op: &Op<'_>, first: &serde_json::Value, again: &serde_json::Value, found: &mut Found) {
    for name in IDENTITY {
        let (was, is) = (text(first, name), text(again, name));
        found.must(was.is_empty() || is.is_empty() || was == is, &op_name(op), || {
            format!("was told {name} {was} first and {is} when it asked again")
        });
    }
}

/// Refusals that say nothing about the request, and 0 for one that never was sent.
pub(super) fn busy(status: u32) -> bool {
    matches!(status, 0 | 408 | 429 | 503 | 504)
}

/// What is remembered is never rewritten. It may be forgotten when its time is over.
fn remembered(before: &Views, after: &Views, found: &mut Found) {
    let key = |row: &crate::views::Idem| {
        let parts = [&row.service, &row.caller, &row.method, &row.request_id];
        parts.map(String::clone)
    };
    let later: HashMap<[String; 4], _> = after.idem.iter().map(|row| (key(row), row)).collect();
    for row in &before.idem {
        found.case();
        let Some(now) = later.get(&key(row)) else { continue };
        let same = row.fp == now.fp && row.reply_sha == now.reply_sha;
        found.must(same, &format!("op {}", row.request_id), || {
            format!(
                "what {} answered to it was {} in {} and is {}",
                row.method, row.reply_sha, before.label, now.reply_sha
            )
        });
    }
}

/// I15: the same key with another body is refused by name, and changes nothing (which I2 looks at too).
pub(super) fn reuse(facts: &Facts<'_>) -> Judged {
    let mut found = Found::default();
    for op in facts.ops.of_kind("reuse") {
        found.case();
        for answer in op.answers() {
            let reason = text(&answer.v, "reason");
            let refused = answer.http == 422 && reason == "REQUEST_ID_REUSED";
            let right = match answer.ph {
                Phase::Fail => refused || busy(answer.http) || reason == CONTENDED,
                Phase::Ok => false,
                _ => true,
            };
            found.must(right, &op_name(op), || {
                format!(
                    "took the key of {} for another body: {} {reason}",
                    text(op.asked(), "of"),
                    answer.http
                )
            });
        }
        let left = facts.left_by(op.id);
        found.must(left.is_empty(), &op_name(op), || {
            format!("another body under a used key left {left:?}")
        });
    }
    for op in facts.ops.of_kind("twin") {
        found.case();
        let (provider, mid) = (text(op.asked(), "prov"), text(op.asked(), "mid"));
        let rows = facts
            .last
            .views
            .inbound
            .iter()
            .filter(|row| row.provider == provider && row.mid == mid)
            .count();
        found.must(rows <= 1, &super::facts::message_name(provider, mid), || {
            format!("op {} sent another text under its id, and both were taken", op.id)
        });
    }
    Judged::Checked(found)
}
