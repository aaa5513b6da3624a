//! I19: who reads after an acknowledgement sees it.

use std::collections::HashMap;

use super::effects::{effect, effect_in, op_name};
use super::facts::{Facts, left, order_name, retailer_name, stock_name};
use super::index::rows;
use super::ops::{Op, number, text};
use super::verdict::{Found, Judged};
use crate::history::Event;

/// I19.
pub(super) fn real_time(facts: &Facts<'_>) -> Judged {
    let mut found = Found::default();
    orders(facts, &mut found);
    accounts(facts, &mut found);
    stocks(facts, &mut found);
    snapshots(facts, &mut found);
    Judged::Checked(found)
}

/// Versions of one thing that were told, by when.
#[derive(Debug, Default)]
struct Told(Vec<(u64, i64)>);

impl Told {
    /// The highest version that was told before a line of the history.
    fn before(&self, i: u64) -> Option<i64> {
        self.0
            .iter()
            .filter(|(when, _)| *when < i)
            .map(|(_, version)| *version)
            .max()
    }
}

/// Every try that was acknowledged, with the number of the line on which it was asked.
fn acknowledged<'f, 'a>(facts: &'f Facts<'a>) -> impl Iterator<Item = (&'f Op<'a>, u64, &'a Event)> {
    facts.ops.all.iter().flat_map(|op| {
        let tries = op.tries.iter();
        tries.filter_map(move |one| {
            let answer = one.answer.filter(|event| event.ph == crate::history::Phase::Ok)?;
            Some((op, one.asked.i, answer))
        })
    })
}

fn replayed(op: &Op<'_>, answer: &Event) -> bool {
    op.f == "replay" || answer.v.get("replayed").is_some_and(|flag| flag == true)
}

fn orders(facts: &Facts<'_>, found: &mut Found) {
    let mut told: HashMap<&str, Told> = HashMap::new();
    for (op, _, answer) in acknowledged(facts).filter(|(op, _, answer)| !replayed(op, answer)) {
        let order_id = text(&answer.v, "order_id");
        if let Some(version) =
            number(&answer.v, "version").filter(|_| !order_id.is_empty() && op.f != "limit")
        {
            told.entry(order_id).or_default().0.push((answer.i, version));
        }
    }
    for (op, asked, answer) in
        acknowledged(facts).filter(|(op, _, _)| matches!(op.f, "get_order" | "find_order"))
    {
        let order_id = text(&answer.v, "order_id");
        let Some(version) = number(&answer.v, "version") else {
            continue;
        };
        found.case();
        let at_least = told
            .get(order_id)
            .and_then(|told| told.before(asked))
            .unwrap_or(0);
        found.must(version >= at_least, &order_name(order_id), || {
            format!(
                "op {} read version {version} after {at_least} had been told",
                op.id
            )
        });
        let last = facts.last.orders.get(order_id).map_or(0, |order| order.version);
        found.must(version <= last, &order_name(order_id), || {
            format!("op {} read version {version}, it never got beyond {last}", op.id)
        });
    }
}

fn accounts(facts: &Facts<'_>, found: &mut Found) {
    let mut told: HashMap<&str, Told> = HashMap::new();
    for (op, _, answer) in acknowledged(facts).filter(|(op, _, answer)| !replayed(op, answer)) {
        let asked_for = text(op.asked(), "retailer");
        let retailer = if asked_for.is_empty() {
            text(&answer.v, "retailer")
        } else {
            asked_for
        };
        let version = match op.f {
            "limit" | "block" | "unblock" | "account" | "get_account" => number(&answer.v, "version"),
            "payment" => {
                let payment = text(&answer.v, "payment_id");
                let events = rows(&facts.last.account_events, retailer);
                events
                    .iter()
                    .find(|event| event.payment_id == payment)
                    .map(|event| event.seq)
            }
            _ => None,
        };
        if let Some(version) = version {
            told.entry(retailer).or_default().0.push((answer.i, version));
        }
    }
    for (op, asked, answer) in acknowledged(facts).filter(|(op, _, _)| op.f == "get_account") {
        let retailer = text(op.asked(), "retailer");
        let Some(version) = number(&answer.v, "version") else {
            continue;
        };
        found.case();
        let at_least = told
            .get(retailer)
            .and_then(|told| told.before(asked))
            .unwrap_or(0);
        found.must(version >= at_least, &retailer_name(retailer), || {
            format!(
                "op {} read version {version} after {at_least} had been told",
                op.id
            )
        });
        account_as_it_was(facts, op, answer, retailer, version, found);
    }
}

/// What was read at a version is what the changes up to it come to.
fn account_as_it_was(
    facts: &Facts<'_>,
    op: &Op<'_>,
    answer: &Event,
    retailer: &str,
    version: i64,
    found: &mut Found,
) {
    let events = rows(&facts.last.account_events, retailer);
    let known = events.iter().any(|event| event.seq == version);
    found.must(known, &retailer_name(retailer), || {
        format!("op {} read version {version}, which never was", op.id)
    });
    let until: Vec<_> = events.iter().filter(|event| event.seq <= version).collect();
    let owed: i64 = until.iter().map(|event| event.d_posted).sum();
    let held: i64 = until.iter().map(|event| event.d_held).sum();
    let limit = until.last().map_or(0, |event| event.limit_after);
    for (name, right) in [("owed_paisa", owed), ("held_paisa", held), ("limit_paisa", limit)] {
        let read = number(&answer.v, name);
        found.must(
            !known || read.is_none_or(|read| read == right),
            &retailer_name(retailer),
            || {
                format!(
                    "op {} read {name} {read:?} at version {version}, it was {right}",
                    op.id
                )
            },
        );
    }
}

/// What is read of a stock is what it was at one moment, not before the moves that the reader can know of.
fn stocks(facts: &Facts<'_>, found: &mut Found) {
    let mut told: HashMap<(&str, &str), Told> = HashMap::new();
    let mut by_reason: HashMap<&str, i64> = HashMap::new();
    for event in &facts.last.views.stock_event {
        by_reason.insert(&event.reason, event.seq);
    }
    for (op, _, answer) in acknowledged(facts).filter(|(op, _, _)| op.f == "stock") {
        if let Some(seq) = by_reason.get(op.id) {
            let key = (text(op.asked(), "vendor"), text(op.asked(), "sku"));
            told.entry(key).or_default().0.push((answer.i, *seq));
        }
    }
    for (op, asked, answer) in acknowledged(facts).filter(|(op, _, _)| op.f == "get_stock") {
        let key = (text(op.asked(), "vendor"), text(op.asked(), "sku"));
        let read = (
            number(&answer.v, "on_hand_milli"),
            number(&answer.v, "reserved_milli"),
        );
        let (Some(on_hand), Some(reserved)) = read else {
            continue;
        };
        found.case();
        let at_least = told.get(&key).and_then(|told| told.before(asked)).unwrap_or(0);
        let (mut sums, mut was) = ((0, 0), at_least == 0 && (on_hand, reserved) == (0, 0));
        for event in facts.last.stock_events.get(&key).into_iter().flatten() {
            sums = (sums.0 + event.d_on_hand_milli, sums.1 + event.d_reserved_milli);
            was |= event.seq >= at_least && sums == (on_hand, reserved);
        }
        found.must(was, &stock_name(key.0, key.1), || {
            format!(
                "op {} read {on_hand} milli, {reserved} reserved: never so since move {at_least}",
                op.id
            )
        });
    }
}

/// What was acknowledged before a snapshot began is in it.
fn snapshots(facts: &Facts<'_>, found: &mut Found) {
    for mark in facts.ops.marks_of("snapshot") {
        let label = text(&mark.v, "label");
        let stage = facts.run.snaps.iter().find(|views| views.label == label);
        let (Some(views), Some(after)) = (stage, mark.v.get("after").and_then(serde_json::Value::as_u64))
        else {
            continue;
        };
        let there = left(views);
        for op in &facts.ops.all {
            let early = op.ok().is_some_and(|answer| answer.i <= after);
            // what the end does not have either is I2's finding
            if !early || effect(facts, op).is_none_or(|effect| effect.times == 0) {
                continue;
            }
            found.case();
            let rows = there.get(op.id).map_or(&[][..], Vec::as_slice);
            let seen = effect_in(rows, op).is_some_and(|effect| effect.times > 0);
            found.must(seen, &op_name(op), || {
                format!("{} was acknowledged before {label} and is not in it", op.f)
            });
        }
    }
}
