//! Short fixed messages that mean one thing whatever the catalogue holds: the words of buttons, order numbers, the
//! number of an option. They need no other service. Everything else is read by [`super::interpret`].

mod vendor;

use khaacho_ids::{InboundId, QuoteId};
use khaacho_text::{Kind, tokens};

use super::number::parse_order_number;

pub use vendor::{VendorIntent, VendorVerb, vendor};

/// What a shop says in fixed words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Place the quoted basket.
    Confirm,
    /// Drop the quote, or cancel the named order with a reason that may be empty.
    Cancel(Option<String>, String),
    /// Change the basket.
    Change,
    /// How an order stands; the latest ones without a number.
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
    /// An order number that cannot be one.
    BadNumber(String),
}

/// What a button or a row of a list means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Button {
    /// Place the quoted basket.
    Confirm,
    /// Change it.
    Change,
    /// Drop it.
    Cancel,
    /// The n-th option of a question, from 1.
    Option(usize),
}

/// A tap on a button or a row that belongs to one basket or one question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tap {
    /// The quote, or the message that was answered with the question.
    pub about: String,
    /// What the tap means when that is still what is asked.
    pub button: Button,
}

/// Words that confirm.
const CONFIRM: [&str; 8] = ["confirm", "yes", "ok", "okay", "ho", "huncha", "hunchha", "hajur"];
/// Words of politeness, which change nothing.
const POLITE: [&str; 12] = [
    "please", "pls", "plz", "sir", "madam", "dai", "didi", "bhai", "bahini", "ji", "hajur", "now",
];
/// Words that thank, and what goes with them.
const THANKS: [&str; 5] = ["thanks", "thank", "thx", "dhanyabad", "dhanyabaad"];
const WITH_THANKS: [&str; 4] = ["you", "very", "so", "much"];
/// Words around `orders` that say nothing else.
const LISTING: [&str; 12] = [
    "show", "see", "check", "my", "our", "the", "all", "me", "latest", "current", "order", "status",
];

/// Reads the id of a bound button: `CONFIRM quo_…`, `CHANGE quo_…`, `CANCEL quo_…`, `OPTION inb_… 2`.
pub fn tap(text: &str) -> Option<Tap> {
    let words = words(text);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let (about, button) = match words.as_slice() {
        ["option", about, n] => {
            about.parse::<InboundId>().ok()?;
            (about, Button::Option(n.parse().ok()?))
        }
        [word, about] => {
            about.parse::<QuoteId>().ok()?;
            let button = match *word {
                "confirm" => Button::Confirm,
                "change" => Button::Change,
                "cancel" => Button::Cancel,
                _ => return None,
            };
            (about, button)
        }
        _ => return None,
    };
    Some(Tap {
        about: (*about).to_owned(),
        button,
    })
}

/// Reads a command of a shop; `None` when it is none. What is tapped and belongs to something is read by [`tap`].
pub fn shop(text: &str) -> Option<Command> {
    let words = words(text);
    let first = words.first()?.as_str();
    let rest = &words[1..];
    let alone = polite(rest);
    if let Some(command) = confirmation(text, &words) {
        return Some(command);
    }
    let numbered = |with: fn(String) -> Command| match named(rest) {
        Named::Order(number, _) => Some(with(number)),
        Named::Wrong(text) => Some(Command::BadNumber(text)),
        Named::None => None,
    };
    match first {
        "cancel" | "radda" => match named(rest) {
            Named::Order(number, after) => Some(Command::Cancel(Some(number), after)),
            Named::Wrong(text) => Some(Command::BadNumber(text)),
            Named::None => (alone || loose(rest)).then_some(Command::Cancel(None, String::new())),
        },
        "no" | "hoina" if thanking(rest) => Some(Command::Cancel(None, String::new())),
        "change" | "edit" if alone => Some(Command::Change),
        "status" | "track" if alone => Some(Command::Status(None)),
        "status" | "order" | "orders" | "track" if !matches!(named(rest), Named::None) => {
            numbered(|number| Command::Status(Some(number)))
        }
        "balance" | "credit" | "udharo" | "baki" | "due" | "hisab" if alone => Some(Command::Balance),
        "help" | "menu" | "?" | "sahayog" if alone => Some(Command::Help),
        "hi" | "hello" | "hey" | "namaste" | "namaskar" | "namaskaar" if alone => Some(Command::Greeting),
        _ if THANKS.contains(&first) && rest.iter().all(|w| courteous(w)) => Some(Command::Thanks),
        "complete" | "received" | "delivered" | "paye" => {
            // "received nothing" confirms nothing
            let whole = alone && !text.contains('?');
            numbered(|number| Command::Complete(Some(number)))
                .or_else(|| whole.then_some(Command::Complete(None)))
        }
        _ if alone && let Some(number) = parse_order_number(first) => Some(Command::Status(Some(number))),
        _ => listing(&words).then_some(Command::Status(None)),
    }
}

/// Whether a message begins with the word that cancels: whatever follows, it orders nothing.
pub fn begins_with_cancel(text: &str) -> bool {
    matches!(words(text).first().map(String::as_str), Some("cancel" | "radda"))
}

/// `2`, `#2`, `option 2`, `the first one`, `2nd please`: which option of a question is meant.
pub fn option(text: &str) -> Option<usize> {
    let words = words(text);
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
        return Some(n);
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
        .map(|i| i + 1)
}

/// Whether the thing that is asked about is to be left out: `SKIP`.
pub fn skips(text: &str) -> bool {
    let words = words(text);
    match words.split_first() {
        Some((first, rest)) => matches!(first.as_str(), "skip" | "none") && polite(rest),
        None => false,
    }
}

/// Whether a number stands in the text, in digits or as a word.
pub fn counts(text: &str) -> bool {
    tokens(text)
        .iter()
        .any(|t| t.kind == Kind::Number || khaacho_text::number_word(&t.key).is_some())
}

/// `yes please`, `ok confirm`; `None` when there is any other word. `ok thanks` only thanks: it may close a talk as
/// well as confirm, and nothing is confirmed on a guess. Neither does a question confirm.
fn confirmation(text: &str, words: &[String]) -> Option<Command> {
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
        Command::Thanks
    } else {
        Command::Confirm
    })
}

/// Whether words are nothing but politeness.
fn polite(words: &[String]) -> bool {
    words.iter().all(|w| POLITE.contains(&w.as_str()))
}

fn courteous(word: &str) -> bool {
    POLITE.contains(&word) || THANKS.contains(&word) || WITH_THANKS.contains(&word)
}

/// Whether words are nothing but politeness and thanks.
fn thanking(words: &[String]) -> bool {
    let thanks = words.iter().any(|w| THANKS.contains(&w.as_str()));
    let fits = |w: &String| POLITE.contains(&w.as_str()) || thanks && courteous(w);
    words.iter().all(fits)
}

/// `orders`, `my orders`, `order status please`.
fn listing(words: &[String]) -> bool {
    let about = |w: &String| matches!(w.as_str(), "orders" | "order" | "status");
    let other = |w: &String| LISTING.contains(&w.as_str()) || POLITE.contains(&w.as_str());
    words.iter().any(about) && words.iter().all(|w| about(w) || other(w))
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
    // six digits may be the end of a number, which sentences know
    let end = text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit());
    let like_number = text.bytes().filter(u8::is_ascii_digit).count() >= 6;
    if like_number && !end {
        Named::Wrong(first.to_uppercase())
    } else {
        Named::None
    }
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

#[cfg(test)]
mod tests;
