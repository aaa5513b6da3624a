use khaacho_text::Unit;
use serde_json::json;

use super::*;
use crate::domain::interpret::{Amount, Ask, Intent, Line, Meaning, Op, Reason};
use crate::domain::problem::Problem;

fn goods(sku: &str, default_unit: &str, units: &[(&str, u32)]) -> Goods {
    let sold = |(unit, factor): &(&str, u32)| SoldIn {
        unit: (*unit).to_owned(),
        factor: *factor,
    };
    Goods {
        sku: sku.to_owned(),
        name: format!("Name {sku}"),
        price_paisa: 1,
        available_milli: 1_000,
        default_unit: default_unit.to_owned(),
        units: units.iter().map(sold).collect(),
    }
}

fn shelf() -> Shelf {
    let all = [
        goods("SALT", "sack", &[("sack", 1)]),
        goods("SUGAR", "kg", &[("kg", 1)]),
        goods("VEG", "carton", &[("packet", 1), ("carton", 30)]),
        goods("CHICKEN", "carton", &[("packet", 1), ("carton", 30)]),
    ];
    all.into_iter().map(|g| (g.sku.clone(), g)).collect()
}

fn line(at: usize, sku: &str, milli: i64, unit: Unit, op: Option<Op>) -> Line {
    Line {
        phrase: sku.to_lowercase(),
        sku: sku.to_owned(),
        milli: Some(milli),
        unit,
        factor: 1,
        op,
        price_paisa: None,
        score: 1000,
        at,
    }
}

fn ask(at: usize, candidates: &[&str], milli: Option<i64>, unit: Option<Unit>, reason: Reason) -> Ask {
    Ask {
        phrase: "phrase".to_owned(),
        candidates: candidates.iter().map(|s| (*s).to_owned()).collect(),
        milli,
        unit,
        reason,
        range: None,
        op: None,
        nameless: false,
        at,
    }
}

fn meaning(lines: Vec<Line>, asks: Vec<Ask>) -> Meaning {
    Meaning {
        intent: Intent::Order,
        confidence: 900,
        lines,
        asks,
        ..Meaning::default()
    }
}

fn asked(sku: &str, quantity: &str, unit: &str) -> Asked {
    Asked {
        sku: sku.to_owned(),
        quantity: quantity.to_owned(),
        unit: unit.to_owned(),
        called: Vec::new(),
    }
}

fn called(phrase: &str, line: Asked) -> Asked {
    Asked {
        called: vec![phrase.to_owned()],
        ..line
    }
}

/// Answers the first question and takes the result in.
fn after(lines: &[Asked], open: &[Open], answer: Answer) -> Option<(Vec<Asked>, Vec<Open>)> {
    let settled = open.first()?.answered(&answer)?;
    Some(settle(lines, open, settled))
}

#[test]
fn lines_and_questions_stand_where_the_shop_wrote_them() {
    let wishes = meaning(
        vec![
            line(3, "SALT", 1_000, Unit::Sack, None),
            line(9, "SUGAR", 2_500, Unit::Kg, None),
        ],
        vec![
            ask(0, &["VEG", "CHICKEN"], Some(2_000), None, Reason::Product),
            ask(6, &["CHICKEN"], None, None, Reason::Quantity),
        ],
    );
    let basket = gather(&wishes, &shelf());
    assert_eq!(
        basket.lines,
        [asked("SALT", "1", "sack"), asked("SUGAR", "2.5", "kg")]
    );
    assert!(basket.problems.is_empty() && !basket.is_unknown());
    let (lines, open) = after(&basket.lines, &basket.open, Answer::Number(1)).expect("an option");
    let two = Amount {
        milli: 2_000,
        unit: Some(Unit::Packet),
    };
    let (lines, open) = after(&lines, &open, Answer::Amount(two)).expect("a quantity");
    assert!(open.is_empty());
    let skus: Vec<_> = lines
        .iter()
        .map(|l| (l.sku.as_str(), l.quantity.as_str(), l.unit.as_str()))
        .collect();
    assert_eq!(
        skus,
        [
            ("VEG", "2", "carton"),
            ("SALT", "1", "sack"),
            ("CHICKEN", "2", "packet"),
            ("SUGAR", "2.5", "kg")
        ]
    );
}

#[test]
fn the_same_thing_twice_is_one_line() {
    let wishes = meaning(
        vec![
            line(0, "VEG", 1_000, Unit::Carton, None),
            line(2, "SALT", 1_000, Unit::Sack, None),
            line(4, "VEG", 5_000, Unit::Packet, None),
            line(6, "SALT", 2_000, Unit::Sack, None),
        ],
        Vec::new(),
    );
    let basket = gather(&wishes, &shelf());
    assert_eq!(
        basket.lines,
        [asked("VEG", "35", "packet"), asked("SALT", "3", "sack")]
    );
}

#[test]
fn a_quantity_that_cannot_be_is_said_in_words() {
    let wishes = meaning(
        vec![line(0, "VEG", 9_000_000_000, Unit::Carton, None)],
        Vec::new(),
    );
    let basket = gather(&wishes, &shelf());
    assert!(basket.lines.is_empty());
    let impossible = Problem::NotPossible {
        quantity: "9000000".to_owned(),
        phrase: "veg".to_owned(),
    };
    assert_eq!(basket.problems, [impossible]);
}

#[test]
fn units_and_parts_are_held_to_what_is_sold() {
    let shelf = shelf();
    let of = |sku: &str, milli, unit| shelf[sku].line(milli, unit).map(|l| (l.quantity, l.unit));
    let is = |quantity: &str, unit: &str| Ok((quantity.to_owned(), unit.to_owned()));
    assert_eq!(of("VEG", 500, Some("carton")), is("0.5", "carton"));
    assert_eq!(of("VEG", 500, Some("packet")), Err(Why::Fraction));
    assert_eq!(of("VEG", 2_000, Some("piece")), is("2", "packet"));
    assert_eq!(of("VEG", 2_000, Some("sack")), Err(Why::Unit));
    assert_eq!(of("SUGAR", 500_000, Some("g")), is("0.5", "kg"));
    assert_eq!(of("SUGAR", 750, None), is("0.75", "kg"));
    assert_eq!(of("SALT", 0, None), Err(Why::Quantity));
    assert_eq!(of("SALT", i64::MAX, None), Err(Why::Quantity));
}

#[test]
fn a_question_goes_from_the_product_to_the_quantity() {
    let wishes = meaning(
        Vec::new(),
        vec![ask(0, &["VEG", "CHICKEN"], None, None, Reason::Product)],
    );
    let basket = gather(&wishes, &shelf());
    let (lines, open) = after(&basket.lines, &basket.open, Answer::Row(2)).expect("a row");
    assert!(lines.is_empty() && !open[0].asks_product());
    assert_eq!(
        (open[0].why, open[0].options[0].sku.as_str()),
        (Why::Quantity, "CHICKEN")
    );
    let (lines, open) = after(&lines, &open, Answer::Number(7)).expect("a number is a quantity here");
    let line = called(&wishes.asks[0].phrase, asked("CHICKEN", "7", "carton"));
    assert_eq!((lines, open), (vec![line], Vec::new()));
}

#[test]
fn a_range_and_a_part_offer_what_is_near() {
    let mut range = ask(0, &["SALT"], None, Some(Unit::Sack), Reason::Quantity);
    range.range = Some((2_000, 3_000));
    let half = ask(1, &["SALT"], Some(2_500), Some(Unit::Sack), Reason::Fraction);
    let basket = gather(&meaning(Vec::new(), vec![range, half]), &shelf());
    assert_eq!(basket.open[0].amounts, ["2", "3"]);
    assert_eq!(basket.open[1].amounts, ["2", "3"]);
    let (lines, open) = after(&[], &basket.open, Answer::Row(2)).expect("a row");
    let (lines, _) = after(&lines, &open, Answer::Skip).expect("left out");
    assert_eq!(lines, [asked("SALT", "3", "sack")]);
}

#[test]
fn an_answer_that_fits_nothing_settles_nothing() {
    let wishes = meaning(
        Vec::new(),
        vec![ask(0, &["VEG", "CHICKEN"], Some(1_000), None, Reason::Product)],
    );
    let open = gather(&wishes, &shelf()).open;
    let two = Amount {
        milli: 2_000,
        unit: None,
    };
    for answer in [
        Answer::Number(0),
        Answer::Number(3),
        Answer::Row(3),
        Answer::Amount(two),
        Answer::Product("SALT".to_owned(), None),
    ] {
        assert_eq!(open[0].answered(&answer), None, "{answer:?}");
    }
}

#[test]
fn a_basket_is_changed_by_adding_setting_and_taking_away() {
    let before = [asked("SALT", "2", "sack"), asked("VEG", "1", "carton")];
    let changed = |lines, asks| change(&before, &meaning(lines, asks), &shelf());
    let added = changed(
        vec![line(0, "VEG", 2_000, Unit::Carton, Some(Op::Add))],
        Vec::new(),
    );
    assert_eq!(added.lines[1], asked("VEG", "3", "carton"));
    let set = changed(
        vec![line(0, "SALT", 5_000, Unit::Sack, Some(Op::Set))],
        Vec::new(),
    );
    assert_eq!(set.lines[0], asked("SALT", "5", "sack"));
    let removed = changed(vec![line(0, "SALT", 0, Unit::Sack, Some(Op::Remove))], Vec::new());
    assert_eq!(removed.lines, [asked("VEG", "1", "carton")]);
    let absent = changed(vec![line(0, "SUGAR", 0, Unit::Kg, Some(Op::Remove))], Vec::new());
    assert_eq!((absent.lines.len(), absent.problems.len()), (2, 1));
    // of two that fit, the one that stands there is meant
    let mut which = ask(
        0,
        &["VEG", "CHICKEN"],
        Some(4_000),
        Some(Unit::Carton),
        Reason::Product,
    );
    which.op = Some(Op::Set);
    assert_eq!(
        changed(Vec::new(), vec![which.clone()]).lines[1],
        asked("VEG", "4", "carton")
    );
    which.op = Some(Op::Remove);
    assert_eq!(
        changed(Vec::new(), vec![which]).lines,
        [asked("SALT", "2", "sack")]
    );
    let mut new = ask(0, &["SUGAR"], None, None, Reason::Quantity);
    new.op = Some(Op::Add);
    let asks = changed(Vec::new(), vec![new]);
    assert_eq!((asks.lines.len(), asks.open.len()), (2, 1));
}

#[test]
fn make_it_four_means_the_only_thing_there_is() {
    let mut it = ask(0, &[], Some(4_000), Some(Unit::Sack), Reason::UnknownProduct);
    it.op = Some(Op::Set);
    let mut momo = it.clone();
    momo.phrase = "momo".to_owned();
    let momo = change(
        &[asked("SALT", "2", "sack")],
        &meaning(Vec::new(), vec![momo]),
        &Shelf::new(),
    );
    assert_eq!(
        (momo.lines[0].quantity.as_str(), momo.open.len()),
        ("2", 1),
        "another thing"
    );
    it.nameless = true;
    let it = meaning(Vec::new(), vec![it]);
    let only = change(&[asked("SALT", "2", "sack")], &it, &Shelf::new());
    assert_eq!(only.lines, [asked("SALT", "4", "sack")]);
    let two = [asked("SALT", "2", "sack"), asked("VEG", "1", "carton")];
    let unclear = change(&two, &it, &Shelf::new());
    assert_eq!((unclear.lines.len(), unclear.open.len()), (2, 1));
}

#[test]
fn states_survive_storage() {
    let asks = State::Choosing {
        lines: vec![],
        open: vec![],
        question: Some("inb_1".into()),
        failed: 1,
    };
    let quoted = State::Confirming {
        quote_id: "quo_1".into(),
    };
    assert_eq!(
        [&asks, &quoted, &State::Idle].map(State::asked),
        [Some("inb_1"), Some("quo_1"), None]
    );
    for state in [asks, quoted] {
        let stored = serde_json::to_value(&state).expect("json");
        assert_eq!(serde_json::from_value::<State>(stored).expect("state"), state);
    }
}

#[test]
fn questions_of_before_rows_named_them_are_still_answered() {
    let stored = json!({
        "kind": "choosing", "lines": [{ "sku": "A", "quantity": "1", "unit": "" }],
        "open": [{
            "phrase": "b", "quantity": "2", "unit": "",
            "options": [{ "sku": "B", "name": "Name B", "price_paisa": 1 }],
        }],
    });
    let state: State = serde_json::from_value(stored).expect("an old state");
    assert_eq!(state.asked(), None);
    let State::Choosing { lines, open, .. } = state else {
        panic!("{state:?}")
    };
    assert_eq!(question(&open[0], None)["question"], json!(null));
    let (lines, _) = after(&lines, &open, Answer::Number(1)).expect("an option");
    assert_eq!(lines[1], called("b", asked("B", "2", "")));
}

#[test]
fn a_question_that_shows_ten_of_many_knows_how_many_more_there_are() {
    let many: Shelf = (1..=13)
        .map(|n| format!("R{n:02}"))
        .map(|sku| (sku.clone(), goods(&sku, "sack", &[("sack", 1)])))
        .collect();
    let skus: Vec<&str> = many.keys().map(String::as_str).collect();
    let wish = meaning(
        Vec::new(),
        vec![ask(0, &skus, Some(2_000), None, Reason::Product)],
    );
    let asked = question(&gather(&wish, &many).open[0], None);
    assert_eq!(asked["options"].as_array().map(Vec::len), Some(OPTIONS_MAX));
    assert_eq!(asked["more"], json!(3));
}

#[test]
fn long_words_are_not_repeated_whole() {
    let mut long = ask(0, &["VEG", "CHICKEN"], Some(1_000), None, Reason::Product);
    long.phrase = "chini ".repeat(300);
    let mut impossible = line(1, "VEG", 9_000_000_000, Unit::Carton, None);
    impossible.phrase = "चिनी".repeat(200);
    let basket = gather(&meaning(vec![impossible], vec![long]), &shelf());
    let problem = format!("{:?}", basket.problems[0]);
    assert!(problem.chars().count() < 120, "{problem}");
    let phrase = question(&basket.open[0], None)["phrase"]
        .as_str()
        .map(|p| p.chars().count());
    assert!(phrase.is_some_and(|count| count <= 40), "{phrase:?}");
}
