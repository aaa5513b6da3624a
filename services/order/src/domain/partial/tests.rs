use super::*;
use crate::domain::basket::{Goods, SoldIn};
use crate::domain::fixtures;
use crate::domain::interpret::{Line as Read, Reason, Said};

fn ordered(sku: &str, quantity: &str, unit: &str, milli: i64) -> Line {
    Line {
        sku: sku.to_owned(),
        name: format!("Name {sku}"),
        quantity: quantity.to_owned(),
        unit: unit.to_owned(),
        quantity_milli: milli,
        ..fixtures::line()
    }
}

/// Five sacks of sugar, two cartons of noodles of 30 packets each, three jars of oil.
fn lines() -> Vec<Line> {
    vec![
        ordered("SUGAR", "5", "sack", 5_000),
        ordered("NOOD", "2", "carton", 60_000),
        ordered("OIL-SOY", "3", "jar", 3_000),
    ]
}

fn shelf() -> Shelf {
    let sold = |unit: &str, factor| SoldIn {
        unit: unit.to_owned(),
        factor,
    };
    let goods = |sku: &str, units: Vec<SoldIn>| Goods {
        sku: sku.to_owned(),
        default_unit: units[0].unit.clone(),
        units,
        ..Goods::default()
    };
    let all = [
        goods("SUGAR", vec![sold("sack", 1)]),
        goods("NOOD", vec![sold("packet", 1), sold("carton", 30)]),
    ];
    all.into_iter().map(|g| (g.sku.clone(), g)).collect()
}

fn read(sku: &str, milli: i64, unit: Unit, factor: u32, at: usize) -> Read {
    Read {
        phrase: sku.to_lowercase(),
        sku: sku.to_owned(),
        milli: Some(milli),
        unit,
        factor,
        op: None,
        price_paisa: None,
        score: 1000,
        at,
    }
}

fn named(phrase: &str, skus: &[&str]) -> Named {
    Named {
        phrase: phrase.to_owned(),
        skus: skus.iter().map(|sku| (*sku).to_owned()).collect(),
    }
}

fn ask(candidates: &[&str], milli: Option<i64>, unit: Option<Unit>, nameless: bool) -> Ask {
    Ask {
        phrase: "asked".to_owned(),
        candidates: candidates.iter().map(|sku| (*sku).to_owned()).collect(),
        milli,
        unit,
        reason: Reason::Product,
        range: None,
        op: None,
        nameless,
        at: 7,
    }
}

fn some(count: &str, unit: &str) -> Supply {
    Supply::Some(count.to_owned(), unit.to_owned())
}

#[test]
fn lines_and_excluded_goods_are_read_against_the_order() {
    let meaning = Meaning {
        lines: vec![read("SUGAR", 2_000, Unit::Sack, 1, 0)],
        exclude: vec![named("oil", &["OIL-SOY", "OIL-SUN"])],
        ..Meaning::default()
    };
    let got = partial(&meaning, &shelf(), &lines());
    assert_eq!(got.supplies, [some("2", "sack"), Supply::Unsaid, Supply::Nothing]);
    let rest = Meaning {
        rest: true,
        ..meaning
    };
    let got = partial(&rest, &shelf(), &lines());
    assert_eq!(got.supplies, [some("2", "sack"), Supply::All, Supply::Nothing]);
    assert!(!got.is_whole() && !got.is_nothing() && got.says_something());
}

#[test]
fn as_much_as_was_ordered_is_all_of_it_and_parts_of_a_carton_are_packets() {
    let meaning = |milli, unit, factor| Meaning {
        lines: vec![read("NOOD", milli, unit, factor, 0)],
        ..Meaning::default()
    };
    let noodles = |milli, unit, factor| {
        let mut got = partial(&meaning(milli, unit, factor), &shelf(), &lines());
        got.supplies.remove(1)
    };
    assert_eq!(noodles(2_000, Unit::Carton, 30), Supply::All);
    assert_eq!(noodles(9_000, Unit::Carton, 30), Supply::All);
    assert_eq!(noodles(1_000, Unit::Carton, 30), some("1", "carton"));
    assert_eq!(noodles(10_000, Unit::Packet, 1), some("10", "packet"));
    assert_eq!(noodles(0, Unit::Packet, 1), Supply::Nothing);
}

#[test]
fn what_only_the_order_makes_clear_is_read_with_it() {
    let got = |asks: Vec<Ask>, lines: &[Line]| {
        let meaning = Meaning {
            asks,
            ..Meaning::default()
        };
        partial(&meaning, &shelf(), lines)
    };
    let all = lines();
    // Of several sugars the order has one; the number alone counts what the order counts.
    let one = got(vec![ask(&["SUGAR", "SUGAR-KG"], Some(4_000), None, false)], &all);
    assert_eq!(one.supplies[0], some("4", "sack"));
    let packs = got(vec![ask(&["NOOD"], Some(1_000), None, false)], &all);
    assert_eq!(packs.supplies[1], some("1", "carton"));
    // "10 bora matra" of an order of one line; of three lines nobody knows of which.
    let nameless = ask(&[], Some(4_000), Some(Unit::Sack), true);
    assert_eq!(
        got(vec![nameless.clone()], &all[..1]).supplies,
        [some("4", "sack")]
    );
    let unclear = got(vec![nameless], &all);
    assert_eq!(unclear.unclear, ["asked"]);
    assert!(!unclear.says_something());
    // No quantity, and goods that are not in it.
    assert_eq!(
        got(vec![ask(&["SUGAR"], None, None, false)], &all).unclear,
        ["asked"]
    );
    assert_eq!(
        got(vec![ask(&["SALT"], Some(1_000), None, false)], &all).foreign,
        ["asked"]
    );
}

#[test]
fn two_figures_for_one_line_count_neither_and_both_are_named() {
    let said = |at, words: &str| Said {
        at,
        words: words.to_owned(),
    };
    let meaning = Meaning {
        lines: vec![
            read("SUGAR", 2_000, Unit::Sack, 1, 0),
            read("SUGAR", 3_000, Unit::Sack, 1, 4),
        ],
        said: vec![said(0, "sugar 2 bora"), said(4, "sugar 3 bora")],
        rest: true,
        ..Meaning::default()
    };
    let got = partial(&meaning, &shelf(), &lines());
    assert_eq!(got.supplies[0], Supply::Unsaid);
    assert_eq!(got.unclear, ["sugar 2 bora", "sugar 3 bora"]);
    assert!(!got.is_whole());
}

#[test]
fn a_narrower_name_stands_against_a_wider_one() {
    let meaning = |skus: &[&str]| Meaning {
        exclude: vec![named("oil", &["OIL-SOY", "OIL-SUN"])],
        supplies: vec![named("soy", skus)],
        ..Meaning::default()
    };
    let soy = partial(&meaning(&["OIL-SOY"]), &shelf(), &lines());
    assert_eq!(soy.supplies[2], Supply::All);
    let twice = partial(&meaning(&["OIL-SOY", "OIL-SUN"]), &shelf(), &lines());
    assert_eq!((&twice.supplies[2], twice.unclear.len()), (&Supply::Unsaid, 1));
}

#[test]
fn all_of_it_is_an_acceptance_and_none_of_it_a_refusal() {
    let whole = Meaning {
        rest: true,
        ..Meaning::default()
    };
    assert!(partial(&whole, &shelf(), &lines()).is_whole());
    let none = Meaning {
        exclude: vec![named("all", &["SUGAR", "NOOD", "OIL-SOY"])],
        ..Meaning::default()
    };
    assert!(partial(&none, &shelf(), &lines()).is_nothing());
    let unclear = Meaning {
        unknown: vec!["hmm".to_owned()],
        ..whole
    };
    assert!(!partial(&unclear, &shelf(), &lines()).is_whole());
}
