//! The commands that shops and vendors write: few words, each of which is known, so that nothing is moved on a guess.
//! Everything else is a sentence, which the interpreter reads ([`super::interpret`]); a sentence never confirms, cancels
//! or completes anything.

mod language;
mod sentences;
mod vendor;

use khaacho_ids::{InboundId, QuoteId};

use super::number::parse_order_number;

pub use language::{Wanted, language};
pub use vendor::{VendorIntent, VendorVerb, vendor};

/// Words after FORGET; more of them are a sentence.
const FORGET_WORDS_MAX: usize = 6;

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
    /// The n-th option of a question, or so many.
    Option(usize),
    /// The n-th option of a question: `the second one`.
    Ordinal(usize),
    /// An order number that cannot be one.
    BadNumber(String),
    /// Leave out what is asked about.
    Skip,
    /// Ask again what these words mean.
    Forget(String),
    /// No command: a list, a question, or anything else.
    Sentence,
}

/// A tap on a button or a row that belongs to one basket or one question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tap {
    /// The quote, or the message that was answered with the question.
    pub about: String,
    /// What the tap means when that is still what is asked.
    pub intent: ShopIntent,
}

/// Reads the id of a bound button: `CONFIRM quo_…`, `CHANGE quo_…`, `CANCEL quo_…`, `OPTION inb_… 2`; of a vendor's
/// update `CONFIRM inb_…`, `CANCEL inb_…`.
pub fn tap(text: &str) -> Option<Tap> {
    let words = words(text);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let (about, intent) = match words.as_slice() {
        ["option", about, n] => {
            about.parse::<InboundId>().ok()?;
            (about, ShopIntent::Option(n.parse().ok()?))
        }
        [word, about] => {
            let quote = about.parse::<QuoteId>().is_ok();
            let intent = match *word {
                _ if !quote && about.parse::<InboundId>().is_err() => return None,
                "confirm" => ShopIntent::Confirm,
                "change" if quote => ShopIntent::Change,
                "cancel" => ShopIntent::Cancel(None, String::new()),
                _ => return None,
            };
            (about, intent)
        }
        _ => return None,
    };
    Some(Tap {
        about: (*about).to_owned(),
        intent,
    })
}

/// Whether somebody wants no more messages (`true`) or wants them again: the words that providers know, alone.
pub fn consent(text: &str) -> Option<bool> {
    let words = words(text);
    let [word] = words.as_slice() else { return None };
    match word.as_str() {
        "stop" | "stopall" | "unsubscribe" | "optout" => Some(true),
        "start" | "unstop" | "subscribe" | "optin" => Some(false),
        _ => None,
    }
}

/// Reads a message of a shop. What is tapped and belongs to something is read by [`tap`].
pub fn shop(text: &str) -> ShopIntent {
    command(text).unwrap_or(ShopIntent::Sentence)
}

fn command(text: &str) -> Option<ShopIntent> {
    let words = words(text);
    let first = words.first().map(String::as_str)?;
    let rest = &words[1..];
    let alone = sentences::polite(rest);
    if let Some(intent) = sentences::confirmation(text, &words) {
        return Some(intent);
    }
    let named = || named(rest);
    Some(match first {
        "cancel" | "radda" => match named() {
            Named::Order(number, after) if reason(text, &after) => ShopIntent::Cancel(Some(number), after),
            Named::Order(..) => return None,
            Named::Wrong(text) => ShopIntent::BadNumber(text),
            // Words that follow may mean one line only; nothing is dropped on a guess.
            Named::None if alone || loose(rest) => ShopIntent::Cancel(None, String::new()),
            Named::None => return None,
        },
        "no" | "hoina" if sentences::thanking(rest) => ShopIntent::Cancel(None, String::new()),
        "change" | "edit" if alone => ShopIntent::Change,
        "skip" if alone => ShopIntent::Skip,
        "forget" if !rest.is_empty() && loose(rest) => ShopIntent::Cancel(None, String::new()),
        "forget" | "birsa" | "birsinu" | "बिर्स" | "भूल" if (1..=FORGET_WORDS_MAX).contains(&rest.len()) => {
            ShopIntent::Forget(rest.join(" "))
        }
        "status" | "order" | "orders" | "track" => match named() {
            Named::Order(number, after) if sentences::asking(&self::words(&after)) => {
                ShopIntent::Status(Some(number))
            }
            // "order ORD… ma 2 bora chini thapnu" is no question
            Named::Order(..) => return None,
            Named::Wrong(text) => ShopIntent::BadNumber(text),
            Named::None if sentences::asking(rest) => ShopIntent::Status(None),
            Named::None => return None,
        },
        "balance" | "credit" | "udharo" | "baki" | "due" | "hisab" if sentences::asking(rest) => {
            ShopIntent::Balance
        }
        "help" | "menu" | "?" | "sahayog" if alone => ShopIntent::Help,
        "hi" | "hello" | "hey" | "namaste" | "namaskar" | "namaskaar" if alone => ShopIntent::Greeting,
        "good" if sentences::time_of_day(&words) => ShopIntent::Greeting,
        "thanks" | "thank" | "dhanyabad" | "dhanyabaad" if sentences::thanking(&words) => ShopIntent::Thanks,
        "complete" | "received" | "delivered" | "paye" => match named() {
            Named::Order(number, after) if settled(text, &after) => ShopIntent::Complete(Some(number)),
            // "received ORD… but 2 are broken" is for a person to read
            Named::Order(..) => return None,
            Named::Wrong(text) => ShopIntent::BadNumber(text),
            // "received nothing" confirms nothing.
            Named::None if alone && !text.contains('?') => ShopIntent::Complete(None),
            Named::None => return None,
        },
        _ if alone && let Some(number) = parse_order_number(first) => ShopIntent::Status(Some(number)),
        _ => {
            return sentences::option(&words).or_else(|| sentences::question(&words));
        }
    })
}

enum Named {
    /// An order number, and what follows it.
    Order(String, String),
    /// Digits that are no order number.
    Wrong(String),
    None,
}

/// Looks for an order number at the beginning of `words`: `ORD2611000429`, `ord 2611000429`, `2611000429`.
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

/// Whether what follows a word and an order number changes nothing: `accept ORD… but only 5 bora` accepts nothing.
fn settled(text: &str, after: &str) -> bool {
    let after = words(after);
    !text.contains('?') && sentences::thanking(&after)
}

/// Whether what follows a no and an order number can be its reason: no question, no second order, and not the no
/// taken back.
fn reason(text: &str, after: &str) -> bool {
    let after = words(after);
    let another = (0..after.len()).any(|at| matches!(named(&after[at..]), Named::Order(..)));
    let taken_back = after.iter().any(|word| word.starts_with("nagar"));
    !text.contains('?') && !another && !taken_back
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
pub(super) fn words(text: &str) -> Vec<String> {
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
