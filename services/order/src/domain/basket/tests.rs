use super::*;

fn meaning(sku: &str) -> Meaning {
    Meaning {
        sku: sku.into(),
        name: format!("Name {sku}"),
        price_paisa: 1,
    }
}

fn item(phrase: &str, quantity: Option<&str>) -> Item {
    Item {
        phrase: phrase.into(),
        quantity: quantity.map(str::to_owned),
        impossible: None,
        unit: String::new(),
    }
}

fn found(skus: &[&str]) -> Match {
    Match {
        candidates: skus.iter().map(|s| meaning(s)).collect(),
        unit: "sack".into(),
        suggestions: vec![],
    }
}

#[test]
fn no_phrase_is_dropped_silently() {
    let items = [
        item("a", Some("1")),
        item("b", Some("2")),
        item("c", Some("3")),
        item("d", None),
        item("", Some("4")),
    ];
    let matches = vec![
        found(&["A"]),
        found(&["B1", "B2"]),
        found(&[]),
        found(&["D"]),
        found(&[]),
    ];
    let basket = gather(&items, matches);
    assert_eq!(
        (basket.lines.len(), basket.open.len(), basket.problems.len()),
        (1, 1, 3)
    );
}

#[test]
fn a_quantity_that_cannot_be_is_said_in_words() {
    let below = Item {
        impossible: Some("-3".into()),
        ..item("c", None)
    };
    let basket = gather(
        &[item("a", Some("0")), item("b", Some("1000001")), below],
        vec![found(&["A"]), found(&["B"]), found(&["C"])],
    );
    assert!(basket.lines.is_empty());
    assert_eq!(
        basket.problems,
        [
            "0 of \"a\" is not possible",
            "1000001 of \"b\" is not possible",
            "-3 of \"c\" is not possible"
        ]
    );
    assert_eq!(impossible(&item("a", Some("0.001"))), None);
    assert_eq!(impossible(&item("a", None)), None);
}

#[test]
fn a_question_is_answered_by_number_sku_or_a_telling_word() {
    let open = vec![Open {
        phrase: "chamal".into(),
        quantity: "2".into(),
        unit: "sack".into(),
        options: vec![meaning("R25"), meaning("R30")],
        more: 0,
        at: Some(0),
    }];
    let pick = |answer| choose(&[], &open, &answer).map(|(lines, _)| lines[0].sku.clone());
    assert_eq!(pick(Answer::Number(2)).as_deref(), Some("R30"));
    assert_eq!(pick(Answer::Text("r25".into())).as_deref(), Some("R25"));
    assert_eq!(pick(Answer::Text("name".into())), None, "fits both");
    assert_eq!(pick(Answer::Number(0)), None);
    assert_eq!(pick(Answer::Number(3)), None);
}

#[test]
fn lines_stand_where_the_shop_wrote_them() {
    let items: Vec<_> = ["a", "b", "c", "d"].map(|p| item(p, Some("1"))).into();
    let matches = vec![
        found(&["A1", "A2"]),
        found(&["B"]),
        found(&["C1", "C2"]),
        found(&["D"]),
    ];
    let basket = gather(&items, matches);
    let (mut lines, mut open) = (basket.lines, basket.open);
    while let Some((more, rest)) = choose(&lines, &open, &Answer::Number(2)) {
        (lines, open) = (more, rest);
    }
    let skus: Vec<_> = lines.iter().map(|line| line.sku.as_str()).collect();
    assert_eq!(skus, ["A2", "B", "C2", "D"]);
}

#[test]
fn states_survive_storage() {
    let asks = State::Choosing {
        lines: vec![],
        open: vec![],
        question: Some("inb_1".into()),
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
    let (lines, _) = choose(&lines, &open, &Answer::Number(1)).expect("an option");
    assert_eq!(lines[1].sku, "B");
}

#[test]
fn a_question_that_shows_ten_of_many_knows_how_many_more_there_are() {
    let skus: Vec<String> = (1..=13).map(|n| format!("R{n}")).collect();
    let skus: Vec<&str> = skus.iter().map(String::as_str).collect();
    let basket = gather(&[item("chamal", Some("2"))], vec![found(&skus)]);
    let asked = question(&basket.open[0], None);
    assert_eq!(asked["options"].as_array().map(Vec::len), Some(OPTIONS_MAX));
    assert_eq!(asked["more"], json!(3));
    let few = gather(&[item("chamal", Some("2"))], vec![found(&["A", "B"])]);
    assert_eq!(question(&few.open[0], None)["more"], json!(0));
}

#[test]
fn long_words_are_not_repeated_whole() {
    let digits = "9".repeat(2000);
    let long = Item {
        impossible: Some(digits.clone()),
        ..item(&"chini ".repeat(300), None)
    };
    let unknown = item(&digits, Some("1"));
    let open = item(&digits, Some("1"));
    let basket = gather(
        &[long, unknown, open, item(&digits, None)],
        vec![found(&["A"]), found(&[]), found(&["A", "B"]), found(&["A"])],
    );
    assert_eq!(basket.problems.len(), 3);
    for problem in &basket.problems {
        assert!(
            problem.chars().count() < 120 && problem.contains('…'),
            "{problem}"
        );
    }
    assert_eq!(basket.unknown.expect("one").0.chars().count(), 40);
    let phrase = question(&basket.open[0], None)["phrase"]
        .as_str()
        .map(|p| p.chars().count());
    assert_eq!(phrase, Some(40));
}
