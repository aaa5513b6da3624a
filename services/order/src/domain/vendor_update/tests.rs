use super::*;
use crate::domain::basket::{Goods, SoldIn};
use crate::domain::interpret::Intent;

fn shelf() -> Shelf {
    let sold = |unit: &str, factor| SoldIn {
        unit: unit.to_owned(),
        factor,
    };
    let goods = |sku: &str, units: Vec<SoldIn>| Goods {
        sku: sku.to_owned(),
        name: format!("Name {sku}"),
        default_unit: units[0].unit.clone(),
        units,
        ..Goods::default()
    };
    let all = [
        goods("NOOD", vec![sold("packet", 1), sold("carton", 30)]),
        goods("DAAL", vec![sold("kg", 1)]),
    ];
    all.into_iter().map(|g| (g.sku.clone(), g)).collect()
}

fn line(sku: &str, milli: Option<i64>, unit: Unit, factor: u32, price: Option<i64>) -> Line {
    Line {
        phrase: format!("words of {sku}"),
        sku: sku.to_owned(),
        milli,
        unit,
        factor,
        op: None,
        price_paisa: price,
        score: 1000,
        at: 0,
    }
}

fn read(lines: Vec<Line>) -> Update {
    let meaning = Meaning {
        intent: Intent::StockUpdate,
        confidence: 900,
        lines,
        unknown: vec!["hmm".to_owned()],
        ..Meaning::default()
    };
    update(&meaning, &shelf())
}

#[test]
fn packs_become_sale_units_and_their_price_is_divided() {
    let got = read(vec![line("NOOD", Some(2_000), Unit::Carton, 30, Some(61_500))]);
    assert_eq!(got.unclear, ["hmm"]);
    let wish = &got.wishes[0];
    assert_eq!((wish.stock_milli, wish.price_paisa), (Some(60_000), Some(2_050)));
    assert_eq!((wish.unit.as_str(), quantity(60_000).as_str()), ("packet", "60"));
}

#[test]
fn nothing_is_rounded_and_nothing_is_dropped_silently() {
    let price = read(vec![line("NOOD", None, Unit::Carton, 30, Some(61_501))]);
    assert_eq!(
        (price.wishes.len(), price.unclear[0].as_str()),
        (0, "words of NOOD")
    );
    let dear = |paisa| read(vec![line("NOOD", Some(1_000), Unit::Packet, 1, Some(paisa))]);
    assert_eq!(dear(1_000_000_000).wishes.len(), 1);
    assert!(dear(1_000_000_001).wishes.is_empty(), "more than an offer takes");
    let half = read(vec![line("NOOD", Some(1_500), Unit::Packet, 1, None)]);
    assert!(half.wishes.is_empty());
    let loose = read(vec![line("DAAL", Some(1_500), Unit::Kg, 1, None)]);
    assert_eq!(loose.wishes[0].stock_milli, Some(1_500));
    let none = read(vec![line("NOOD", Some(0), Unit::Packet, 1, None)]);
    assert_eq!(none.wishes[0].stock_milli, Some(0), "sold out");
    let unknown = read(vec![line("GONE", Some(1_000), Unit::Packet, 1, None)]);
    assert_eq!(unknown.unclear.len(), 2);
}

#[test]
fn stock_and_price_of_one_product_are_one_wish() {
    let got = read(vec![
        line("NOOD", Some(5_000), Unit::Packet, 1, None),
        line("NOOD", None, Unit::Packet, 1, Some(2_000)),
    ]);
    assert_eq!(got.wishes.len(), 1);
    assert_eq!(
        (got.wishes[0].stock_milli, got.wishes[0].price_paisa),
        (Some(5_000), Some(2_000))
    );
    let many = (0..30).map(|_| line("NOOD", Some(1_000), Unit::Packet, 1, None));
    assert_eq!(read(many.collect()).wishes.len(), 1);
}

#[test]
fn of_two_figures_for_one_product_none_counts_and_both_are_named() {
    let got = read(vec![
        line("NOOD", Some(5_000), Unit::Packet, 1, Some(2_000)),
        line("DAAL", Some(7_000), Unit::Kg, 1, None),
        line("NOOD", Some(1_000), Unit::Carton, 30, Some(60_000)),
        line("NOOD", Some(6_000), Unit::Packet, 1, None),
    ]);
    assert_eq!(got.wishes.len(), 1);
    assert_eq!(got.wishes[0].sku, "DAAL");
    let [twice] = got.twice.as_slice() else {
        panic!("one product: {got:?}")
    };
    assert_eq!(twice.name, "Name NOOD");
    assert_eq!(twice.stock, ["5", "30", "6"]);
    assert_eq!(twice.price_paisa, [2_000], "a carton of 30 at Rs 600 is the same");
}

#[test]
fn what_has_left_since_it_was_shown_stays_gone() {
    let shown = Shown {
        price_paisa: 2_000,
        on_hand_milli: 100_000,
        lead_time_days: 1,
        minimum_quantity: 1,
    };
    let wish = Wish {
        shown: Some(shown),
        ..read(vec![line("NOOD", Some(90_000), Unit::Packet, 1, Some(2_100))])
            .wishes
            .remove(0)
    };
    assert_eq!(wish.difference_milli(), Some(-10_000));
    assert!(
        !wish.is_outdated(&Shown {
            on_hand_milli: 5,
            ..shown
        }),
        "the difference holds"
    );
    assert!(
        !wish.is_outdated(&Shown {
            price_paisa: 2_100,
            ..shown
        }),
        "it is in force already"
    );
    assert!(wish.is_outdated(&Shown {
        price_paisa: 2_200,
        ..shown
    }));
    assert!(wish.is_outdated(&Shown {
        minimum_quantity: 5,
        ..shown
    }));
    let same = Wish {
        stock_milli: Some(100_000),
        ..wish.clone()
    };
    assert_eq!(same.difference_milli(), None, "nothing to change");
    assert!(Wish { shown: None, ..wish }.is_outdated(&shown));
}
