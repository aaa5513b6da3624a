use proptest::prelude::*;

use super::*;

fn row(id: &str) -> Row {
    Row {
        id: id.into(),
        title: "Sugar".into(),
        description: "Rs 10".into(),
        word: String::new(),
    }
}

#[test]
fn lines_stay_whole_when_they_fit() {
    assert_eq!(
        split("one two\nthree four\nfive", 12),
        ["one two", "three four", "five"]
    );
    assert_eq!(split("ab\ncdefghijkl", 10), ["ab", "cdefghijkl"]);
}

#[test]
fn words_stay_whole_when_a_line_does_not_fit() {
    assert_eq!(split("alpha beta gamma", 10), ["alpha beta", "gamma"]);
}

#[test]
fn letters_keep_their_vowel_signs() {
    // Each syllable is a consonant and a vowel sign: two code points.
    let text = "\u{91A}\u{93F}\u{928}\u{940}".repeat(3);
    for piece in split(&text, 3) {
        assert!(
            !piece.starts_with(['\u{93F}', '\u{940}']),
            "{piece:?} starts with a vowel sign"
        );
    }
    // A conjunct (consonant, virama, consonant) is one letter.
    assert_eq!(
        split("\u{915}\u{94D}\u{937}\u{915}\u{94D}\u{937}", 4),
        ["\u{915}\u{94D}\u{937}"; 2]
    );
    assert_eq!(
        split("\u{1F44D}\u{1F3FD}\u{1F44D}\u{1F3FD}", 3),
        ["\u{1F44D}\u{1F3FD}"; 2]
    );
}

#[test]
fn a_letter_longer_than_the_limit_is_torn_rather_than_lost() {
    let text = format!("a{}", "\u{301}".repeat(9));
    assert_eq!(split(&text, 4).concat(), text);
}

#[test]
fn labels_are_shortened_with_an_ellipsis() {
    assert_eq!(shorten("Sugar", 5), "Sugar");
    assert_eq!(shorten("Jeera Masino rice", 7), "Jeera…");
    assert_eq!(chars(&shorten(&"x".repeat(90), 24)), 24);
}

#[test]
fn a_body_says_which_rule_it_breaks() {
    let good = Body::text("Pick")
        .button("A", "One")
        .button("B", "Two")
        .button("C", "Three");
    assert_eq!(good.misfit(), None);
    let bad = [
        Body::text(" \n"),
        good.clone().button("D", "Four"),
        good.clone().list("Choose", vec![row("1")]),
        Body::text("x").button("A", "One").button("A", "Two"),
        Body::text("x").button("A", "One").button("B", "One"),
        Body::text("x").button(" A", "One"),
        Body::text("x").button("A".repeat(257), "One"),
        Body::text("x").button("A", "T".repeat(21)),
        Body::text("x").list("Choose", vec![]),
        Body::text("x").list("Choose", vec![row("1"), row("1")]),
        Body::text("x").list("Choose", (0..11).map(|id| row(&id.to_string())).collect()),
        Body::text("x").list("C".repeat(21), vec![row("1")]),
    ];
    for body in bad {
        assert!(body.misfit().is_some(), "{body:?} must be refused");
    }
}

#[test]
fn choices_that_the_text_does_not_name_follow_as_numbered_words() {
    let body = Body::text("Order it?")
        .button("CONFIRM", "Confirm")
        .button("CANCEL", "Drop it");
    assert_eq!(
        body.flattened().text,
        "Order it?\n\nReply with one of:\n1. CONFIRM\n2. CANCEL (Drop it)"
    );
    let named = Body::text("Reply CONFIRM.").button("CONFIRM", "Confirm");
    assert_eq!(named.flattened(), Body::text("Reply CONFIRM."));
    let listed = Body::text("Which?\n1. Sugar").list("Choose", vec![row("1")]);
    assert_eq!(listed.flattened(), Body::text("Which?\n1. Sugar"));
}

#[test]
fn people_who_type_see_words_and_never_ids() {
    let bound = |text: &str| Body::text(text).worded_button("CONFIRM quo_1", "CONFIRM", "Confirm");
    assert_eq!(bound("Reply CONFIRM.").flattened(), Body::text("Reply CONFIRM."));
    assert_eq!(
        bound("Order it?").flattened().text,
        "Order it?\n\nReply with one of:\n1. CONFIRM"
    );
    let rows = vec![Row {
        word: "1".into(),
        ..row("OPTION inb_1 1")
    }];
    let listed = Body::text("Which?\n1. Sugar").list("Choose", rows);
    assert_eq!(listed.flattened(), Body::text("Which?\n1. Sugar"));
}

#[test]
fn bodies_that_were_stored_before_choices_had_words_are_still_read() {
    let stored = serde_json::json!({
        "text": "Order it?", "buttons": [{ "id": "CONFIRM", "title": "Confirm" }],
    });
    let body: Body = serde_json::from_value(stored.clone()).expect("a body");
    assert_eq!(body, Body::text("Order it?").button("CONFIRM", "Confirm"));
    assert_eq!(
        serde_json::to_value(&body).expect("JSON")["buttons"],
        stored["buttons"]
    );
}

#[test]
fn a_long_body_becomes_numbered_parts_and_the_last_has_the_buttons() {
    let text = (1..=60)
        .map(|n| format!("{n}. {}\n", "word ".repeat(18)))
        .collect::<String>()
        + "Reply OK.";
    let body = Body::text(text).button("OK", "Fine");
    let parts = body.parts(META);
    assert_eq!(parts.len(), 3);
    assert!(parts[0].text.starts_with("(1/3) 1. word") && parts[0].buttons.is_empty());
    assert!(parts[2].text.ends_with("Reply OK.") && parts[2].buttons == body.buttons);
    assert!(chars(&parts[2].text) <= 1_024);

    let parts = body.parts(TWILIO);
    assert!(
        parts.len() > 3
            && parts
                .iter()
                .all(|part| chars(&part.text) <= 1_600 && !part.is_interactive())
    );
    assert_eq!(Body::text("short").parts(TWILIO), [Body::text("short")]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn splitting_loses_nothing_but_white_space(
        text in "\\PC{0,80}[ \n]?[\\p{Devanagari} \n]{0,80}",
        limit in 1usize..40,
    ) {
        let pieces = split(&text, limit);
        prop_assert!(pieces.iter().all(|piece| !piece.is_empty() && chars(piece) <= limit));
        let bare = |text: &str| text.split_whitespace().collect::<String>();
        prop_assert_eq!(bare(&pieces.concat()), bare(&text));
    }

    #[test]
    fn every_part_fits_its_provider(text in "[a-z \n]{1,9000}", with_button: bool) {
        prop_assume!(!text.trim().is_empty());
        let body = if with_button { Body::text(text).button("OK", "Fine") } else { Body::text(text) };
        for limits in [META, TWILIO] {
            for part in body.parts(limits) {
                let max = limits.interactive.filter(|_| part.is_interactive()).unwrap_or(limits.text);
                prop_assert!(chars(&part.text) <= max);
                prop_assert_eq!(part.misfit(), None);
            }
        }
    }
}
