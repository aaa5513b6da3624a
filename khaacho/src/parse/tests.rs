use khaacho_order::domain::assist::unread;

use super::score::Tally;
use super::*;

fn floors(labels: &str, clear: f64, intents: f64, asked: f64) {
    let score = score(labels).expect("a clean corpus");
    let t = &score.overall;
    let faults = score.faults.join("\n");
    assert!(
        Tally::percent(t.silent_wrong, t.accepted) <= 0.2,
        "silent wrong lines: {t:?}\n{faults}"
    );
    assert!(
        Tally::percent(t.understood, t.clear) >= clear,
        "understood lines: {t:?}\n{faults}"
    );
    assert!(
        Tally::percent(t.intents, t.messages) >= intents,
        "intents: {t:?}\n{faults}"
    );
    assert!(
        Tally::percent(t.asked, t.unclear) >= asked,
        "questions: {t:?}\n{faults}"
    );
}

#[test]
fn the_development_corpus_is_understood() {
    floors(DEVELOPMENT, 97.0, 98.0, 98.0);
}

#[test]
fn other_words_are_understood_too() {
    floors(OTHER_WORDS, 95.0, 98.0, 98.0);
}

#[test]
fn messages_by_other_hands_are_understood() {
    floors(OTHER_HANDS, 91.0, 97.0, 96.0);
    floors(ROMANISED, 93.0, 99.0, 98.0);
    floors(HARD, 93.0, 99.0, 98.0);
    floors(HELD, 97.0, 99.0, 96.0);
}

#[test]
fn every_decision_is_explained() {
    let products = catalogue::read(CATALOGUE).expect("the catalogue");
    let matcher = Matcher::build(products);
    let explained = |text: &str| {
        let meaning = understand(&matcher, text, Party::Retailer, Awaiting::Unstated);
        json::Out::of(serde_json::Value::Null, meaning, true).why
    };
    let why = explained("chini 2 bora, waiwai 3 ctn, nun, zzebra 4 carton");
    assert_eq!(why.len(), 5, "{why:#?}");
    for (sentence, says) in why.iter().zip([
        "order",
        "one product fits, SUGAR-50KG, as the catalogue writes it; 2 sack",
        "4 products fit",
        "nothing tells them apart",
        "no product of the catalogue fits",
    ]) {
        assert!(sentence.contains(says), "{sentence} / {says}");
    }
    let hasty = explained("hrpic 6 btl");
    assert!(
        hasty[1].contains("another spelling, 860 of 1000 where 800 are enough"),
        "{hasty:#?}"
    );
}

#[test]
fn the_report_is_true() {
    let page = report::page().expect("clean corpora");
    let kept = include_str!("../../../docs/understanding.md");
    assert!(
        page == kept,
        "write it again: khaacho parse --report > docs/understanding.md"
    );
}

/// Numbers that look random and are the same every time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % limit.max(1)
    }
}

/// Every line is a line of a product that exists, in one of its units, and whole in sale units.
fn check(text: &str, matcher: &Matcher, products: &[khaacho_inventory::domain::matcher::Described]) {
    for party in [Party::Retailer, Party::Vendor] {
        let meaning = understand(matcher, text, party, Awaiting::Unstated);
        for line in &meaning.lines {
            let product = products.iter().find(|p| p.sku == line.sku).expect("a product");
            let unit = product.order_units.iter().find(|(unit, _)| *unit == line.unit);
            let (_, factor) =
                unit.unwrap_or_else(|| panic!("{} is no unit of {}: {text:?}", line.unit, line.sku));
            let sale = line.milli.unwrap_or(0) * i64::from(*factor);
            assert!(
                sale % 1000 == 0 || product.base_unit == khaacho_text::Unit::Kg,
                "{text:?}"
            );
        }
        for ask in &meaning.asks {
            assert!(
                text.contains(&ask.phrase),
                "{:?} does not stand in {text:?}",
                ask.phrase
            );
        }
    }
}

#[test]
fn no_text_makes_it_panic_or_sell_what_cannot_be_sold() {
    let products = catalogue::read(CATALOGUE).expect("a clean catalogue");
    let matcher = Matcher::build(products.clone());
    let words: Vec<&str> = DEVELOPMENT.split([' ', '"']).filter(|w| !w.is_empty()).collect();
    let strange = [
        "\u{0}",
        "\u{200d}",
        "ा",
        "🙂",
        "½",
        "９",
        "-",
        "\n",
        "1.",
        "((",
        "0.0005",
        "99999999999999999999",
        "x",
        "@",
        "रू",
        "é",
        "\u{93c}",
    ];
    let mut numbers = Numbers(7);
    for _ in 0..3_000 {
        let mut text = String::new();
        for _ in 0..numbers.below(14) {
            let piece = if numbers.below(5) == 0 {
                strange[numbers.below(strange.len())]
            } else {
                words[numbers.below(words.len())]
            };
            text.push_str(piece);
            if numbers.below(4) > 0 {
                text.push(' ');
            }
        }
        check(&text, &matcher, &products);
    }
}

#[test]
fn long_texts_are_read_in_bounded_time_and_space() {
    let products = catalogue::read(CATALOGUE).expect("a clean catalogue");
    let matcher = Matcher::build(products.clone());
    for text in [
        "chini ".repeat(20_000),
        "1".repeat(100_000),
        "wai-".repeat(9_000),
        "2 ".repeat(30_000),
        "ko ".repeat(30_000),
        ",".repeat(50_000),
    ] {
        check(&text, &matcher, &products);
    }
}

/// Words are shown to a language model only where something is wanted that the catalogue does not know.
#[test]
fn few_messages_of_the_corpora_have_words_to_show() {
    let matcher = catalogue::matcher(CATALOGUE).expect("a catalogue");
    let (mut messages, mut shown) = (0, Vec::new());
    for line in DEVELOPMENT.lines().chain(OTHER_WORDS.lines()) {
        let label: score::Label = serde_json::from_str(line).expect("a label");
        if label.party() == Party::Vendor {
            continue;
        }
        messages += 1;
        let mentions = catalogue::mentions(matcher.find(&label.text));
        let message = Message {
            text: &label.text,
            party: Party::Retailer,
            awaiting: Awaiting::Nothing,
            mentions: &mentions,
        };
        let unread = unread(&label.text, &interpret(&message), &mentions, false);
        shown.extend(unread.map(|unread| (label.text.clone(), unread.phrases)));
    }
    assert!(
        messages > 700 && shown.len() < messages / 50,
        "{} of {messages}: {shown:#?}",
        shown.len()
    );
    for phrase in ["gorkha beer", "maggi", "jiundo machha"] {
        let known = shown
            .iter()
            .any(|(_, phrases)| phrases.iter().any(|p| p == phrase));
        assert!(known, "{phrase} of {shown:#?}");
    }
}
