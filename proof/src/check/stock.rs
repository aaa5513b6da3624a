//! I5 and I6: stock is conserved and never oversold.

use super::facts::{Facts, stock_name};
use super::index::{Index, rows, summed};
use super::verdict::{Found, Judged};
use crate::views::StockEvent;

/// I5: what is there is what came minus what left, and what is promised is what is promised to somebody.
pub(super) fn conserved(facts: &Facts<'_>) -> Judged {
    let mut found = Found::default();
    sums(&facts.last, &mut found);
    reservations(&facts.last, &mut found);
    if facts.settled {
        delivered(&facts.last, &mut found);
    }
    Judged::Checked(found)
}

/// I6: no prefix of the moves has less than is promised.
pub(super) fn never_oversold(facts: &Facts<'_>) -> Judged {
    let mut found = Found::default();
    prefixes(&facts.last, &mut found);
    Judged::Checked(found)
}

/// The columns are the sums of the moves; the promised part is what pending reservations hold.
pub(super) fn sums(index: &Index<'_>, found: &mut Found) {
    let mut promised = std::collections::HashMap::new();
    for reservation in index.views.reservation.iter().filter(|r| r.state == "PENDING") {
        for line in rows(&index.reservation_lines, &reservation.res_id) {
            *promised
                .entry((reservation.vendor.as_str(), line.sku.as_str()))
                .or_insert(0) += line.quantity_milli;
        }
    }
    for stock in &index.views.stock {
        found.case();
        let key = (stock.vendor.as_str(), stock.sku.as_str());
        let entity = stock_name(key.0, key.1);
        let events = index.stock_events.get(&key).map_or(&[][..], Vec::as_slice);
        let on_hand: i64 = events.iter().map(|e| e.d_on_hand_milli).sum();
        let reserved: i64 = events.iter().map(|e| e.d_reserved_milli).sum();
        found.must(on_hand == stock.on_hand_milli, &entity, || {
            format!(
                "on hand are {} milli, its moves sum to {on_hand}",
                stock.on_hand_milli
            )
        });
        found.must(reserved == stock.reserved_milli, &entity, || {
            format!(
                "reserved are {} milli, its moves sum to {reserved}",
                stock.reserved_milli
            )
        });
        let pending = promised.remove(&key).unwrap_or(0);
        found.must(pending == stock.reserved_milli, &entity, || {
            format!(
                "reserved are {} milli, pending reservations hold {pending}",
                stock.reserved_milli
            )
        });
    }
    for ((vendor, sku), milli) in promised {
        found.wrong(
            &stock_name(vendor, sku),
            format!("{milli} milli are reserved of a stock that does not exist"),
        );
    }
    for (vendor, sku) in index
        .stock_events
        .keys()
        .filter(|key| !index.stock.contains_key(*key))
    {
        found.wrong(
            &stock_name(vendor, sku),
            "moves of a stock that does not exist".to_owned(),
        );
    }
}

/// Each reservation moved the stock once when it was made and once when it was closed.
fn reservations(index: &Index<'_>, found: &mut Found) {
    let mut moves = std::collections::HashMap::new();
    for event in index.views.stock_event.iter().filter(|e| !e.res_id.is_empty()) {
        let sum = moves
            .entry((event.res_id.as_str(), event.sku.as_str(), event.kind.as_str()))
            .or_insert((0, 0));
        *sum = (sum.0 + 1, sum.1 + event.d_reserved_milli);
    }
    for reservation in &index.views.reservation {
        found.case();
        let entity = format!(
            "reservation {} of order {}",
            reservation.res_id, reservation.order_id
        );
        let closing = match reservation.state.as_str() {
            "CONSUMED" => "consume",
            "RELEASED" => "release",
            _ => "",
        };
        for line in rows(&index.reservation_lines, &reservation.res_id) {
            for kind in ["reserve", "release", "consume"] {
                let (times, sum) = moves
                    .remove(&(&reservation.res_id, &line.sku, kind))
                    .unwrap_or((0, 0));
                let wanted = match kind {
                    "reserve" => (1, line.quantity_milli),
                    kind if kind == closing => (1, -line.quantity_milli),
                    _ => (0, 0),
                };
                found.must((times, sum) == wanted, &entity, || {
                    let (n, milli) = wanted;
                    let state = &reservation.state;
                    format!(
                        "is {state}: wants {n} {kind} of {milli} milli of {}, has {times} of {sum}",
                        line.sku
                    )
                });
            }
        }
    }
    for ((res_id, sku, kind), _) in moves {
        found.wrong(
            &format!("reservation {res_id}"),
            format!("moves ({kind}) of {sku}, which is no line of it"),
        );
    }
}

/// What is on hand is what vendors put there minus what delivered orders took, by the orders' own lines.
fn delivered(index: &Index<'_>, found: &mut Found) {
    let mut wanted = std::collections::BTreeMap::new();
    for event in index
        .views
        .stock_event
        .iter()
        .filter(|e| matches!(e.kind.as_str(), "opening" | "adjust"))
    {
        *wanted
            .entry((event.vendor.as_str(), event.sku.as_str()))
            .or_insert(0) += event.d_on_hand_milli;
    }
    for order in index
        .views
        .orders
        .iter()
        .filter(|o| matches!(o.state.as_str(), "DELIVERED" | "COMPLETED"))
    {
        for line in rows(&index.order_lines, &order.order_id) {
            *wanted
                .entry((order.vendor.as_str(), line.sku.as_str()))
                .or_insert(0) -= line.quantity_milli;
        }
    }
    for (key, milli) in wanted {
        found.case();
        let there = index.stock.get(&key).map_or(0, |stock| stock.on_hand_milli);
        found.must(there == milli, &stock_name(key.0, key.1), || {
            format!("on hand are {there} milli; put there minus delivered makes {milli}")
        });
    }
}

/// Gap-free numbers, the shape of every move, and 0 ≤ reserved ≤ on hand after each of them.
pub(super) fn prefixes(index: &Index<'_>, found: &mut Found) {
    for ((vendor, sku), events) in &index.stock_events {
        let entity = stock_name(vendor, sku);
        let (mut on_hand, mut reserved) = (0_i64, 0_i64);
        for (wanted, event) in (1_i64..).zip(events) {
            found.case();
            if event.seq != wanted {
                found.wrong(
                    &entity,
                    format!("move {wanted} is missing or doubled: found {}", event.seq),
                );
                break;
            }
            on_hand += event.d_on_hand_milli;
            reserved += event.d_reserved_milli;
            found.must(well_formed(event), &entity, || {
                format!("move {wanted} is no {}: {event:?}", event.kind)
            });
            if !(0 <= reserved && reserved <= on_hand) {
                let message = format!(
                    "after move {wanted} ({}) {reserved} of {on_hand} milli are reserved",
                    event.kind
                );
                found.shown(&entity, message, vec![format!("{event:?}")]);
                break;
            }
        }
        let row = index.stock.get(&(*vendor, *sku));
        let last = events.last().map_or(0, |event| event.seq);
        found.must(row.is_none_or(|row| row.seq == last), &entity, || {
            format!(
                "its last move is {last}, the row says {}",
                row.map_or(0, |row| row.seq)
            )
        });
    }
    for row in &index.views.stock {
        let (there, promised) = (row.on_hand_milli, row.reserved_milli);
        found.must(
            0 <= promised && promised <= there,
            &stock_name(&row.vendor, &row.sku),
            || format!("{promised} of {there} milli are reserved"),
        );
    }
}

fn well_formed(event: &StockEvent) -> bool {
    let (on_hand, reserved) = (event.d_on_hand_milli, event.d_reserved_milli);
    let of_order = !event.res_id.is_empty() && !event.order_id.is_empty();
    match event.kind.as_str() {
        "opening" => reserved == 0 && event.seq == 1 && event.res_id.is_empty(),
        "adjust" => reserved == 0 && event.res_id.is_empty(),
        "reserve" => on_hand == 0 && reserved > 0 && of_order,
        "release" => on_hand == 0 && reserved < 0 && of_order,
        "consume" => on_hand < 0 && on_hand == reserved && of_order,
        _ => false,
    }
}

/// Lines of a reservation, summed per product.
pub(super) fn reserved_lines(index: &Index<'_>, res_id: &str) -> Vec<(String, i64)> {
    summed(
        rows(&index.reservation_lines, res_id)
            .iter()
            .map(|l| (l.sku.as_str(), l.quantity_milli)),
    )
}
