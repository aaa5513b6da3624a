//! What shops and vendors write.

use crate::Inputs;
use crate::random::{digits, one, phrase, text};
use khaacho::parse::{catalogue, understand};
use khaacho_inventory::domain::matcher::{Described, Matcher};
use khaacho_order::domain::assist::{Proposal, names, offers, proposals, read_again, unread};
use khaacho_order::domain::interpret::{Awaiting, Intent, Meaning, Message, Party, amount, interpret};
use khaacho_order::domain::language::detect;
use khaacho_order::domain::understand::{VendorIntent, VendorVerb, language, shop, tap, vendor};
use khaacho_text::Unit;
use std::sync::LazyLock;

/// Most things of a generated list; a chat takes as many.
const THINGS_MAX: usize = 50;

/// Products without a word in common, each sold by packet, dozens of units and half of a hundred.
const PRODUCTS: [&str; 6] = [
    "jeera masino",
    "chini",
    "mustard oil",
    "wai wai",
    "basmati",
    "daal",
];

static CATALOGUE: LazyLock<Matcher> = LazyLock::new(|| {
    let product = |(at, name): (usize, &&str)| Described {
        sku: format!("P-{at}"),
        name: (*name).to_owned(),
        name_ne: String::new(),
        brand: String::new(),
        aliases: vec![(*name).to_owned()],
        base_unit: Unit::Packet,
        default_unit: Unit::Carton,
        pack_quantity: 30,
        order_units: vec![
            (Unit::Packet, 1),
            (Unit::Carton, 30),
            (Unit::Sack, 50),
            (Unit::Crate, 12),
        ],
    };
    Matcher::build(PRODUCTS.iter().enumerate().map(product).collect())
});

fn meaning(text: &str, party: Party) -> Meaning {
    understand(&CATALOGUE, text, party, Awaiting::Unstated)
}

const WORDS: [&str; 66] = [
    "language",
    "nepali",
    "chahiyo",
    "bhejo",
    "चाहियो",
    "send",
    "bora",
    "katta",
    "carton",
    "packet",
    "kg",
    "dozen",
    "chini",
    "jeera",
    "masino",
    "RICE-JEERA-25KG",
    "x",
    "*",
    "and",
    "ra",
    "aur",
    "ek",
    "dui",
    "adha",
    "dedh",
    "two",
    "2",
    "0.5",
    "1000",
    "१२",
    "confirm",
    "CONFIRM",
    "yes",
    "ho",
    "cancel",
    "no",
    "change",
    "status",
    "orders",
    "ORD2611000429",
    "ord",
    "2611000429",
    "balance",
    "udharo",
    "help",
    "?",
    "namaste",
    "thanks",
    "received",
    "complete",
    "accept",
    "decline",
    "reject",
    "packing",
    "dispatched",
    "out",
    "delivered",
    "please",
    "why",
    "not",
    "my",
    "the",
    "बोरा",
    "चिनी",
    "र",
    "-3",
];

pub(crate) fn whatever_is_written_is_read(inputs: Inputs) {
    for (run, mut rng) in inputs {
        let written = match rng.u8(..3) {
            0 => text(&mut rng, 80),
            1 => phrase(&mut rng, &WORDS, 30),
            _ => digits(&mut rng, 0, 40),
        };
        read(&written, run);
    }
}

/// A message of any letters.
pub(crate) fn raw(body: &[u8]) {
    read(&String::from_utf8_lossy(body), 0);
}

fn read(written: &str, run: u64) {
    let _ = (shop(written), vendor(written), tap(written), amount(written));
    let _ = (detect(written), language(written));
    for party in [Party::Retailer, Party::Vendor] {
        let meaning = meaning(written, party);
        assert_sound(&meaning, run, written);
    }
}

/// Lines are of products and can be calculated with; what is asked or not understood stands in the text.
fn assert_sound(meaning: &Meaning, run: u64, written: &str) {
    let told = || format!("run {run}: {written:?} is {meaning:?}");
    for line in &meaning.lines {
        let counted = line
            .milli
            .is_none_or(|milli| (0..=i64::MAX / 100).contains(&milli));
        assert!(line.sku.starts_with("P-") && counted, "{}", told());
        assert!(written.contains(&line.phrase), "{}", told());
    }
    for ask in &meaning.asks {
        assert!(written.contains(&ask.phrase), "{}", told());
    }
    let named = meaning.about.iter().chain(&meaning.exclude);
    for phrase in named.map(|n| &n.phrase).chain(&meaning.unknown) {
        assert!(written.contains(phrase.as_str()), "{}", told());
    }
}

pub(crate) fn capitals_and_scripts_of_digits_do_not_matter(inputs: Inputs) {
    for (run, mut rng) in inputs {
        let written: String = phrase(&mut rng, &WORDS, 8)
            .chars()
            .filter(|letter| letter.is_ascii())
            .collect();
        let (lower, upper) = (written.to_lowercase(), written.to_uppercase());
        assert_eq!(shop(&lower), shop(&upper), "run {run}: {written:?}");
        assert_eq!(vendor(&lower), vendor(&upper), "run {run}: {written:?}");
        assert_eq!(language(&lower), language(&upper), "run {run}: {written:?}");
        assert_eq!(detect(&lower), detect(&upper), "run {run}: {written:?}");
        let devanagari: String = lower
            .chars()
            .map(|letter| {
                letter
                    .to_digit(10)
                    .and_then(|digit| char::from_u32(0x966 + digit))
                    .unwrap_or(letter)
            })
            .collect();
        let lines = |text: &str| {
            let lines = meaning(text, Party::Retailer).lines;
            lines
                .into_iter()
                .map(|l| (l.sku, l.milli, l.unit))
                .collect::<Vec<_>>()
        };
        assert_eq!(lines(&lower), lines(&devanagari), "run {run}: {written:?}");
    }
}

pub(crate) fn a_plain_list_is_read_as_it_is_written(inputs: Inputs) {
    let units = [
        ("bora", Unit::Sack),
        ("katta", Unit::Sack),
        ("carton", Unit::Carton),
        ("petti", Unit::Carton),
        ("packet", Unit::Packet),
        ("crate", Unit::Crate),
    ];
    for (run, mut rng) in inputs {
        let count = rng.usize(1..=THINGS_MAX);
        let wanted: Vec<(u32, (&str, Unit), usize)> = (0..count)
            .map(|_| {
                (
                    rng.u32(1..=9999),
                    *one(&mut rng, &units),
                    rng.usize(..PRODUCTS.len()),
                )
            })
            .collect();
        let between = *one(&mut rng, &[", ", "\n", " ; ", " and ", " ra "]);
        let quantity_first = rng.u8(..2) == 0;
        let written: Vec<String> = wanted
            .iter()
            .map(|(quantity, (unit, _), product)| match quantity_first {
                true => format!("{quantity} {unit} {}", PRODUCTS[*product]),
                false => format!("{} {quantity} {unit}", PRODUCTS[*product]),
            })
            .collect();
        let written = written.join(between);
        let read = meaning(&written, Party::Retailer);
        assert_eq!(read.intent, Intent::Order, "run {run}: {written:?}");
        let lines = read
            .lines
            .iter()
            .map(|l| (l.sku.as_str(), l.milli, l.unit))
            .collect::<Vec<_>>();
        let skus: Vec<String> = (0..PRODUCTS.len()).map(|at| format!("P-{at}")).collect();
        let expected = wanted
            .iter()
            .map(|(quantity, (_, unit), product)| {
                (skus[*product].as_str(), Some(i64::from(*quantity) * 1000), *unit)
            })
            .collect::<Vec<_>>();
        assert_eq!(lines, expected, "run {run}: {written:?} asks {:?}", read.asks);
    }
}

/// Words that nobody knows, between words that everybody knows.
const UNKNOWN: [&str; 16] = [
    "zebra",
    "quagga",
    "okapi",
    "kalo",
    "chini",
    "jeera masino",
    "daal",
    "2",
    "3",
    "bora",
    "carton",
    "ra",
    "pathaunu",
    "haina",
    "chahiyo",
    "ko",
];

/// Whatever a language model says about a message: no line comes or goes by it, and what is asked is what it named.
pub(crate) fn no_proposal_makes_a_line(inputs: Inputs) {
    for (run, mut rng) in inputs {
        let written = phrase(&mut rng, &UNKNOWN, 10);
        let mentions = catalogue::mentions(CATALOGUE.find(&written));
        let message = Message {
            text: &written,
            party: Party::Retailer,
            awaiting: Awaiting::Nothing,
            mentions: &mentions,
        };
        let before = interpret(&message);
        let Some(unread) = unread(&written, &before, &mentions, false) else {
            continue;
        };
        for shown in &unread.phrases {
            assert!(
                written.contains(shown.as_str()),
                "run {run}: {shown:?} of {written:?}"
            );
        }
        let words: Vec<&str> = written.split([' ', ',', '.', '\n']).collect();
        let said = (0..rng.usize(..4)).map(|_| {
            let from = rng.usize(..words.len());
            let to = rng.usize(from..words.len());
            let phrase = match rng.u8(..4) {
                0 => one(&mut rng, &unread.phrases).clone(),
                1 => text(&mut rng, 8),
                _ => words[from..=to].join(" "),
            };
            let products = vec![
                (*one(&mut rng, &PRODUCTS)).to_owned(),
                text(&mut rng, 8).replace('\n', " "),
            ];
            Proposal { phrase, products }
        });
        let said: Vec<Proposal> = said.collect();
        let found = catalogue::mentions(CATALOGUE.find(&names(&said)));
        let offers = offers(&said, &found);
        let Some(after) = read_again(&message, &unread, &before, &offers) else {
            continue;
        };
        let told = || format!("run {run}: {written:?} with {said:?} is {after:?}, was {before:?}");
        assert_eq!(after.lines, before.lines, "{}", told());
        let offered = |sku: &String| offers.iter().any(|o| o.products.iter().any(|f| f.sku == *sku));
        let mut new = 0;
        for ask in after.asks.iter().filter(|ask| !before.asks.contains(ask)) {
            new += 1;
            assert!(ask.candidates.iter().all(offered), "{}", told());
            assert!(written.contains(&ask.phrase), "{}", told());
        }
        let known = before.asks.iter().filter(|ask| !ask.candidates.is_empty());
        assert!(
            new > 0 && known.clone().all(|ask| after.asks.contains(ask)),
            "{}",
            told()
        );
    }
}

pub(crate) fn an_answer_of_a_model_is_read_or_not(inputs: Inputs) {
    const PARTS: [&str; 12] = [
        "{\"proposals\":[",
        "]}",
        "{\"phrase\":\"zebra\",",
        "\"products\":[",
        "\"soap\"",
        "],",
        "}",
        "{",
        "[",
        ",",
        "null",
        "\"products\":[\"a\",\"b\"]}",
    ];
    for (run, mut rng) in inputs {
        let answer: String = (0..rng.usize(..12)).map(|_| *one(&mut rng, &PARTS)).collect();
        let answer = if rng.u8(..3) == 0 {
            text(&mut rng, 60)
        } else {
            answer
        };
        for proposal in proposals(&answer).unwrap_or_default() {
            let lines = proposal.products.iter().all(|name| !name.contains('\n'));
            let few = (1..=3).contains(&proposal.products.len());
            assert!(lines && few, "run {run}: {answer:?} is {proposal:?}");
        }
    }
}

/// Nothing moves an order unless a word for it comes first.
pub(crate) fn a_vendor_moves_nothing_by_chance(inputs: Inputs) {
    let verbs = [
        "accept",
        "yes",
        "ok",
        "okay",
        "huncha",
        "hunchha",
        "decline",
        "reject",
        "no",
        "hudaina",
        "pack",
        "packing",
        "packed",
        "dispatch",
        "dispatched",
        "sent",
        "out",
        "deliver",
        "delivered",
    ];
    for (run, mut rng) in inputs {
        let written = phrase(&mut rng, &WORDS, 10);
        let read = vendor(&written);
        if let VendorIntent::Do(verb, number) = &read {
            let first = written
                .split_whitespace()
                .next()
                .unwrap_or_default()
                .to_lowercase();
            let bare = first.trim_matches(|letter: char| letter.is_ascii_punctuation() || letter == '।');
            assert!(
                verbs.contains(&bare) || bare.is_empty(),
                "run {run}: {written:?} is {read:?}"
            );
            let declines = matches!(verb, VendorVerb::Decline(_));
            let lone = written
                .split_whitespace()
                .filter(|word| word.chars().any(char::is_alphanumeric))
                .count()
                <= 1;
            assert!(
                number.is_some() || declines || lone,
                "run {run}: {written:?} is {read:?}"
            );
        }
    }
}
