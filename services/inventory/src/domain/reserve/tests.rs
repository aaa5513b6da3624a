use super::*;
use crate::domain::reservation::examples::{attempt, line, reservation};
use crate::domain::vendor::id_of;

fn command(lines: Vec<Line>, replaces: Option<u32>) -> Reserve {
    Reserve {
        attempt: attempt(2),
        vendor_id: id_of("V01"),
        lines,
        replaces: replaces.map(attempt),
    }
}

fn row(vendor: &str, sku: &str, on_hand: i64, reserved: i64) -> StockRow {
    StockRow {
        vendor_id: id_of(vendor),
        sku: sku.parse().expect("a sku"),
        on_hand: Quantity::from_units(on_hand),
        reserved: Quantity::from_units(reserved),
        seq: 1,
    }
}

fn seen(stock: Vec<StockRow>) -> Snapshot {
    Snapshot {
        vendor_known: true,
        existing: None,
        replaced: None,
        stock,
    }
}

fn decide(command: &Reserve, seen: Snapshot) -> Result<Decision, Refusal> {
    command.decide(seen, DateTime::UNIX_EPOCH)
}

fn short(sku: &str, asked: i64, available: i64) -> Short {
    Short {
        sku: sku.parse().expect("a sku"),
        asked: Quantity::from_units(asked),
        available: Quantity::from_units(available),
    }
}

#[test]
fn everything_is_reserved_when_everything_is_there() {
    let lines = vec![line("A", 3), line("B", 1)];
    let made = decide(
        &command(lines.clone(), None),
        seen(vec![row("V01", "A", 5, 2), row("V01", "B", 1, 0)]),
    );
    let expected = reservation(2, State::Pending, "V01", lines);
    assert_eq!(
        made,
        Ok(Decision::Reserve {
            released: None,
            reservation: expected
        })
    );
}

#[test]
fn a_refusal_names_every_product_that_is_short_with_what_is_there() {
    let lines = vec![line("A", 4), line("B", 1), line("C", 1)];
    let refused = decide(
        &command(lines, None),
        seen(vec![row("V01", "A", 5, 2), row("V01", "B", 1, 0)]),
    );
    assert_eq!(
        refused,
        Err(Refusal::StockShort(vec![short("A", 4, 3), short("C", 1, 0)]))
    );
}

#[test]
fn the_stock_of_another_vendor_does_not_count() {
    let refused = decide(
        &command(vec![line("A", 1)], None),
        seen(vec![row("V02", "A", 5, 0)]),
    );
    assert_eq!(refused, Err(Refusal::StockShort(vec![short("A", 1, 0)])));
}

#[test]
fn a_repetition_gives_the_same_reservation_even_after_it_was_consumed() {
    let lines = vec![line("A", 1)];
    for state in [State::Pending, State::Consumed] {
        let existing = reservation(2, state, "V01", lines.clone());
        let again = Snapshot {
            existing: Some(existing.clone()),
            ..seen(vec![])
        };
        assert_eq!(
            decide(&command(lines.clone(), None), again),
            Ok(Decision::Same(existing))
        );
    }
}

#[test]
fn a_repetition_with_other_content_or_after_a_release_is_refused() {
    let again = |state, vendor, lines| Snapshot {
        existing: Some(reservation(2, state, vendor, lines)),
        ..seen(vec![])
    };
    let asked = command(vec![line("A", 1)], None);
    let other_lines = again(State::Pending, "V01", vec![line("A", 2)]);
    let other_vendor = again(State::Pending, "V02", vec![line("A", 1)]);
    let released = again(State::Released, "V01", vec![line("A", 1)]);
    assert_eq!(decide(&asked, other_lines), Err(Refusal::ReservationDiffers));
    assert_eq!(decide(&asked, other_vendor), Err(Refusal::ReservationDiffers));
    assert_eq!(decide(&asked, released), Err(Refusal::ReservationReleased));
}

#[test]
fn what_the_replaced_attempt_gives_back_at_the_same_vendor_counts() {
    let replaced = reservation(1, State::Pending, "V01", vec![line("A", 3)]);
    let stock = vec![row("V01", "A", 5, 4)];
    let with = |replaced| Snapshot {
        replaced: Some(replaced),
        ..seen(stock.clone())
    };
    let asked = command(vec![line("A", 4)], Some(1));
    let made = decide(&asked, with(replaced.clone()));
    assert!(
        matches!(made, Ok(Decision::Reserve { released: Some(ref r), .. }) if *r == replaced),
        "{made:?}"
    );
    let elsewhere = reservation(1, State::Pending, "V02", vec![line("A", 3)]);
    assert_eq!(
        decide(&asked, with(elsewhere)),
        Err(Refusal::StockShort(vec![short("A", 4, 1)]))
    );
}

#[test]
fn a_replaced_attempt_that_is_over_gives_nothing_back() {
    let stock = vec![row("V01", "A", 5, 0)];
    let asked = command(vec![line("A", 5)], Some(1));
    let with = |state| Snapshot {
        replaced: Some(reservation(1, state, "V01", vec![line("A", 3)])),
        ..seen(stock.clone())
    };
    let made = decide(&asked, with(State::Released));
    assert!(
        matches!(made, Ok(Decision::Reserve { released: None, .. })),
        "{made:?}"
    );
    assert_eq!(
        decide(&asked, with(State::Consumed)),
        Err(Refusal::ReservationConsumed)
    );
}

#[test]
fn an_unknown_vendor_is_told_apart_from_an_empty_shelf() {
    let nobody = Snapshot {
        vendor_known: false,
        ..seen(vec![])
    };
    assert_eq!(
        decide(&command(vec![line("A", 1)], None), nobody),
        Err(Refusal::VendorUnknown)
    );
}
