//! What shops and vendors write.

use crate::Inputs;
use crate::random::{digits, one, phrase, text};
use khaacho_money::Quantity;
use khaacho_order::domain::understand::{
    ITEMS_MAX, Item, ShopIntent, VendorIntent, VendorVerb, items, shop, tap, vendor,
};

const WORDS: [&str; 60] = [
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
    let found = items(written);
    assert!(found.len() <= ITEMS_MAX + 1, "run {run}: {written:?}");
    found.iter().for_each(|item| assert_item(item, run, written));
    if let ShopIntent::Items(found) = shop(written) {
        assert!(!found.is_empty(), "run {run}: {written:?}");
        found.iter().for_each(|item| assert_item(item, run, written));
    }
    let _ = (vendor(written), tap(written));
}

/// A quantity is one that can be calculated with, or is named as impossible; never both.
fn assert_item(item: &Item, run: u64, written: &str) {
    if let Some(quantity) = &item.quantity {
        let read: Quantity = quantity
            .parse()
            .unwrap_or_else(|_| panic!("run {run}: {quantity:?} in {written:?}"));
        assert!(!read.is_negative(), "run {run}: {quantity} in {written:?}");
        assert!(item.impossible.is_none(), "run {run}: {item:?} in {written:?}");
    }
    assert!(
        item.impossible.as_deref() != Some(""),
        "run {run}: {item:?} in {written:?}"
    );
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
        let devanagari: String = lower
            .chars()
            .map(|letter| {
                letter
                    .to_digit(10)
                    .and_then(|digit| char::from_u32(0x966 + digit))
                    .unwrap_or(letter)
            })
            .collect();
        assert_eq!(items(&lower), items(&devanagari), "run {run}: {written:?}");
    }
}

pub(crate) fn a_plain_list_is_read_as_it_is_written(inputs: Inputs) {
    let units = [
        "bora", "katta", "carton", "packet", "kg", "sacks", "petti", "crate",
    ];
    let phrases = ["jeera masino", "chini", "mustard oil", "wai wai", "rice", "daal"];
    for (run, mut rng) in inputs {
        let wanted: Vec<(String, &str, &str)> = (0..rng.usize(1..=ITEMS_MAX))
            .map(|_| {
                let quantity = match rng.u8(..3) {
                    0 => format!("0.{}", rng.u32(1..=9)),
                    _ => rng.u32(1..=9999).to_string(),
                };
                (quantity, *one(&mut rng, &units), *one(&mut rng, &phrases))
            })
            .collect();
        let between = *one(&mut rng, &[", ", "\n", " ; ", " + ", " and ", " ra "]);
        let written: Vec<String> = wanted
            .iter()
            .map(|(quantity, unit, phrase)| match rng.u8(..2) {
                0 => format!("{quantity} {unit} {phrase}"),
                _ => format!("{phrase} {quantity} {unit}"),
            })
            .collect();
        let written = written.join(between);
        let ShopIntent::Items(found) = shop(&written) else {
            panic!("run {run}: {written:?} is {:?}", shop(&written));
        };
        assert_eq!(found.len(), wanted.len(), "run {run}: {written:?}");
        for (item, (quantity, unit, phrase)) in found.iter().zip(&wanted) {
            let seen = (item.quantity.as_deref(), item.unit.as_str(), item.phrase.as_str());
            assert_eq!(
                seen,
                (Some(quantity.as_str()), *unit, *phrase),
                "run {run}: {written:?}"
            );
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
