use super::*;

const ASKED: &str = "inb_0190f7a2c1d47cc3a0f1e2d3c4b5a697";
const NOW: &str = "inb_0190f7a2c1d47cc3a0f1e2d3c4b5a698";

fn shops() -> Vec<Choice> {
    let shop = |(account_id, name): (&str, &str)| Choice {
        account_id: account_id.to_owned(),
        name: name.to_owned(),
        place: String::new(),
    };
    [
        ("a", "Khadka Kirana"),
        ("b", "Khadka Kirana Pasal"),
        ("c", "श्री गणेश स्टोर"),
    ]
    .map(shop)
    .into()
}

fn question() -> Question {
    Question {
        shops: shops(),
        question: ASKED.to_owned(),
        waits: "2 bora chini".to_owned(),
        kept: Vec::new(),
        failed: 0,
        before: None,
    }
}

fn heard(said: &str) -> Heard<'_> {
    Heard {
        inbound_id: NOW,
        said,
        whole: true,
    }
}

fn answer(said: &str) -> Turn {
    turn(&shops(), heard(said), &State::WhichShop(question()), None)
}

fn confirming() -> State {
    State::Confirming {
        quote_id: "quo_1".to_owned(),
    }
}

#[test]
fn a_shop_is_chosen_by_tap_number_or_name() {
    for (said, at) in [
        (format!("OPTION {ASKED} 2").as_str(), 1),
        ("2", 1),
        ("३", 2),
        ("option 1", 0),
        ("the second one", 1),
        ("khadka kirana", 0),
        ("Khadka Kirana Pasal", 1),
        ("ganesh", 2),
        ("गणेश स्टोर", 2),
    ] {
        assert_eq!(answer(said), Turn::Chosen(at), "{said}");
    }
}

#[test]
fn nothing_is_chosen_on_a_guess() {
    for said in [
        "khadka",
        "ho",
        "4",
        "0",
        "CONFIRM",
        "received ORD2611000429",
        "HELP",
        "other kirana",
        format!("OPTION {ASKED} 9").as_str(),
        format!("CONFIRM {ASKED}").as_str(),
    ] {
        assert_eq!(answer(said), Turn::Again(1), "{said}");
    }
    for said in ["1 bora chamal", "hmm hmm", "STATUS", "balance kati cha"] {
        assert_eq!(answer(said), Turn::Keep, "{said}");
    }
    for said in ["", "SHOP"] {
        assert_eq!(answer(said), Turn::Again(0), "{said}");
    }
    assert_eq!(answer("cancel"), Turn::Dropped);
    assert_eq!(answer(&format!("OPTION {NOW} 1")), Turn::Outdated);
    assert_eq!(
        answer("CONFIRM quo_0190f7a2c1d47cc3a0f1e2d3c4b5a697"),
        Turn::Outdated
    );
}

#[test]
fn who_acts_for_a_shop_no_more_is_asked_anew() {
    let left = &shops()[..2];
    let state = State::WhichShop(question());
    let Turn::Ask(anew) = turn(left, heard("3"), &state, None) else {
        panic!("the third is gone");
    };
    assert_eq!((anew.shops.as_slice(), anew.question.as_str()), (left, NOW));
    assert_eq!(anew.waits, "2 bora chini", "it goes on waiting");
    assert_eq!(turn(left, heard("ganesh"), &state, None), Turn::Again(1));
}

#[test]
fn the_last_shop_holds_for_a_while_and_as_long_as_something_waits() {
    let at = DateTime::UNIX_EPOCH;
    let last = |party_id: &str| Last {
        party_id: party_id.to_owned(),
        at,
    };
    let held = |party_id: &str, state: &State, minutes| {
        let now = at + Duration::minutes(minutes);
        super::held(&shops(), Some(&last(party_id)), state, now, 60)
    };
    assert_eq!(held("b", &State::Idle, 60), Some(1));
    assert_eq!(held("b", &State::Idle, 61), None);
    assert_eq!(held("b", &confirming(), 61), Some(1));
    assert_eq!(held("z", &confirming(), 1), None, "not the phone's any more");
    assert_eq!(held("", &State::Idle, 1), None);
    assert_eq!(super::held(&shops(), None, &State::Idle, at, 60), None);
}

#[test]
fn what_is_written_waits_for_the_answer() {
    let ask = |said, at, state: &State| turn(&shops(), heard(said), state, at);
    let Turn::Ask(asked) = ask("2 bora chini", None, &State::Idle) else {
        panic!("nobody knows the shop");
    };
    assert_eq!((asked.waits.as_str(), asked.before), ("2 bora chini", None));
    assert_eq!(ask("2 bora chini", Some(1), &State::Idle), Turn::For(1));
    let tapped = "CONFIRM quo_0190f7a2c1d47cc3a0f1e2d3c4b5a697";
    assert_eq!(ask(tapped, None, &State::Idle), Turn::Outdated);
    let picture = Heard {
        whole: false,
        ..heard("this one")
    };
    let Turn::Ask(asked) = turn(&shops(), picture, &State::Idle, None) else {
        panic!("nobody knows the shop");
    };
    assert_eq!(asked.waits, "", "its words mean nothing without the picture");
}

#[test]
fn shop_asks_again_and_the_same_answer_drops_nothing() {
    for said in ["SHOP", "pasal", "दुकान", "Pasal!"] {
        let Turn::Ask(asked) = turn(&shops(), heard(said), &confirming(), Some(0)) else {
            panic!("{said}");
        };
        assert_eq!(asked.waits, "");
        assert_eq!(asked.clone().after("a"), (confirming(), false));
        assert_eq!(asked.after("b"), (State::Idle, true), "another shop's list");
    }
    let more = turn(&shops(), heard("pasal ma pathaunu"), &State::Idle, Some(0));
    assert_eq!(more, Turn::For(0));
}

#[test]
fn only_so_many_messages_are_kept_and_each_in_its_order() {
    let mut asked = question();
    for n in 0..KEPT_MAX {
        let (more, room) = asked.keeping(&format!("inb_{n}"), &format!("{n} bora chini"));
        assert!(room);
        asked = more;
    }
    let (full, room) = asked.clone().keeping("inb_9", "9 bora chini");
    assert_eq!((full, room), (asked.clone(), false));
    let ids: Vec<&str> = asked.kept.iter().map(|kept| kept.inbound_id.as_str()).collect();
    assert_eq!(ids, ["inb_0", "inb_1", "inb_2", "inb_3"]);
    let old = r#"{"shops":[],"question":"inb_1","waits":"x","failed":0,"before":null}"#;
    let old: Question = serde_json::from_str(old).expect("a state of before messages were kept");
    assert!(old.kept.is_empty());
}

#[test]
fn after_two_failed_answers_a_person_looks() {
    let (asked, person) = question().again(1);
    assert!(!person);
    let (asked, person) = asked.again(0);
    assert!(!person);
    let (asked, person) = asked.again(1);
    assert_eq!((asked.failed, person), (0, true));
}

#[test]
fn the_state_survives_a_trip_through_json() {
    let before = Before {
        account_id: "a".to_owned(),
        state: Box::new(confirming()),
    };
    let state = State::WhichShop(Question {
        before: Some(before),
        ..question()
    });
    let text = serde_json::to_value(&state).expect("plain data");
    assert_eq!(text["kind"], "which_shop");
    assert_eq!(serde_json::from_value::<State>(text).expect("read"), state);
}
