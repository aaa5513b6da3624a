//! Plain sentences around the words that we know: politeness, questions, the number of an option. Nothing is meant by
//! a sentence with a word that is unknown here.

use super::{Named, ShopIntent, ascii_digits, named};

/// Words that confirm.
const CONFIRM: [&str; 20] = [
    "confirm",
    "yes",
    "ok",
    "okay",
    "ho",
    "huncha",
    "hunchha",
    "hunxa",
    "hus",
    "hajur",
    "thik",
    "हो",
    "हुन्छ",
    "हजुर",
    "हस्",
    "ठीक",
    "ठिक",
    "👍",
    "✅",
    "👌",
];
/// Words of politeness, which change nothing.
const POLITE: [&str; 17] = [
    "please", "pls", "plz", "sir", "madam", "dai", "didi", "bhai", "bahini", "ji", "hajur", "now", "cha",
    "chha", "छ", "जी", "🙏",
];
/// Words that thank, and what goes with them.
const THANKS: [&str; 5] = ["thanks", "thank", "thx", "dhanyabad", "dhanyabaad"];
const WITH_THANKS: [&str; 4] = ["you", "very", "so", "much"];
/// Words that make a question or a demand.
const ASKING: [&str; 14] = [
    "where", "wheres", "where's", "what", "whats", "what's", "when", "how", "show", "tell", "check", "see",
    "my", "kati",
];
/// Words of a question that say nothing about what is asked.
const FILLERS: [&str; 42] = [
    "is", "are", "was", "the", "our", "me", "i", "we", "do", "does", "did", "have", "has", "will", "would",
    "can", "could", "you", "much", "many", "of", "for", "a", "to", "get", "in", "on", "account", "today",
    "come", "coming", "arrive", "reach", "here", "left", "it", "next", "current", "latest", "total", "about",
    "and",
];
const MONEY: [&str; 9] = [
    "balance", "credit", "due", "dues", "owe", "udharo", "baki", "hisab", "limit",
];
const ORDERS: [&str; 4] = ["order", "orders", "delivery", "status"];

/// Whether words are nothing but politeness.
pub(super) fn polite(words: &[String]) -> bool {
    words.iter().all(|w| POLITE.contains(&w.as_str()))
}

/// Whether words are nothing but politeness and thanks.
pub(super) fn thanking(words: &[String]) -> bool {
    let thanks = words.iter().any(|w| THANKS.contains(&w.as_str()));
    words
        .iter()
        .map(String::as_str)
        .all(|w| POLITE.contains(&w) || THANKS.contains(&w) || (thanks && WITH_THANKS.contains(&w)))
}

/// `yes please`, `ok confirm`; `None` when there is any other word. `ok thanks` only thanks: it may close a talk as
/// well as confirm, and nothing is confirmed on a guess. Neither does a question confirm.
pub(super) fn confirmation(text: &str, words: &[String]) -> Option<ShopIntent> {
    let confirms = |w: &String| CONFIRM.contains(&w.as_str());
    if !words.first().is_some_and(confirms) || text.contains('?') {
        return None;
    }
    let others: Vec<String> = words.iter().filter(|w| !confirms(w)).cloned().collect();
    if !thanking(&others) {
        return None;
    }
    let only_ok = words.iter().filter(|w| confirms(w)).all(|w| w.starts_with("ok"));
    Some(if only_ok && !polite(&others) {
        ShopIntent::Thanks
    } else {
        ShopIntent::Confirm
    })
}

/// `good morning`, `good evening sir`.
pub(super) fn time_of_day(words: &[String]) -> bool {
    let [good, day, rest @ ..] = words else {
        return false;
    };
    let days = ["morning", "afternoon", "evening", "day", "night", "noon"];
    good == "good" && days.contains(&day.as_str()) && polite(rest)
}

/// Whether words only ask, about orders or money.
pub(super) fn asking(words: &[String]) -> bool {
    let known = [&ASKING[..], &FILLERS, &POLITE, &MONEY, &ORDERS];
    words
        .iter()
        .all(|word| known.iter().any(|list| list.contains(&word.as_str())))
}

/// `what is my balance`, `where is my order`, `when will ORD2611000429 come`.
pub(super) fn question(words: &[String]) -> Option<ShopIntent> {
    let is_in = |list: &[&str], w: &String| list.contains(&w.as_str());
    let about = |list: &[&str]| words.iter().any(|w| is_in(list, w));
    let (money, orders) = (about(&MONEY), about(&ORDERS));
    if !about(&ASKING) {
        return None;
    }
    let other = |w: &&String| {
        !(is_in(&ASKING, w)
            || is_in(&FILLERS, w)
            || is_in(&POLITE, w)
            || is_in(&MONEY, w)
            || is_in(&ORDERS, w))
    };
    let others: Vec<String> = words.iter().filter(other).cloned().collect();
    if !others.is_empty() {
        return match named(&others) {
            Named::Order(number, after) if after.is_empty() => Some(ShopIntent::Status(Some(number))),
            Named::Wrong(text) if others.len() == 1 => Some(ShopIntent::BadNumber(text)),
            _ => None,
        };
    }
    let how_to = words.iter().any(|w| w == "how") && !about(&["my", "our", "the", "many", "much", "status"]);
    match (money, orders) {
        (true, _) => Some(ShopIntent::Balance),
        (false, true) if how_to => Some(ShopIntent::Help),
        (false, true) => Some(ShopIntent::Status(None)),
        (false, false) => None,
    }
}

/// `2`, `#2`, `option 2`, `the first one`, `2nd please`: which option of a question is meant.
pub(super) fn option(words: &[String]) -> Option<ShopIntent> {
    let said: Vec<&str> = words
        .iter()
        .map(String::as_str)
        .filter(|w| !POLITE.contains(w) && *w != "the")
        .collect();
    let (n, ordinal) = match said.as_slice() {
        [n] | ["option" | "number" | "choice", n] => (n, false),
        [n, "one" | "option"] => (n, true),
        _ => return None,
    };
    let digits = ascii_digits(n);
    if !ordinal && let Ok(n @ 1..=20) = digits.parse() {
        return Some(ShopIntent::Option(n));
    }
    let ordinals = [
        ["first", "1st"],
        ["second", "2nd"],
        ["third", "3rd"],
        ["fourth", "4th"],
        ["fifth", "5th"],
    ];
    ordinals
        .iter()
        .position(|o| o.contains(&digits.as_str()))
        .map(|i| ShopIntent::Ordinal(i + 1))
}
