//! I2: what was acknowledged is there, what was refused is not, and what nobody knows is there at most once.

use super::facts::{Facts, Left, message_name, order_name, retailer_name, stock_name};
use super::index::{rows, summed};
use super::ops::{Known, Op, lines_of, number, text};
use super::verdict::{Found, Judged};

pub(super) mod kept;

/// I2.
pub(super) fn durable(facts: &Facts<'_>) -> Judged {
    let mut found = Found::default();
    for op in &facts.ops.all {
        let Some(effect) = effect(facts, op) else { continue };
        found.case();
        counted(op, &effect, &mut found);
        if op.known() == Known::Yes && effect.times > 0 {
            content(facts, op, &mut found);
        }
    }
    for op in facts
        .ops
        .all
        .iter()
        .filter(|op| matches!(op.f, "garbage" | "foreign" | "reuse" | "replay"))
    {
        found.case();
        let left = facts.left_by(op.id);
        found.must(left.is_empty(), &op_name(op), || {
            format!("a {} must change nothing and left {left:?}", op.f)
        });
    }
    forged(facts, &mut found);
    kept::everything(facts.run, &mut found);
    Judged::Checked(found)
}

/// How an operation is named in findings.
pub(super) fn op_name(op: &Op<'_>) -> String {
    format!("op {}", op.id)
}

/// Rows that an operation left behind.
pub(super) struct Effect {
    pub(super) times: usize,
    /// Whether once is the most there can be.
    pub(super) once: bool,
}

/// Status that a verb leads to, from which one where that matters.
pub(super) fn leads_to(f: &str) -> Option<(&'static str, &'static str)> {
    Some(match f {
        "accept" => ("SENT_TO_VENDOR", "ACCEPTED"),
        "decline" => ("SENT_TO_VENDOR", "PENDING"),
        "assign" => ("", "ROUTED"),
        "pack" => ("", "PACKING"),
        "dispatch" => ("", "DISPATCHED"),
        "send_out" => ("", "OUT_FOR_DELIVERY"),
        "deliver" => ("", "DELIVERED"),
        "complete" => ("", "COMPLETED"),
        "cancel" => ("", "CANCELLED"),
        _ => return None,
    })
}

/// What an operation left behind; `None` when no view shows what such a one does.
pub(super) fn effect(facts: &Facts<'_>, op: &Op<'_>) -> Option<Effect> {
    effect_in(facts.left_by(op.id), op)
}

/// What of these rows is the operation's effect.
pub(super) fn effect_in(left: &[Left<'_>], op: &Op<'_>) -> Option<Effect> {
    let of = |wanted: Left<'_>| {
        let times = left.iter().filter(|left| **left == wanted).count();
        Some(Effect { times, once: true })
    };
    match op.f {
        "order" => of(Left::Order),
        "payment" => of(Left::Payment),
        "stock" => of(Left::Stock),
        "account" => of(Left::Account("opened")),
        "limit" => of(Left::Account("limit_set")),
        "block" => of(Left::Account("blocked")),
        "unblock" => of(Left::Account("unblocked")),
        f => {
            let (from, to) = leads_to(f)?;
            let its = |left: &&Left<'_>| match left {
                Left::Status(was, is) => *is == to && (from.is_empty() || *was == from),
                _ => false,
            };
            // what a decline or an assignment starts may lead here again
            let again = matches!(f, "decline" | "assign");
            Some(Effect {
                times: left.iter().filter(its).count(),
                once: !again,
            })
        }
    }
}

fn counted(op: &Op<'_>, effect: &Effect, found: &mut Found) {
    let (times, f) = (effect.times, op.f);
    match op.known() {
        Known::Yes => found.must(times >= 1, &op_name(op), || {
            format!("{f} was acknowledged and left nothing")
        }),
        Known::No => found.must(times == 0, &op_name(op), || {
            format!("{f} was refused and left {times} rows")
        }),
        Known::Maybe => {}
    }
    found.must(times <= 1 || !effect.once, &op_name(op), || {
        format!("{f} happened {times} times")
    });
}

/// What is there is what was asked and answered.
fn content(facts: &Facts<'_>, op: &Op<'_>, found: &mut Found) {
    let Some(answer) = op.ok().map(|event| &event.v) else {
        return;
    };
    match op.f {
        "order" => order(facts, op, found),
        "payment" => payment(facts, op, found),
        "stock" => stock(facts, op, found),
        "limit" | "account" => limit(facts, op, found),
        f => {
            let Some((_, to)) = leads_to(f) else { return };
            let order_id = text(answer, "order_id");
            let here = |s: &&crate::views::OrderStatus| s.cause == op.id && s.to_state == to;
            let right = rows(&facts.last.statuses, order_id)
                .iter()
                .copied()
                .any(|s| here(&s));
            found.must(right, &order_name(order_id), || {
                format!("op {} ({f}) was acknowledged for another order", op.id)
            });
        }
    }
}

fn order(facts: &Facts<'_>, op: &Op<'_>, found: &mut Found) {
    for answer in op.oks().map(|event| &event.v) {
        let id = text(answer, "order_id");
        let Some(order) = facts.last.orders.get(id) else {
            found.wrong(
                &order_name(id),
                format!("was acknowledged to op {} and is not there", op.id),
            );
            continue;
        };
        let same = order.number == text(answer, "number") && order.cause == op.id;
        found.must(same, &order_name(id), || {
            format!(
                "op {} was told {:?}; it is {} of {}",
                op.id,
                text(answer, "number"),
                order.number,
                order.cause
            )
        });
    }
}

fn payment(facts: &Facts<'_>, op: &Op<'_>, found: &mut Found) {
    let (asked, told) = (
        op.asked(),
        op.ok().map_or("", |event| text(&event.v, "payment_id")),
    );
    for payment in facts
        .last
        .views
        .payment
        .iter()
        .filter(|payment| payment.reference == op.id)
    {
        let same = payment.payment_id == told
            && payment.retailer == text(asked, "retailer")
            && Some(payment.amount_paisa) == number(asked, "amount_paisa");
        let entity = retailer_name(&payment.retailer);
        found.must(same, &entity, || {
            format!(
                "op {} asked for {asked}, was told {told:?}, left {payment:?}",
                op.id
            )
        });
    }
}

fn stock(facts: &Facts<'_>, op: &Op<'_>, found: &mut Found) {
    let asked = op.asked();
    let (vendor, sku) = (text(asked, "vendor"), text(asked, "sku"));
    let entity = stock_name(vendor, sku);
    let (mut on_hand, mut reserved) = (0, 0);
    for event in facts.last.stock_events.get(&(vendor, sku)).into_iter().flatten() {
        on_hand += event.d_on_hand_milli;
        reserved += event.d_reserved_milli;
        if event.reason != op.id {
            continue;
        }
        let delta = number(asked, "delta_milli").is_none_or(|delta| delta == event.d_on_hand_milli);
        let counted = number(asked, "counted_milli").is_none_or(|counted| counted == on_hand);
        found.must(delta && counted, &entity, || {
            format!("op {} asked for {asked}, left {event:?}", op.id)
        });
        for answer in op.oks().map(|event| &event.v) {
            let told = (number(answer, "on_hand_milli"), number(answer, "reserved_milli"));
            let right =
                told.0.is_none_or(|told| told == on_hand) && told.1.is_none_or(|told| told == reserved);
            found.must(right, &entity, || {
                format!(
                    "op {} was told {told:?} milli on hand and reserved, it was {:?}",
                    op.id,
                    (on_hand, reserved)
                )
            });
        }
        return;
    }
    found.wrong(
        &entity,
        format!("op {} changed another stock than it asked for", op.id),
    );
}

fn limit(facts: &Facts<'_>, op: &Op<'_>, found: &mut Found) {
    let asked = op.asked();
    for event in facts
        .last
        .views
        .account_event
        .iter()
        .filter(|event| event.cause == op.id)
    {
        if !matches!(event.kind.as_str(), "limit_set" | "opened") {
            continue;
        }
        let retailer = text(asked, "retailer");
        let version = op.ok().and_then(|answer| number(&answer.v, "version"));
        let same = number(asked, "limit_paisa").is_none_or(|limit| limit == event.limit_after)
            && (retailer.is_empty() || retailer == event.retailer)
            && version.is_none_or(|version| version == event.seq);
        found.must(same, &retailer_name(&event.retailer), || {
            format!(
                "op {} asked for {asked}, was told version {version:?}, left {event:?}",
                op.id
            )
        });
    }
}

fn forged(facts: &Facts<'_>, found: &mut Found) {
    for op in facts.ops.of_kind("forged") {
        found.case();
        let (provider, mid) = (text(op.asked(), "prov"), text(op.asked(), "mid"));
        let there = facts
            .last
            .views
            .inbound
            .iter()
            .any(|row| row.provider == provider && row.mid == mid);
        found.must(
            !there && op.known() != Known::Yes,
            &message_name(provider, mid),
            || format!("op {} forged it, and it was taken", op.id),
        );
    }
}

/// The products and quantities of an order, summed per product.
pub(super) fn order_lines(facts: &Facts<'_>, order_id: &str) -> Vec<(String, i64)> {
    summed(
        rows(&facts.last.order_lines, order_id)
            .iter()
            .map(|l| (l.sku.as_str(), l.quantity_milli)),
    )
}

/// The products and quantities that an operation asked for.
pub(super) fn asked_lines(op: &Op<'_>) -> Vec<(String, i64)> {
    lines_of(op.asked())
}
