//! A plain grammar of what shops and vendors write. Words in, meaning out; which product a phrase means is the
//! catalogue's business.

mod items;
mod sentences;
mod vendor;

use khaacho_ids::{InboundId, QuoteId};

use super::number::parse_order_number;

pub use items::{ITEMS_MAX, Item, items};
pub use vendor::{VendorIntent, VendorVerb, vendor};

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

/// A tap on a button or a row that belongs to one basket or one question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tap {
    /// The quote, or the message that was answered with the question.
    pub about: String,
    /// What the tap means when that is still what is asked.
    pub intent: ShopIntent,
}

/// Reads the id of a bound button: `CONFIRM quo_…`, `CHANGE quo_…`, `CANCEL quo_…`, `OPTION inb_… 2`.
pub fn tap(text: &str) -> Option<Tap> {
    let words = words(text);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let (about, intent) = match words.as_slice() {
        ["option", about, n] => {
            about.parse::<InboundId>().ok()?;
            (about, ShopIntent::Option(n.parse().ok()?))
        }
        [word, about] => {
            about.parse::<QuoteId>().ok()?;
            let intent = match *word {
                "confirm" => ShopIntent::Confirm,
                "change" => ShopIntent::Change,
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

/// Reads a message of a shop. What is tapped and belongs to something is read by [`tap`].
pub fn shop(text: &str) -> ShopIntent {
    let words = words(text);
    let Some(first) = words.first().map(String::as_str) else {
        return ShopIntent::Unclear;
    };
    let rest = &words[1..];
    let alone = sentences::polite(rest);
    if let Some(intent) = sentences::confirmation(text, &words) {
        return intent;
    }
    match first {
        "cancel" | "radda" => match named(rest) {
            Named::Order(number, after) if reason(text, &after) => ShopIntent::Cancel(Some(number), after),
            Named::Order(..) => ShopIntent::Unclear,
            Named::Wrong(text) => ShopIntent::BadNumber(text),
            // Words that follow may mean one line only; nothing is dropped on a guess.
            Named::None if alone || loose(rest) => ShopIntent::Cancel(None, String::new()),
            Named::None => ShopIntent::Unclear,
        },
        "no" | "hoina" if sentences::thanking(rest) => ShopIntent::Cancel(None, String::new()),
        "change" | "edit" if alone => ShopIntent::Change,
        "status" | "order" | "orders" | "track" if first != "order" || asks_for_order(rest) => {
            match named(rest) {
                Named::Order(number, _) => ShopIntent::Status(Some(number)),
                Named::Wrong(text) => ShopIntent::BadNumber(text),
                Named::None => listed(text, rest).unwrap_or(ShopIntent::Status(None)),
            }
        }
        "balance" | "credit" | "udharo" | "baki" | "due" | "hisab" => ShopIntent::Balance,
        "help" | "menu" | "?" | "sahayog" if alone => ShopIntent::Help,
        "hi" | "hello" | "hey" | "namaste" | "namaskar" | "namaskaar"
            if rest.len() <= 2 && !has_digit(rest) =>
        {
            ShopIntent::Greeting
        }
        "good" if sentences::time_of_day(&words) => ShopIntent::Greeting,
        "thanks" | "thank" | "dhanyabad" | "dhanyabaad" if rest.len() <= 2 && !has_digit(rest) => {
            ShopIntent::Thanks
        }
        "complete" | "received" | "delivered" | "paye" => match named(rest) {
            Named::Order(number, after) if settled(text, &after) => ShopIntent::Complete(Some(number)),
            // "received ORD… but 2 are broken" is for a person to read
            Named::Order(..) => ShopIntent::Unclear,
            Named::Wrong(text) => ShopIntent::BadNumber(text),
            // "received nothing" confirms nothing.
            Named::None if alone && !text.contains('?') => ShopIntent::Complete(None),
            Named::None => ShopIntent::Unclear,
        },
        _ if alone && let Some(number) = parse_order_number(first) => ShopIntent::Status(Some(number)),
        _ => {
            let option = sentences::option(&words).map(ShopIntent::Option);
            option
                .or_else(|| sentences::question(&words))
                .unwrap_or_else(|| things(text))
        }
    }
}

/// `orders 2 bora jeera masino` is a list; `orders of the last 5 days` is none: a quantity follows at once, or has a
/// unit.
fn listed(text: &str, rest: &[String]) -> Option<ShopIntent> {
    let next = rest.first()?;
    let intent = things(text);
    let ShopIntent::Items(items) = &intent else {
        return None;
    };
    let counted = items::quantity(&ascii_digits(next)).is_some() || items.iter().any(|i| !i.unit.is_empty());
    counted.then_some(intent)
}

fn things(text: &str) -> ShopIntent {
    let items = items(text);
    let counted = |i: &Item| i.quantity.is_some() || i.impossible.is_some();
    if items.iter().any(|i| counted(i) && !i.phrase.is_empty()) {
        return ShopIntent::Items(items);
    }
    ShopIntent::Unclear
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

#[cfg(test)]
mod tests;
