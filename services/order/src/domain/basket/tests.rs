use khaacho_text::Unit;
use serde_json::json;

use super::*;
use crate::domain::heard::Heard;
use crate::domain::interpret::{Ask, Intent, Line, Meaning, Named, Op, Reason};

fn product(sku: &str) -> Product {
    Product {
        sku: sku.into(),
        name: format!("Name {sku}"),
        price_paisa: 1,
        units: vec!["packet".into(), "carton".into()],
    }
}

/// A catalogue of these products.
fn heard(skus: &[&str]) -> Heard {
    Heard {
        products: skus.iter().map(|sku| ((*sku).to_owned(), product(sku))).collect(),
        ..Heard::default()
    }
}

fn meaning(intent: Intent, lines: Vec<Line>, asks: Vec<Ask>) -> Meaning {
    Meaning {
        intent,
        confidence: 900,
        also: vec![],
        lines,
        asks,
        exclude: vec![],
        about: vec![],
        unknown: vec![],
        order_ref: None,
        amount_paisa: None,
        pay: None,
    }
}

fn line(phrase: &str, sku: &str, milli: i64) -> Line {
    Line {
        phrase: phrase.into(),
        sku: sku.into(),
        milli: Some(milli),
        unit: Unit::Carton,
        factor: 30,
        op: None,
        price_paisa: None,
        score: 1000,
    }
}

fn ask(phrase: &str, candidates: &[&str], milli: Option<i64>, reason: Reason) -> Ask {
    Ask {
        phrase: phrase.into(),
        candidates: candidates.iter().map(|c| (*c).to_owned()).collect(),
        milli,
        unit: None,
        reason,
        range: None,
        stated: milli.map(decimal),
        op: None,
    }
}

fn asked(sku: &str, quantity: &str, unit: &str) -> Asked {
    Asked {
        sku: sku.into(),
        quantity: quantity.into(),
        unit: unit.into(),
    }
}

fn list(text: &str, lines: Vec<Line>, asks: Vec<Ask>) -> Basket {
    let near = Near::from([("khaoi".to_owned(), vec![product("KHOI")])]);
    let heard = heard(&["A", "B", "C"]);
    gather(text, &meaning(Intent::Order, lines, asks), &heard, &near)
}

#[test]
fn every_thing_is_a_line_or_a_question_in_the_order_of_the_text() {
    let text = "1 x, 2 a, 3 khaoi, 4 c, b";
    let basket = list(
        text,
        vec![line("a", "A", 2_000), line("c", "C", 4_000)],
        vec![
            ask("x", &["A", "B"], Some(1_000), Reason::Product),
            ask("khaoi", &[], Some(3_000), Reason::UnknownProduct),
            ask("b", &["B"], None, Reason::Quantity),
        ],
    );
    assert_eq!(
        basket.lines,
        [asked("A", "2", "carton"), asked("C", "4", "carton")]
    );
    let open: Vec<_> = basket
        .open
        .iter()
        .map(|o| (o.phrase.as_str(), o.at, o.wants))
        .collect();
    assert_eq!(
        open,
        [
            ("x", Some(0), Wants::Product),
            ("khaoi", Some(2), Wants::Name),
            ("b", Some(4), Wants::Quantity)
        ]
    );
    assert!(basket.problems.is_empty(), "all of it is asked");

    // answered one after the other, every line stands where it was written
    let (lines, open) = pick(&basket.lines, &basket.open, 2).expect("an option");
    let (lines, open) = pick(&lines, &open, 1).expect("the near one");
    let answered = meaning(Intent::Order, vec![line("B", "B", 5_000)], vec![]);
    let (lines, open) = answer(&lines, &open, &answered, &heard(&["B"]), true).expect("a quantity");
    let skus: Vec<&str> = lines.iter().map(|l| l.sku.as_str()).collect();
    assert_eq!((skus, open.len()), (vec!["B", "A", "KHOI", "C", "B"], 0));
}

#[test]
fn what_is_left_out_moves_what_comes_later() {
    let basket = list(
        "x, a, y",
        vec![line("a", "A", 1_000)],
        vec![
            ask("x", &["A", "B"], Some(1_000), Reason::Product),
            ask("y", &["B", "C"], Some(1_000), Reason::Product),
        ],
    );
    let (lines, open) = leave_out(&basket.lines, &basket.open);
    assert_eq!((lines.len(), open.len(), open[0].at), (1, 1, Some(1)));
    assert_eq!(leave_out(&lines, &open), (lines, vec![]));
}

#[test]
fn a_list_of_which_nothing_is_known_is_only_told() {
    let unknown = ask("khaoi", &[], Some(1_000), Reason::UnknownProduct);
    let cannot = Ask {
        stated: Some("-3".into()),
        ..ask("a", &["A"], None, Reason::Quantity)
    };
    let basket = list(
        "khaoi a",
        vec![line("c", "C", 1_000_001_000)],
        vec![unknown, cannot],
    );
    assert!(basket.is_empty());
    assert_eq!(
        basket.problems,
        [
            "1000001 of \"c\" is not possible",
            "not understood: \"khaoi\"; near: Name KHOI",
            "-3 of \"a\" is not possible"
        ]
    );
    assert_eq!(
        basket.unknown.map(|(phrase, near)| (phrase, near.len())),
        Some(("khaoi".into(), 1))
    );
    assert_eq!(
        list("0 a", vec![], vec![]).problems.len(),
        1,
        "none of a thing is told, too"
    );
}

#[test]
fn a_quantity_that_does_not_do_is_asked_with_the_reason() {
    let odd = |reason, milli: Option<i64>, range, unit| {
        let odd = Ask {
            unit,
            range,
            ..ask("b", &["B"], milli, reason)
        };
        let basket = list("a b", vec![line("a", "A", 1_000)], vec![odd]);
        let (template, data) = question(&basket.open[0], None);
        assert_eq!((template, basket.open[0].wants), ("plain_text", Wants::Quantity));
        data["text"].as_str().expect("words").to_owned()
    };
    let end = "It is sold by the packet or carton. Reply with the quantity, for example 2 carton, or SKIP to go on \
               without it.";
    for (text, begins) in [
        (odd(Reason::Quantity, None, None, None), "How much Name B? "),
        (
            odd(Reason::Quantity, None, Some((2_000, 3_000)), None),
            "2 or 3? one number is needed. How much Name B? ",
        ),
        (
            odd(Reason::Unit, Some(1_000), None, Some(Unit::Crate)),
            "Name B is not sold by the crate. How much Name B? ",
        ),
        (
            odd(Reason::Fraction, Some(500), None, Some(Unit::Packet)),
            "Name B is only sold whole, not 0.5 packet. How much Name B? ",
        ),
    ] {
        assert_eq!(text, format!("{begins}{end}"));
    }
}

fn which() -> Vec<Open> {
    vec![Open {
        phrase: "x".into(),
        quantity: "2".into(),
        unit: "carton".into(),
        options: vec![product("A"), product("B"), product("C")],
        at: Some(0),
        ..Open::default()
    }]
}

#[test]
fn a_question_is_answered_by_number_or_by_name() {
    let open = which();
    let of = |answered: Option<Answered>| answered.map(|(lines, _)| lines);
    assert_eq!(of(pick(&[], &open, 2)), Some(vec![asked("B", "2", "carton")]));
    assert_eq!((pick(&[], &open, 0), pick(&[], &open, 4)), (None, None));
    let say =
        |meaning: &Meaning, completed| answer(&[], &open, meaning, &heard(&["A", "B", "C", "D"]), completed);
    // one of the options, with the quantity that is known or with its own
    let named = |sku, milli| meaning(Intent::Order, vec![line("c", sku, milli)], vec![]);
    assert_eq!(
        of(say(&named("C", 2_000), true)),
        Some(vec![asked("C", "2", "carton")])
    );
    let own = |sku| named(sku, 7_000);
    assert_eq!(of(say(&own("C"), false)), Some(vec![asked("C", "7", "carton")]));
    // another product is another list
    assert_eq!(
        (say(&named("D", 2_000), true), say(&own("D"), false)),
        (None, None)
    );
    // fewer are possible now
    let fewer = meaning(
        Intent::Order,
        vec![],
        vec![ask("x", &["A", "C"], Some(2_000), Reason::Product)],
    );
    let (lines, open) = say(&fewer, true).expect("narrowed");
    let left: Vec<&str> = open[0].options.iter().map(|p| p.sku.as_str()).collect();
    assert_eq!((lines.len(), left), (0, vec!["A", "C"]));
    // as many as before, or not all of it understood: no answer
    let same = meaning(
        Intent::Order,
        vec![],
        vec![ask("x", &["A", "B", "C"], Some(2_000), Reason::Product)],
    );
    let odd = Meaning {
        unknown: vec!["zzz".into()],
        ..own("C")
    };
    assert_eq!((say(&same, true), say(&odd, true)), (None, None));
}

#[test]
fn a_name_that_is_not_known_is_written_another_way() {
    let mut open = which();
    open[0].wants = Wants::Name;
    let say = |meaning: &Meaning, completed| answer(&[], &open, meaning, &heard(&["C", "D", "E"]), completed);
    let line_of_d = meaning(Intent::Order, vec![line("d", "D", 2_000)], vec![]);
    assert_eq!(
        say(&line_of_d, true).map(|(lines, _)| lines),
        Some(vec![asked("D", "2", "carton")])
    );
    let either = ask("d", &["D", "E"], Some(2_000), Reason::Product);
    let (_, narrowed) = say(&meaning(Intent::Order, vec![], vec![either]), true).expect("others");
    let left: Vec<&str> = narrowed[0].options.iter().map(|p| p.sku.as_str()).collect();
    assert_eq!(left, ["D", "E"]);
    let none = ask("zzz", &[], Some(2_000), Reason::UnknownProduct);
    assert_eq!(say(&meaning(Intent::Order, vec![], vec![none]), true), None);
    // a number of its own is no answer while it is not clear of what
    let own = ask("d", &["D", "E"], Some(5_000), Reason::Product);
    assert_eq!(say(&meaning(Intent::Order, vec![], vec![own]), false), None);
    assert_eq!(
        pick(&[], &open, 1).map(|(lines, _)| lines),
        Some(vec![asked("A", "2", "carton")]),
        "a near one"
    );
}

#[test]
fn what_is_chosen_and_not_sold_so_is_asked_for() {
    let mut open = which();
    open[0].unit = "sack".into();
    let (lines, open) = pick(&[], &open, 1).expect("an option");
    assert!(lines.is_empty());
    assert_eq!(
        (open[0].wants, open[0].why.as_str(), open[0].options.len()),
        (Wants::Quantity, "Name A is not sold by the sack", 1)
    );
    assert_eq!(pick(&lines, &open, 1), None, "a number is a quantity now");
}

#[test]
fn a_change_adds_sets_and_takes_away() {
    let basket = [asked("A", "2", "carton"), asked("B", "1", "sack")];
    let with = |op, mut l: Line| {
        l.op = Some(op);
        meaning(Intent::Change, vec![l], vec![])
    };
    let changed = change(&basket, &with(Op::Add, line("a", "A", 3_000)));
    assert_eq!(changed.lines[0], asked("A", "5", "carton"));
    let changed = change(&basket, &with(Op::Add, line("c", "C", 3_000)));
    assert_eq!(changed.lines[2], asked("C", "3", "carton"));
    let changed = change(&basket, &with(Op::Set, line("b", "B", 3_000)));
    assert_eq!(changed.lines[1], asked("B", "3", "carton"));
    let changed = change(&basket, &with(Op::Remove, line("a", "A", 0)));
    assert_eq!((changed.lines.len(), changed.any), (1, true));
    let changed = change(&basket, &with(Op::Remove, line("c", "C", 0)));
    assert_eq!(changed.problems, ["\"c\" is not in this basket"]);
    assert!(!changed.any && changed.lines == basket);
}

#[test]
fn a_change_is_clear_where_only_one_line_fits() {
    let basket = [asked("A", "2", "carton"), asked("B", "1", "sack")];
    let with = |op, ask: Ask| meaning(Intent::Change, vec![], vec![Ask { op: Some(op), ..ask }]);
    let removed = change(
        &basket,
        &with(Op::Remove, ask("a", &["A", "C"], None, Reason::Product)),
    );
    assert_eq!(removed.lines, [asked("B", "1", "sack")]);
    let both = change(
        &basket,
        &with(Op::Remove, ask("x", &["A", "B"], None, Reason::Product)),
    );
    assert!(
        !both.any && both.problems[0].starts_with("which \"x\"?"),
        "{both:?}"
    );
    let more = change(
        &basket,
        &with(Op::Add, ask("c", &["C", "D"], Some(1_000), Reason::Product)),
    );
    assert_eq!((more.unclear.len(), more.lines.len(), more.any), (1, 2, false));
    let nameless = ask("it", &[], Some(4_000), Reason::UnknownProduct);
    let only = change(&basket[..1], &with(Op::Set, nameless.clone()));
    assert_eq!(only.lines, [asked("A", "4", "carton")]);
    assert!(!change(&basket, &with(Op::Set, nameless)).any, "of which of two?");
    let mut without = meaning(Intent::Unknown, vec![], vec![]);
    without.exclude.push(Named {
        phrase: "b".into(),
        skus: vec!["B".into()],
    });
    assert_eq!(change(&basket, &without).lines, [asked("A", "2", "carton")]);
}

#[test]
fn states_survive_storage() {
    let asks = State::Choosing {
        lines: vec![],
        open: vec![Open {
            wants: Wants::Quantity,
            ..which().remove(0)
        }],
        question: Some("inb_1".into()),
        missed: 1,
    };
    assert_eq!(asks.missed_once_more().1, 2);
    assert_eq!(State::Idle.missed_once_more(), (State::Idle, 0));
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
            "phrase": "b", "quantity": "2", "unit": "sack",
            "options": [{ "sku": "B", "name": "Name B", "price_paisa": 1 }],
        }],
    });
    let state: State = serde_json::from_value(stored).expect("an old state");
    assert_eq!(state.asked(), None);
    let State::Choosing { lines, open, .. } = state else {
        panic!("{state:?}")
    };
    assert_eq!(question(&open[0], None).1["question"], json!(null));
    let (lines, _) = pick(&lines, &open, 1).expect("an option");
    assert_eq!(lines[1], asked("B", "2", "sack"));
}

#[test]
fn a_question_that_shows_ten_of_many_knows_how_many_more_there_are() {
    let skus: Vec<String> = (1..=13).map(|n| format!("R{n}")).collect();
    let skus: Vec<&str> = skus.iter().map(String::as_str).collect();
    let of = |skus: &[&str]| {
        let basket = list(
            "chamal",
            vec![],
            vec![ask("chamal", skus, Some(2_000), Reason::Product)],
        );
        question(&basket.open[0], Some("inb_1"))
    };
    let (template, data) = of(&skus);
    assert_eq!(template, "choose_product");
    assert_eq!(data["options"].as_array().map(Vec::len), Some(OPTIONS_MAX));
    assert_eq!((&data["more"], &data["question"]), (&json!(3), &json!("inb_1")));
    assert_eq!(of(&["A", "B"]).1["more"], json!(0));
}

#[test]
fn long_words_are_not_repeated_whole() {
    let long = "chini".repeat(300);
    let cannot = Ask {
        stated: Some("9".repeat(2000)),
        ..ask(&long, &["A"], None, Reason::Quantity)
    };
    let unknown = ask(&long, &[], Some(1_000), Reason::UnknownProduct);
    let basket = list(&long, vec![], vec![cannot, unknown]);
    assert_eq!(basket.problems.len(), 2);
    for problem in &basket.problems {
        assert!(
            problem.chars().count() < 120 && problem.contains('…'),
            "{problem}"
        );
    }
    let open = list(
        &long,
        vec![],
        vec![ask(&long, &["A", "B"], Some(1_000), Reason::Product)],
    );
    let phrase = question(&open.open[0], None).1["phrase"]
        .as_str()
        .map(|p| p.chars().count());
    assert_eq!(phrase, Some(40));
}
