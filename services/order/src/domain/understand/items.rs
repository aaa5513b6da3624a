//! What shops order: quantities, units and words for products.

use super::ascii_digits;

/// One thing to order, as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The words that name the product.
    pub phrase: String,
    /// Quantity; `None` when none was written.
    pub quantity: Option<String>,
    /// What stands in the place of a quantity and can be none: `-3`, `999999999999`.
    pub impossible: Option<String>,
    /// Unit word; empty for none.
    pub unit: String,
}

/// Items of one message; the writer of a longer list is told to split it.
pub const ITEMS_MAX: usize = 50;

/// Splits a message into the things it asks for.
pub fn items(text: &str) -> Vec<Item> {
    let lower = ascii_digits(&text.to_lowercase()).replace(['\n', ';', '+', '&', '।'], ",");
    let joined = lower
        .split(',')
        .flat_map(|piece| split_words(piece, &["and", "ra", "र", "aur"]));
    // One more than allowed, so that a list that is too long is noticed and never cut silently.
    joined
        .filter_map(|piece| item(&piece))
        .take(ITEMS_MAX + 1)
        .collect()
}

/// Splits at whole words, so that `ra` does not cut `rara`.
fn split_words(piece: &str, at: &[&str]) -> Vec<String> {
    let mut parts: Vec<Vec<&str>> = vec![Vec::new()];
    for word in piece.split_whitespace() {
        if at.contains(&word) {
            parts.push(Vec::new());
        } else {
            parts.last_mut().expect("there is always one").push(word);
        }
    }
    parts.into_iter().map(|words| words.join(" ")).collect()
}

/// Words that say nothing about what is wanted.
const COURTESIES: [&str; 19] = [
    "please",
    "pls",
    "plz",
    "dinu",
    "dinus",
    "pathaunu",
    "pathaunus",
    "pathaidinu",
    "pathaidinus",
    "pathau",
    "chahiyo",
    "chaiyo",
    "hai",
    "na",
    "i",
    "want",
    "need",
    "order",
    "orders",
];

/// Unit words; which unit they mean is the catalogue's business.
const UNITS: [&str; 62] = [
    "bora",
    "bori",
    "bhora",
    "katta",
    "bag",
    "bags",
    "sack",
    "sacks",
    "बोरा",
    "बोरी",
    "carton",
    "cartons",
    "ctn",
    "cartoon",
    "katun",
    "petti",
    "peti",
    "case",
    "cases",
    "कार्टुन",
    "पेटी",
    "crate",
    "crates",
    "kret",
    "tray",
    "क्रेट",
    "box",
    "boxes",
    "bakas",
    "बाकस",
    "packet",
    "packets",
    "pkt",
    "pack",
    "packs",
    "poka",
    "pouch",
    "प्याकेट",
    "bottle",
    "bottles",
    "बोतल",
    "jar",
    "jars",
    "जार",
    "tin",
    "टिन",
    "patta",
    "lari",
    "bundle",
    "बन्डल",
    "darjan",
    "dozen",
    "दर्जन",
    "jodi",
    "जोडी",
    "kg",
    "kgs",
    "kilo",
    "के.जी.",
    "किलो",
    "quintal",
    "wota",
];
const COUNTERS: [&str; 8] = ["ota", "wota", "piece", "pieces", "pcs", "pc", "वटा", "ओटा"];
/// Measures that describe a product rather than count it, when another number does the counting.
const MEASURES: [&str; 12] = [
    "g", "gm", "gram", "grams", "ml", "l", "ltr", "litre", "liter", "kg", "kgs", "kilo",
];

fn is_unit(word: &str) -> bool {
    UNITS.contains(&word) || COUNTERS.contains(&word)
}

fn number_word(word: &str) -> Option<&'static str> {
    Some(match word {
        "half" | "adha" | "aadha" | "आधा" => "0.5",
        "one" | "ek" | "एक" => "1",
        "dedh" | "डेढ" => "1.5",
        "two" | "dui" | "दुई" => "2",
        "dhai" | "adhai" | "अढाई" => "2.5",
        "three" | "तीन" => "3",
        "four" | "char" | "चार" => "4",
        "five" | "paanch" | "panch" | "पाँच" => "5",
        "six" | "chha" => "6",
        "seven" | "saat" => "7",
        "eight" | "aath" => "8",
        "nine" | "nau" => "9",
        "ten" | "das" | "दश" => "10",
        _ => return None,
    })
}

/// A quantity: digits with at most three places, or a number word.
pub(super) fn quantity(word: &str) -> Option<String> {
    if let Some(known) = number_word(word) {
        return Some(known.to_owned());
    }
    // A full stop ends a sentence.
    let word = word.trim_end_matches('.');
    let (whole, places) = word.split_once('.').unwrap_or((word, ""));
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    let fits = whole.len() <= 7 && places.len() <= 3 && digits(whole) && digits(places);
    (fits && !(whole.is_empty() && places.is_empty())).then(|| {
        if whole.is_empty() {
            format!("0{word}")
        } else {
            word.to_owned()
        }
    })
}

/// Whether a word is a number that can be no quantity: below zero, too long, or with too many places.
fn impossible(word: &str) -> bool {
    let bare = word.strip_prefix('-').unwrap_or(word).trim_end_matches('.');
    let (whole, places) = bare.split_once('.').unwrap_or((bare, "0"));
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    digits(whole) && digits(places) && quantity(word).is_none()
}

/// Cuts `2bora`, `x10`, `2xsugar` and `sugar-50kgx2` into number and word; `2pm` stays whole, since `pm` is no unit,
/// and so do `2xl` and `max2`.
fn cut(word: &str) -> Vec<String> {
    let unsigned = word.strip_prefix('-').unwrap_or(word);
    let tail = unsigned.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let (number, tail) = word.split_at(word.len() - tail.len());
    if !number.is_empty() && (is_unit(tail) || MEASURES.contains(&tail) || tail == "x") {
        return vec![number.to_owned(), tail.to_owned()];
    }
    if let Some(number) = word.strip_prefix(['x', '×', '*'])
        && (quantity(number).is_some() || impossible(number))
    {
        return vec!["x".to_owned(), number.to_owned()];
    }
    if let Some(thing) = tail.strip_prefix(['x', '×', '*'])
        && quantity(number).is_some()
        && thing.chars().take_while(|c| c.is_alphabetic()).count() >= 3
    {
        return vec![number.to_owned(), "x".to_owned(), thing.to_owned()];
    }
    if let Some((thing, number)) = word.rsplit_once(['x', '×', '*'])
        && number.bytes().all(|b| b.is_ascii_digit())
        && quantity(number).is_some()
        && thing.contains(char::is_alphabetic)
        && thing.contains(|c: char| c == '-' || c.is_ascii_digit())
        && !thing.ends_with('-')
    {
        return [cut(thing), vec!["x".to_owned(), number.to_owned()]].concat();
    }
    vec![word.to_owned()]
}

fn item(piece: &str) -> Option<Item> {
    let mut words: Vec<String> = piece
        .split_whitespace()
        .map(|w| w.trim_matches(|c: char| matches!(c, ':' | '!' | '?' | '(' | ')' | '"' | '\'')))
        .flat_map(cut)
        .filter(|w| !w.is_empty() && w != "-" && !COURTESIES.contains(&w.as_str()))
        .collect();
    // `1. chini 2 bora`: the list number counts nothing.
    let listed = words
        .first()
        .is_some_and(|w| w.ends_with(['.', ')']) && quantity(&w[..w.len() - 1]).is_some());
    if listed {
        words.remove(0);
    }
    if words.is_empty() {
        return None;
    }
    let wrong = impossible_position(&words);
    let at = wrong.or_else(|| counting_position(&words));
    let amount = at.and_then(|i| quantity(&words[i]));
    let mut unit = String::new();
    let mut taken = Vec::new();
    if let Some(i) = at {
        taken.push(i);
        if words.get(i + 1).is_some_and(|w| is_unit(w)) {
            unit.clone_from(&words[i + 1]);
            taken.push(i + 1);
        }
    }
    let phrase: Vec<&str> = words
        .iter()
        .enumerate()
        .filter(|(i, w)| !taken.contains(i) && !is_times(w) && !matches!(w.as_str(), "of" | "ko"))
        .map(|(_, w)| w.as_str())
        .collect();
    Some(Item {
        phrase: phrase.join(" "),
        quantity: amount,
        impossible: wrong.map(|i| words[i].clone()),
        unit,
    })
}

fn is_times(word: &str) -> bool {
    matches!(word, "x" | "×" | "*")
}

/// Whether the word at `i` has an `x` beside it.
fn is_multiplied(words: &[String], i: usize) -> bool {
    words.get(i + 1).is_some_and(|w| is_times(w)) || (i > 0 && is_times(&words[i - 1]))
}

/// Which word was meant as the quantity and can be none. A long number alone may be a phone: it counts only before a
/// unit or beside an `x`.
fn impossible_position(words: &[String]) -> Option<usize> {
    let counts = |i: &usize| {
        let before_unit = words.get(i + 1).is_some_and(|w| is_unit(w));
        words[*i].trim_end_matches('.').contains(['-', '.']) || before_unit || is_multiplied(words, *i)
    };
    (0..words.len()).find(|i| impossible(&words[*i]) && counts(i))
}

/// Which word is the quantity: a number before a unit word first, then one beside an `x`, then a bare number; a number
/// before a measure (`1 litre`) only when nothing else counts.
fn counting_position(words: &[String]) -> Option<usize> {
    let next = |i: usize| words.get(i + 1).map_or("", String::as_str);
    let numbers: Vec<usize> = (0..words.len())
        .filter(|i| quantity(&words[*i]).is_some())
        .collect();
    let measured = |i: &usize| MEASURES.contains(&next(*i));
    let times = |i: &usize| is_multiplied(words, *i);
    let rules: [&dyn Fn(&usize) -> bool; 4] = [
        &|i| is_unit(next(*i)) && !measured(i),
        &times,
        &|i| !measured(i),
        &|_| true,
    ];
    rules
        .iter()
        .find_map(|rule| numbers.iter().copied().find(|i| rule(i)))
}
