//! I4: one of everything per order, one order per message and per key.

use std::collections::BTreeMap;

use super::facts::{Facts, message_name, order_name};
use super::ops::text;
use super::verdict::{Found, Judged};
use crate::views::{Order, Views};

/// I4.
pub(super) fn one_each(facts: &Facts<'_>) -> Judged {
    let mut found = Found::default();
    for views in facts.run.stages() {
        ever(views, &mut found);
    }
    if facts.settled {
        let live = facts
            .last
            .views
            .reservation
            .iter()
            .filter(|r| r.state != "RELEASED");
        several(
            live.map(|r| r.order_id.as_str()),
            "live reservations",
            order_name,
            &mut found,
        );
    }
    per_message(facts, &mut found);
    Judged::Checked(found)
}

/// What no committed state may have twice. Two pending reservations may meet for a moment, when a call that was given
/// up still arrives; so those are not counted here.
fn ever(views: &Views, found: &mut Found) {
    let holds = views.hold.iter().map(|row| row.order_id.as_str());
    several(holds, "holds", order_name, found);
    let consumed = views.reservation.iter().filter(|row| row.state == "CONSUMED");
    let consumed = consumed.map(|row| row.order_id.as_str());
    several(consumed, "consumed reservations", order_name, found);
    let attempts = views
        .reservation
        .iter()
        .map(|row| format!("{} attempt {}", row.order_id, row.attempt));
    several(attempts, "reservations", order_name, found);
    let deliveries = views.entry.iter().filter(|row| row.kind == "delivery");
    let deliveries = deliveries.map(|row| row.order_id.as_str());
    several(deliveries, "delivery entries", order_name, found);
    let invoices = views.invoice.iter().map(|row| row.order_id.as_str());
    several(invoices, "invoices", order_name, found);
    orders(views, found);
    let payments = views.entry.iter().filter(|row| row.kind == "payment");
    let payments = payments.map(|row| row.payment_id.as_str());
    several(payments, "entries", |key| format!("payment {key}"), found);
    let references = views.payment.iter().map(|row| row.reference.as_str());
    let references = references.filter(|reference| !reference.is_empty());
    several(references, "payments", |key| format!("op {key}"), found);
    let messages = views
        .inbound
        .iter()
        .map(|row| message_name(&row.provider, &row.mid));
    several(messages, "rows", str::to_owned, found);
    let key = |row: &crate::views::Idem| {
        format!("{} {} {} {}", row.service, row.caller, row.method, row.request_id)
    };
    let keys = views.idem.iter().map(key);
    several(keys, "remembered answers", |key| format!("key {key}"), found);
}

fn orders(views: &Views, found: &mut Found) {
    let of = |field: fn(&Order) -> &str| views.orders.iter().map(field);
    several(
        of(|row| &row.quote_id),
        "orders",
        |key| format!("quote {key}"),
        found,
    );
    several(
        of(|row| &row.number),
        "orders",
        |key| format!("number {key}"),
        found,
    );
    several(of(|row| &row.cause), "orders", |key| format!("op {key}"), found);
    let numbers = views.invoice.iter().map(|row| row.number.as_str());
    several(numbers, "invoices", |key| format!("number {key}"), found);
}

fn several<K: AsRef<str>>(
    keys: impl Iterator<Item = K>,
    what: &str,
    name: impl Fn(&str) -> String,
    found: &mut Found,
) {
    let mut times: BTreeMap<String, u64> = BTreeMap::new();
    for key in keys {
        found.case();
        *times.entry(key.as_ref().to_owned()).or_insert(0) += 1;
    }
    for (key, n) in times.into_iter().filter(|(_, n)| *n > 1) {
        let entity = name(&key);
        // each stage shows it again
        if !found
            .wrong
            .iter()
            .any(|(known, message, _)| *known == entity && message.ends_with(what))
        {
            found.wrong(&entity, format!("has {n} {what}"));
        }
    }
}

/// Each confirmation made at most one order, and no two made the same.
fn per_message(facts: &Facts<'_>, found: &mut Found) {
    let mut made: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for row in facts
        .last
        .views
        .inbound
        .iter()
        .filter(|row| row.outcome == "ordered")
    {
        let Some(op) = facts.message(&row.provider, &row.mid) else {
            continue;
        };
        if text(op.asked(), "intent") == "confirm" {
            made.entry(&row.outcome_ref)
                .or_default()
                .push(message_name(&row.provider, &row.mid));
        }
    }
    for (order_id, messages) in made {
        found.case();
        found.must(messages.len() == 1, &order_name(order_id), || {
            format!("was made by {}", messages.join(" and "))
        });
    }
}
