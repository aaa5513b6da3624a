//! A plain grammar of what shops and vendors write. Words in, meaning out; which product a phrase means is the
//! catalogue's business.

use super::number::parse_order_number;

/// What a shop wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ShopIntent {
    /// Place the quoted basket, or confirm.
    Confirm,
    /// Drop the quote, or cancel the named order with a reason that may be empty.
    Cancel(Option<String>, String),
    /// Change the basket.
    Change,
    /// How an order stands; all open ones without a number.
    Status(Option<String>),
    /// How the account stands.
    Balance,
    /// What can be written.
    Help,
    /// A greeting.
    Greeting,
    /// Thanks.
    Thanks,
    /// The goods have come.
    Complete(Option<String>),
    /// The n-th option of a question.
    Option(usize),
    /// An order number that cannot be one.
    BadNumber(String),
    /// Things to order.
    Items(Vec<Item>),
    /// Nothing of the kind.
    Unclear,
}

/// What a vendor wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VendorIntent {
    /// Take the order.
    Accept(Option<String>),
    /// Refuse the order, with a reason that may be empty.
    Decline(Option<String>, String),
    /// It is being packed.
    Packing(Option<String>),
    /// It left.
    Dispatched(Option<String>),
    /// It is on its last leg.
    Out(Option<String>),
    /// It was handed over.
    Delivered(Option<String>),
    /// Which orders there are.
    Orders,
    /// What can be written.
    Help,
    /// An order number that cannot be one.
    BadNumber(String),
    /// Nothing of the kind.
    Unclear,
}

/// One thing to order, as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The words that name the product.
    pub phrase: String,
    /// Quantity; `None` when none was written.
    pub quantity: Option<String>,
    /// Unit word; empty for none.
    pub unit: String,
}

/// Items of one message; the writer of a longer list is told to split it.
pub const ITEMS_MAX: usize = 50;

/// Reads a message of a shop. A tapped button counts as its words.
pub fn shop(text: &str) -> ShopIntent {
    let words = words(text);
    let Some(first) = words.first().map(String::as_str) else {
        return ShopIntent::Unclear;
    };
    let rest = &words[1..];
    let alone = rest.is_empty();
    match first {
        "confirm" | "yes" | "ok" | "okay" | "ho" | "huncha" | "hunchha" | "hajur" if alone => {
            ShopIntent::Confirm
        }
        "cancel" | "radda" => match named(rest) {
            Named::Order(number, after) => ShopIntent::Cancel(Some(number), after),
            Named::Wrong(text) => ShopIntent::BadNumber(text),
            // Words that follow may mean one line only; nothing is dropped on a guess.
            Named::None if alone || loose(rest) => ShopIntent::Cancel(None, String::new()),
            Named::None => ShopIntent::Unclear,
        },
        "no" | "hoina" if alone => ShopIntent::Cancel(None, String::new()),
        "change" | "edit" if alone => ShopIntent::Change,
        "status" | "order" | "orders" | "track" if first != "order" || asks_for_order(rest) => {
            match named(rest) {
                Named::Order(number, _) => ShopIntent::Status(Some(number)),
                Named::Wrong(text) => ShopIntent::BadNumber(text),
                Named::None => ShopIntent::Status(None),
            }
        }
        "balance" | "credit" | "udharo" | "baki" | "due" | "hisab" => ShopIntent::Balance,
        "help" | "menu" | "?" | "sahayog" if alone => ShopIntent::Help,
        "hi" | "hello" | "hey" | "namaste" | "namaskar" | "namaskaar"
            if rest.len() <= 2 && !has_digit(rest) =>
        {
            ShopIntent::Greeting
        }
        "thanks" | "thank" | "dhanyabad" | "dhanyabaad" if rest.len() <= 2 && !has_digit(rest) => {
            ShopIntent::Thanks
        }
        "complete" | "received" | "delivered" | "paye" => match named(rest) {
            Named::Order(number, _) => ShopIntent::Complete(Some(number)),
            Named::Wrong(text) => ShopIntent::BadNumber(text),
            // "received nothing" confirms nothing.
            Named::None if alone && !text.contains('?') => ShopIntent::Complete(None),
            Named::None => ShopIntent::Unclear,
        },
        _ => things(text, first, alone),
    }
}

fn things(text: &str, first: &str, alone: bool) -> ShopIntent {
    if alone && let Some(number) = parse_order_number(first) {
        return ShopIntent::Status(Some(number));
    }
    if alone && let Ok(n @ 1..=20) = ascii_digits(first).parse::<usize>() {
        return ShopIntent::Option(n);
    }
    let items = items(text);
    if items.iter().any(|i| i.quantity.is_some() && !i.phrase.is_empty()) {
        return ShopIntent::Items(items);
    }
    ShopIntent::Unclear
}

/// Reads a message of a vendor.
pub fn vendor(text: &str) -> VendorIntent {
    let words = words(text);
    let Some(first) = words.first().map(String::as_str) else {
        return VendorIntent::Unclear;
    };
    let rest = &words[1..];
    let (number, after) = match named(rest) {
        Named::Order(number, after) => (Some(number), after),
        Named::Wrong(text) => return VendorIntent::BadNumber(text),
        Named::None => (None, rest.join(" ")),
    };
    let number = match number {
        // A word moves an order only alone or with its number: "deliver tomorrow" and "out of stock" move nothing.
        None if !after.is_empty()
            && !matches!(first, "decline" | "reject" | "orders" | "order" | "status") =>
        {
            return VendorIntent::Unclear;
        }
        number => number,
    };
    match first {
        "accept" | "yes" | "ok" | "okay" | "huncha" | "hunchha" => VendorIntent::Accept(number),
        "decline" | "reject" | "no" | "hudaina" => VendorIntent::Decline(number, after),
        "pack" | "packing" | "packed" => VendorIntent::Packing(number),
        "dispatch" | "dispatched" | "sent" => VendorIntent::Dispatched(number),
        "out" => VendorIntent::Out(number),
        "deliver" | "delivered" => VendorIntent::Delivered(number),
        "orders" | "order" | "status" => VendorIntent::Orders,
        "help" | "menu" | "?" | "hi" | "hello" | "namaste" | "namaskar" => VendorIntent::Help,
        _ => VendorIntent::Unclear,
    }
}

enum Named {
    /// An order number, and what follows it.
    Order(String, String),
    /// Digits that are no order number.
    Wrong(String),
    None,
}

/// Looks for an order number at the beginning of `words`: `ORD2611000427`, `ord 2611000427`, `2611000427`.
fn named(words: &[String]) -> Named {
    let words = match words.first().map(String::as_str) {
        Some("order" | "no" | "number" | "#") => &words[1..],
        _ => words,
    };
    let Some(first) = words.first() else {
        return Named::None;
    };
    let (text, after) = match (first.as_str(), words.get(1)) {
        ("ord", Some(digits)) => (format!("ORD{digits}"), &words[2..]),
        _ => (first.clone(), &words[1..]),
    };
    let text = ascii_digits(&text);
    if let Some(number) = parse_order_number(&text) {
        return Named::Order(number, after.join(" "));
    }
    let like_number = text.bytes().filter(u8::is_ascii_digit).count() >= 6;
    if like_number {
        Named::Wrong(first.to_uppercase())
    } else {
        Named::None
    }
}

/// Whether what follows the word `order` asks for one; `order 2 bora chamal` does not.
fn asks_for_order(rest: &[String]) -> bool {
    rest.is_empty() || rest.first().is_some_and(|w| w == "status") || !matches!(named(rest), Named::None)
}

fn has_digit(words: &[String]) -> bool {
    words.iter().any(|w| w.chars().any(|c| c.is_numeric()))
}

/// Words after `cancel` that only mean all of it.
fn loose(rest: &[String]) -> bool {
    rest.iter().all(|w| {
        matches!(
            w.as_str(),
            "it" | "all" | "my" | "the" | "order" | "please" | "garnu" | "gardinu"
        )
    })
}

/// Devanagari digits as ASCII ones.
fn ascii_digits(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '०'..='९' => char::from_digit(c as u32 - '०' as u32, 10).unwrap_or(c),
            _ => c,
        })
        .collect()
}

/// Lower-case words without the punctuation around them. A question mark alone asks for help.
fn words(text: &str) -> Vec<String> {
    let bare = |w: &str| {
        w.trim_matches(|c: char| c.is_ascii_punctuation() || c == '।')
            .to_lowercase()
    };
    let words = text
        .split_whitespace()
        .map(|w| if w == "?" { w.to_owned() } else { bare(w) });
    words.filter(|w| !w.is_empty()).collect()
}

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
const COURTESIES: [&str; 18] = [
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
fn quantity(word: &str) -> Option<String> {
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

/// Cuts `2bora` and `x10` into number and word; `2pm` stays whole, since `pm` is no unit.
fn cut(word: &str) -> Vec<String> {
    let digits = word.len()
        - word
            .trim_start_matches(|c: char| c.is_ascii_digit() || c == '.')
            .len();
    let (number, tail) = word.split_at(digits);
    if !number.is_empty() && (is_unit(tail) || MEASURES.contains(&tail) || tail == "x") {
        return vec![number.to_owned(), tail.to_owned()];
    }
    if let Some(number) = word.strip_prefix(['x', '×', '*'])
        && quantity(number).is_some()
    {
        return vec!["x".to_owned(), number.to_owned()];
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
    let at = counting_position(&words);
    let amount = at.map(|i| quantity(&words[i]).expect("it was found as one"));
    let mut unit = String::new();
    let mut taken = Vec::new();
    if let Some(i) = at {
        taken.push(i);
        if words.get(i + 1).is_some_and(|w| is_unit(w)) {
            unit.clone_from(&words[i + 1]);
            taken.push(i + 1);
        }
    }
    let is_times = |w: &str| matches!(w, "x" | "×" | "*" | "of" | "ko");
    let phrase: Vec<&str> = words
        .iter()
        .enumerate()
        .filter(|(i, w)| !taken.contains(i) && !is_times(w))
        .map(|(_, w)| w.as_str())
        .collect();
    Some(Item {
        phrase: phrase.join(" "),
        quantity: amount,
        unit,
    })
}

/// Which word is the quantity: a number before a unit word first, then one beside an `x`, then a bare number; a number
/// before a measure (`1 litre`) only when nothing else counts.
fn counting_position(words: &[String]) -> Option<usize> {
    let next = |i: usize| words.get(i + 1).map_or("", String::as_str);
    let numbers: Vec<usize> = (0..words.len())
        .filter(|i| quantity(&words[*i]).is_some())
        .collect();
    let measured = |i: &usize| MEASURES.contains(&next(*i));
    let times = |i: &usize| next(*i) == "x" || (*i > 0 && matches!(words[*i - 1].as_str(), "x" | "×" | "*"));
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

#[cfg(test)]
mod tests;
