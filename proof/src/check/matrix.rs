//! I10: order, hold, reservation, assignment, journal and invoice tell one story. Judged after quiescence only: in
//! between, each service is ahead of the others by a message.

use super::facts::{Facts, order_name};
use super::index::{Index, rows, summed};
use super::stock::reserved_lines;
use super::verdict::{Found, Judged};
use crate::views::{Order, Reservation};

/// I10.
pub(super) fn agree(facts: &Facts<'_>) -> Judged {
    if !facts.settled {
        return Judged::NotCovered("the orders never came to rest, which is I24's violation");
    }
    let mut found = Found::default();
    for order in &facts.last.views.orders {
        found.case();
        one(&facts.last, order, &mut found);
        offers(&facts.last, order, &mut found);
    }
    Judged::Checked(found)
}

/// What a status asks for.
#[derive(Debug, PartialEq, Eq)]
enum Row {
    /// Nothing is held or reserved any more, and nothing was posted.
    Ended,
    /// Credit is held and stock is reserved, and nothing was posted.
    Open,
    /// The debt is posted and the stock has left.
    Posted,
    /// An order does not rest here.
    Passing,
    Unknown,
}

fn row(state: &str) -> Row {
    match state {
        "REFUSED" | "CANCELLED" => Row::Ended,
        "PENDING" | "SENT_TO_VENDOR" | "ACCEPTED" | "PACKING" | "DISPATCHED" | "OUT_FOR_DELIVERY" => {
            Row::Open
        }
        "DELIVERED" | "COMPLETED" => Row::Posted,
        "PLACED" | "ROUTED" => Row::Passing,
        _ => Row::Unknown,
    }
}

fn one(index: &Index<'_>, order: &Order, found: &mut Found) {
    let entity = order_name(&order.order_id);
    let state = &order.state;
    let holds: Vec<&str> = rows(&index.holds, &order.order_id)
        .iter()
        .map(|hold| hold.state.as_str())
        .collect();
    let live: Vec<&Reservation> = rows(&index.reservations, &order.order_id)
        .iter()
        .copied()
        .filter(|reservation| reservation.state != "RELEASED")
        .collect();
    let posted = rows(&index.deliveries, &order.order_id).len();
    let invoices = rows(&index.invoices, &order.order_id).len();
    let wanted = match row(state) {
        Row::Passing => return found.wrong(&entity, format!("rests as {state}: the next step never came")),
        Row::Unknown => return found.wrong(&entity, format!("is {state}, which is no status")),
        Row::Ended => ("RELEASED", None, 0),
        Row::Open => ("PENDING", Some("PENDING"), 0),
        Row::Posted => ("POSTED", Some("CONSUMED"), 1),
    };
    let (hold, reservation, entries) = wanted;
    // credit may have refused before a hold existed, and the order's end may then have come before its tombstone
    let held = holds == [hold] || (hold == "RELEASED" && holds.is_empty());
    found.must(held, &entity, || {
        format!("is {state} and its hold is {holds:?}, not {hold}")
    });
    found.must((posted, invoices) == (entries, entries), &entity, || {
        format!("is {state} with {posted} delivery entries and {invoices} invoices, not {entries}")
    });
    match (reservation, live.as_slice()) {
        (None, []) => {}
        (None, _) => found.wrong(&entity, format!("is {state} and still has {}", names(&live))),
        (Some(wanted), [one]) if one.state == wanted => reserved(index, order, one, found),
        (Some(wanted), _) => {
            found.wrong(
                &entity,
                format!("is {state} and has {} instead of one {wanted}", names(&live)),
            );
        }
    }
    let invoice = rows(&index.invoices, &order.order_id)
        .first()
        .map_or("", |invoice| invoice.number.as_str());
    found.must(order.invoice_number == invoice, &entity, || {
        format!("says invoice {:?}, credit says {invoice:?}", order.invoice_number)
    });
}

fn names(live: &[&Reservation]) -> String {
    let names: Vec<String> = live
        .iter()
        .map(|r| format!("{} (attempt {}, {})", r.res_id, r.attempt, r.state))
        .collect();
    if names.is_empty() {
        "no reservation".to_owned()
    } else {
        names.join(", ")
    }
}

/// The reservation that counts is the order's: attempt, vendor and lines.
fn reserved(index: &Index<'_>, order: &Order, reservation: &Reservation, found: &mut Found) {
    let entity = order_name(&order.order_id);
    found.must(
        order.reservation_attempt == Some(reservation.attempt),
        &entity,
        || {
            format!(
                "counts on attempt {:?}, attempt {} is reserved",
                order.reservation_attempt, reservation.attempt
            )
        },
    );
    // while a vendor is looked for, the stock still lies with the one before
    let same = order.state == "PENDING" || order.vendor == reservation.vendor;
    found.must(same, &entity, || {
        format!(
            "is {}'s, its stock is reserved at {}",
            order.vendor, reservation.vendor
        )
    });
    let lines = rows(&index.order_lines, &order.order_id)
        .iter()
        .map(|l| (l.sku.as_str(), l.quantity_milli));
    let (asked, there) = (summed(lines), reserved_lines(index, &reservation.res_id));
    found.must(asked == there, &entity, || {
        format!("asks for {asked:?}, reserved are {there:?}")
    });
}

/// The last offer's answer fits the status.
fn offers(index: &Index<'_>, order: &Order, found: &mut Found) {
    let entity = order_name(&order.order_id);
    let offers = rows(&index.assignments, &order.order_id);
    let Some((last, earlier)) = offers.split_last() else {
        let early =
            matches!(order.state.as_str(), "REFUSED" | "CANCELLED") || row(&order.state) == Row::Passing;
        return found.must(early, &entity, || {
            format!("is {} and was offered to nobody", order.state)
        });
    };
    let answer = last.answer.as_str();
    let fits = match order.state.as_str() {
        "PENDING" => matches!(answer, "DECLINED" | "EXPIRED" | "STOCK_SHORT" | "WITHDRAWN"),
        "SENT_TO_VENDOR" => answer == "OFFERED",
        "CANCELLED" => !matches!(answer, "OFFERED" | "MOVING"),
        "REFUSED" => false,
        state if row(state) == Row::Passing => true,
        _ => answer == "ACCEPTED",
    };
    found.must(fits, &entity, || {
        format!(
            "is {} and its last offer {} is {answer}",
            order.state, last.attempt
        )
    });
    let taken = matches!(row(&order.state), Row::Open | Row::Posted) && order.state != "PENDING";
    found.must(!taken || last.vendor == order.vendor, &entity, || {
        format!("is {}'s, the last offer went to {}", order.vendor, last.vendor)
    });
    for offer in earlier
        .iter()
        .filter(|offer| matches!(offer.answer.as_str(), "OFFERED" | "MOVING" | "ACCEPTED"))
    {
        found.wrong(
            &entity,
            format!(
                "offer {} is still {} after a later one",
                offer.attempt, offer.answer
            ),
        );
    }
}
