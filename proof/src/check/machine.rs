//! I12: orders move along the published edges only, one step after the other.

use std::collections::HashMap;

use super::facts::{Facts, order_name};
use super::index::rows;
use super::ops::{number, text};
use super::verdict::{Found, Judged};

/// The published graph, written down here once more: taking it from the product would prove nothing.
pub(super) const EDGES: [(&str, &str); 21] = [
    ("PLACED", "PENDING"),
    ("PLACED", "REFUSED"),
    ("PLACED", "CANCELLED"),
    ("PENDING", "ROUTED"),
    ("PENDING", "CANCELLED"),
    ("ROUTED", "SENT_TO_VENDOR"),
    ("ROUTED", "PENDING"),
    ("ROUTED", "CANCELLED"),
    ("SENT_TO_VENDOR", "ACCEPTED"),
    ("SENT_TO_VENDOR", "PENDING"),
    ("SENT_TO_VENDOR", "ROUTED"),
    ("SENT_TO_VENDOR", "CANCELLED"),
    ("ACCEPTED", "PACKING"),
    ("ACCEPTED", "CANCELLED"),
    ("PACKING", "DISPATCHED"),
    ("PACKING", "CANCELLED"),
    ("DISPATCHED", "OUT_FOR_DELIVERY"),
    ("DISPATCHED", "CANCELLED"),
    ("OUT_FOR_DELIVERY", "DELIVERED"),
    ("OUT_FOR_DELIVERY", "CANCELLED"),
    ("DELIVERED", "COMPLETED"),
];

/// I12.
pub(super) fn monotone(facts: &Facts<'_>) -> Judged {
    let mut found = Found::default();
    for order in &facts.last.views.orders {
        found.case();
        let entity = order_name(&order.order_id);
        let mut before = "";
        for (wanted, status) in (1_i64..).zip(rows(&facts.last.statuses, &order.order_id)) {
            let (from, to) = (status.from_state.as_str(), status.to_state.as_str());
            if status.n != wanted {
                found.wrong(
                    &entity,
                    format!("move {wanted} is missing or doubled: found {}", status.n),
                );
                break;
            }
            let begins = wanted == 1 && from.is_empty() && to == "PLACED";
            let moves = from == before && EDGES.contains(&(from, to));
            if !(begins || moves) {
                let message = format!("move {wanted} goes from {from:?} to {to:?} after {before:?}");
                found.shown(&entity, message, vec![format!("{status:?}")]);
            }
            before = to;
        }
        found.must(order.state == before, &entity, || {
            format!("is {}, its last move led to {before:?}", order.state)
        });
    }
    reads(facts, &mut found);
    Judged::Checked(found)
}

/// What one client is told of an order never goes back, and never was a status that the order did not have.
fn reads(facts: &Facts<'_>, found: &mut Found) {
    let mut seen: HashMap<(&str, &str), (i64, &str)> = HashMap::new();
    let mut answers: Vec<_> = facts
        .ops
        .all
        .iter()
        .flat_map(|op| op.oks().map(move |event| (op, event)))
        .collect();
    answers.sort_by_key(|(_, event)| event.i);
    for (op, event) in answers {
        let (order_id, status) = (text(&event.v, "order_id"), text(&event.v, "status"));
        let Some(version) = number(&event.v, "version").filter(|_| !order_id.is_empty()) else {
            continue;
        };
        // a repeated request is answered with what was answered first
        if op.f == "replay" || event.v.get("replayed").is_some_and(|flag| flag == true) {
            continue;
        }
        found.case();
        let entity = order_name(order_id);
        let bare = status.strip_prefix("ORDER_STATUS_").unwrap_or(status);
        found.must(facts.last.was(order_id, bare), &entity, || {
            format!("op {} was told {status}, which the order never was", op.id)
        });
        let last = seen.entry((op.p, order_id)).or_insert((version, bare));
        let back = version < last.0 || (version == last.0 && bare != last.1);
        found.must(!back, &entity, || {
            format!(
                "{} was told version {} ({}), then {version} ({bare}) by op {}",
                op.p, last.0, last.1, op.id
            )
        });
        *last = (version, bare);
    }
}
