//! I3: nothing is there that nobody asked for.

use std::collections::{BTreeMap, HashSet};

use super::effects::{asked_lines, order_lines};
use super::facts::{Facts, digits, message_name, order_name, retailer_name, stock_name};
use super::ops::{Op, list_in, text};
use super::verdict::{Found, Judged};
use crate::views::Order;

/// I3.
pub(super) fn none(facts: &Facts<'_>) -> Judged {
    let mut found = Found::default();
    messages(facts, &mut found);
    orders(facts, &mut found);
    money(facts, &mut found);
    of_nobody(facts, &mut found);
    for event in facts.new_rows(|v| &v.stock_event, |e| (&e.vendor, &e.sku, e.seq)) {
        if !matches!(event.kind.as_str(), "opening" | "adjust") {
            continue;
        }
        found.case();
        let op = facts.ops.get(&event.reason).filter(|op| op.f == "stock");
        let asked = op.is_some_and(|op| {
            text(op.asked(), "vendor") == event.vendor && text(op.asked(), "sku") == event.sku
        });
        found.must(asked, &stock_name(&event.vendor, &event.sku), || {
            format!(
                "nobody asked for move {} ({}, {:?})",
                event.seq, event.d_on_hand_milli, event.reason
            )
        });
    }
    Judged::Checked(found)
}

/// Nothing is held, promised, posted or told for an order that nobody placed.
fn of_nobody(facts: &Facts<'_>, found: &mut Found) {
    let views = facts.last.views;
    let holds = views.hold.iter().map(|row| ("a hold", &row.order_id));
    let reservations = views
        .reservation
        .iter()
        .map(|row| ("a reservation", &row.order_id));
    let notices = views.notice.iter().map(|row| ("a message", &row.order_id));
    for (what, order_id) in holds.chain(reservations).chain(notices) {
        found.case();
        let placed = order_id.is_empty() || facts.last.orders.contains_key(order_id.as_str());
        found.must(placed, &order_name(order_id), || {
            format!("has {what}, and nobody placed it")
        });
    }
}

fn messages(facts: &Facts<'_>, found: &mut Found) {
    let mut sent = HashSet::new();
    for op in facts
        .ops
        .all
        .iter()
        .filter(|op| matches!(op.f, "message" | "dup" | "twin"))
    {
        sent.insert((text(op.asked(), "prov"), text(op.asked(), "mid")));
    }
    for row in facts.new_rows(|v| &v.inbound, |m| (&m.provider, &m.mid)) {
        found.case();
        let known = sent.contains(&(row.provider.as_str(), row.mid.as_str()));
        found.must(known, &message_name(&row.provider, &row.mid), || {
            "nobody sent it".to_owned()
        });
    }
}

/// A list that one sender wrote, as it can be recognised in an order.
type Basket = (String, Vec<(String, i64)>);

fn orders(facts: &Facts<'_>, found: &mut Found) {
    let mut lists: BTreeMap<Basket, i64> = BTreeMap::new();
    for op in facts
        .ops
        .all
        .iter()
        .filter(|op| matches!(op.f, "message" | "twin"))
    {
        let lines = match text(op.asked(), "intent") {
            "list" => Some(asked_lines(op)),
            // the other text under a used id may have been the first one to arrive
            _ => list_in(text(op.asked(), "text")),
        };
        if let Some(lines) = lines {
            *lists
                .entry((digits(text(op.asked(), "phone")), lines))
                .or_insert(0) += 1;
        }
    }
    for order in facts.new_rows(|v| &v.orders, |o| &o.order_id) {
        found.case();
        if let Some(op) = facts.ops.get(&order.cause) {
            by_rest(facts, order, op, found);
        } else {
            by_chat(facts, order, &mut lists, found);
        }
    }
}

fn by_rest(facts: &Facts<'_>, order: &Order, op: &Op<'_>, found: &mut Found) {
    let entity = order_name(&order.order_id);
    let (asked, there) = (asked_lines(op), order_lines(facts, &order.order_id));
    let retailer = text(op.asked(), "retailer");
    found.must(op.f == "order" && retailer == order.retailer, &entity, || {
        format!(
            "is {}'s, made by op {}, a {} of {retailer}",
            order.retailer, op.id, op.f
        )
    });
    // an order of a quote names its lines only where its quote did
    found.must(asked.is_empty() || asked == there, &entity, || {
        format!("op {} asked for {asked:?}, it has {there:?}", op.id)
    });
}

fn by_chat(facts: &Facts<'_>, order: &Order, lists: &mut BTreeMap<Basket, i64>, found: &mut Found) {
    let entity = order_name(&order.order_id);
    let message = facts.inbound_of(order);
    let op = message.and_then(|row| facts.message(&row.provider, &row.mid));
    let Some((row, op)) = message.zip(op) else {
        return found.wrong(
            &entity,
            format!("nobody asked for it: its cause is {:?}", order.cause),
        );
    };
    let name = message_name(&row.provider, &row.mid);
    let words = text(op.asked(), "text").to_lowercase();
    found.must(
        text(op.asked(), "intent") == "confirm" || words.contains("confirm"),
        &entity,
        || format!("was made by {name}, which says {:?}", text(op.asked(), "text")),
    );
    found.must(
        row.outcome == "ordered" && row.outcome_ref == order.order_id,
        &entity,
        || {
            format!(
                "was made by {name}, which ended as {} {}",
                row.outcome, row.outcome_ref
            )
        },
    );
    let party = text(op.asked(), "party");
    found.must(party.is_empty() || party == order.retailer, &entity, || {
        format!("is {}'s, {name} was sent by {party}", order.retailer)
    });
    let there = order_lines(facts, &order.order_id);
    let basket = (digits(text(op.asked(), "phone")), there);
    match lists.get_mut(&basket) {
        Some(left) if *left > 0 => *left -= 1,
        Some(_) => found.wrong(
            &entity,
            format!("{:?} was asked for fewer times than ordered", basket.1),
        ),
        None => found.wrong(&entity, format!("its sender never asked for {:?}", basket.1)),
    }
}

fn money(facts: &Facts<'_>, found: &mut Found) {
    for payment in facts.new_rows(|v| &v.payment, |p| &p.payment_id) {
        found.case();
        let op = facts.ops.get(&payment.reference).filter(|op| op.f == "payment");
        found.must(op.is_some(), &retailer_name(&payment.retailer), || {
            format!("nobody made {payment:?}")
        });
    }
    for event in facts.new_rows(|v| &v.account_event, |e| (&e.retailer, e.seq)) {
        found.case();
        let entity = retailer_name(&event.retailer);
        let wanted = match event.kind.as_str() {
            "opened" => "account",
            "limit_set" => "limit",
            "blocked" => "block",
            "unblocked" => "unblock",
            "payment" => {
                let there = facts
                    .last
                    .views
                    .payment
                    .iter()
                    .any(|p| p.payment_id == event.payment_id);
                found.must(there, &entity, || {
                    format!("change {} is of no payment", event.seq)
                });
                continue;
            }
            _ => continue,
        };
        let op = facts.ops.get(&event.cause).filter(|op| op.f == wanted);
        let retailer = op.map_or("", |op| text(op.asked(), "retailer"));
        let right = op.is_some() && (retailer.is_empty() || retailer == event.retailer);
        found.must(right, &entity, || {
            format!(
                "nobody asked for change {} ({}) by {:?}",
                event.seq, event.kind, event.cause
            )
        });
    }
}
