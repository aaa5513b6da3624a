//! I1: every acknowledged message has exactly one outcome.

use std::collections::HashMap;

use super::facts::{Facts, message_name};
use super::ops::{Known, text};
use super::verdict::{Found, Judged};
use crate::views::Inbound;

const OUTCOMES: [&str; 4] = ["ordered", "refused", "not_an_order", "needs_human"];

/// I1.
pub(super) fn one_outcome(facts: &Facts<'_>) -> Judged {
    let mut found = Found::default();
    let mut stored: HashMap<(&str, &str), Vec<&Inbound>> = HashMap::new();
    for row in &facts.last.views.inbound {
        stored.entry((&row.provider, &row.mid)).or_default().push(row);
    }
    for op in facts
        .ops
        .all
        .iter()
        .filter(|op| matches!(op.f, "message" | "dup" | "twin"))
    {
        if op.known() != Known::Yes {
            continue;
        }
        found.case();
        let (provider, mid) = (text(op.asked(), "prov"), text(op.asked(), "mid"));
        found.must(
            stored.contains_key(&(provider, mid)),
            &message_name(provider, mid),
            || format!("op {} was acknowledged and its message is not there", op.id),
        );
    }
    for ((provider, mid), rows) in stored {
        found.case();
        let entity = message_name(provider, mid);
        found.must(rows.len() == 1, &entity, || {
            format!("is there {} times", rows.len())
        });
        for row in rows {
            outcome(facts, row, &entity, &mut found);
        }
    }
    Judged::Checked(found)
}

fn outcome(facts: &Facts<'_>, row: &Inbound, entity: &str, found: &mut Found) {
    if row.outcome.is_empty() {
        let mut jobs = facts.last.views.job.iter();
        // what a handled message caused elsewhere has the same cause
        let handles = |job: &crate::views::Job| job.kind == "handle_message" && !job.parked;
        if !jobs.any(|job| handles(job) && job.cause == row.inbound_id) {
            return found.must(false, entity, || {
                "has no outcome, and no job works on it".to_owned()
            });
        }
        // without rest it may still be coming; that there was no rest is I24's violation
        return found.must(!facts.ops.quiescent(), entity, || "has no outcome".to_owned());
    }
    let known = OUTCOMES.contains(&row.outcome.as_str()) && row.handled_at.is_some();
    found.must(known, entity, || {
        format!("ended as {:?} at {:?}", row.outcome, row.handled_at)
    });
    let order = row.outcome != "ordered" || facts.last.orders.contains_key(row.outcome_ref.as_str());
    found.must(order, entity, || {
        format!("made or moved order {}, which does not exist", row.outcome_ref)
    });
    let reason = !matches!(row.outcome.as_str(), "refused" | "needs_human") || !row.outcome_ref.is_empty();
    found.must(reason, entity, || {
        format!("ended as {} without a reason", row.outcome)
    });
}
