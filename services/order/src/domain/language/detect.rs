//! Which language a message is written in, as far as its words show it.
//!
//! A word that only one language has counts two, one that others have as well counts one, and two are needed. Names of
//! goods, numbers and units count nothing, so a bare list in Latin letters shows no language: most are English, Nepali and
//! Hindi at once. English words do not make a Nepali sentence English. Rather nothing than a wrong language.

use std::collections::HashMap;
use std::sync::LazyLock;

use khaacho_text::{Kind, Token, fold, is_devanagari, other_keys, tokens};

use super::Language;
use super::words::{self, Words};

/// What a word counts that only one language has.
const ONLY: u32 = 2;
/// What a word counts that others have as well.
const MAYBE: u32 = 1;
/// What has to come together.
const ENOUGH: u32 = 2;
/// What has to come together of words that other languages of the border have as well.
const ENOUGH_SHARED: u32 = 3;
/// Words with shorter keys are compared letter by letter: too many words of other languages sound like them.
const KEY_MIN: usize = 5;
/// Shorter words have no ending.
const ENDED_MIN: usize = 5;
/// Longest part of a name that is said twice.
const NAME_PART_MAX: usize = 2;
/// Words in Devanagari, whatever they mean, that show a reader of Nepali: nearly all who write it here are.
const DEVANAGARI_MIN: u32 = 2;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tongue {
    English,
    Nepali,
    Hindi,
}

/// What a word shows.
type Shows = (Tongue, u32);

/// Words of all languages.
#[derive(Default)]
struct Table {
    exact: HashMap<&'static str, Shows>,
    /// By [`fold`], since romanised words have many spellings.
    keys: HashMap<String, Shows>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    use Tongue::{English, Hindi, Nepali};
    let mut table = Table::default();
    for (words, shows) in [
        (words::ENGLISH, (English, ONLY)),
        (words::ENGLISH_MAYBE, (English, MAYBE)),
    ] {
        for word in words.split_whitespace() {
            table.exact.entry(word).or_insert(shows);
        }
    }
    for (words, shows) in [
        (words::NEPALI, (Nepali, ONLY)),
        (words::NEPALI_MAYBE, (Nepali, MAYBE)),
        (words::HINDI, (Hindi, ONLY)),
        (words::HINDI_MAYBE, (Hindi, MAYBE)),
    ] {
        for word in words.split_whitespace() {
            let key = fold(word);
            if key.len() < KEY_MIN {
                table.exact.entry(word).or_insert(shows);
            } else {
                table.keys.entry(key).or_insert(shows);
            }
        }
    }
    table
});

/// What counts for each language.
#[derive(Debug, Default)]
struct Heard {
    english: u32,
    nepali: u32,
    hindi: u32,
    /// Part of `hindi` that no other language has.
    hindi_only: u32,
    /// Words.
    words: u32,
}

impl Heard {
    fn add(&mut self, shows: Option<Shows>) {
        self.words += 1;
        match shows {
            Some((Tongue::English, counts)) => self.english += counts,
            Some((Tongue::Nepali, counts)) => self.nepali += counts,
            Some((Tongue::Hindi, counts)) => {
                self.hindi += counts;
                self.hindi_only += if counts == ONLY { ONLY } else { 0 };
            }
            None => {}
        }
    }

    fn is_anything(&self) -> bool {
        self.english + self.nepali + self.hindi > 0
    }

    fn is_hindi(&self) -> bool {
        let enough = self.hindi_only >= ENOUGH || self.hindi >= ENOUGH_SHARED;
        enough && self.hindi > 2 * self.nepali
    }

    /// What is written in Latin letters.
    fn latin(&self) -> Option<Language> {
        if self.nepali >= ENOUGH && self.nepali > 2 * self.hindi_only && self.english <= self.nepali {
            return Some(Language::NeLatn);
        }
        if self.is_hindi() && self.english <= self.hindi {
            return Some(Language::Hi);
        }
        let english = self.english >= ENOUGH && self.nepali == 0 && self.hindi == 0;
        english.then_some(Language::En)
    }

    /// What is written in Devanagari.
    fn devanagari(&self) -> Option<Language> {
        if self.is_hindi() {
            return Some(Language::Hi);
        }
        let shown = self.nepali >= ENOUGH && self.nepali > 2 * self.hindi_only;
        let script = self.hindi == 0 && self.words >= DEVANAGARI_MIN;
        (shown || script).then_some(Language::Ne)
    }
}

/// The language of a message; `None` when its words do not show one.
pub fn detect(text: &str) -> Option<Language> {
    let (mut latin, mut devanagari) = (Heard::default(), Heard::default());
    let words: Vec<Token> = tokens(text)
        .into_iter()
        .filter(|token| token.kind == Kind::Word)
        .collect();
    for (at, word) in words.iter().enumerate() {
        if word.text.chars().any(is_devanagari) {
            devanagari.add(of_devanagari(&word.text));
        } else if is_hindi_request(&words, at) {
            latin.add(Some((Tongue::Hindi, ONLY)));
        } else if !doubled(&words, at) {
            latin.add(of_latin(word));
        }
    }
    match (latin.is_anything(), devanagari.words > 0) {
        // Sentences of two scripts may be of two languages.
        (true, true) => None,
        (_, true) => devanagari.devanagari(),
        (_, false) => latin.latin(),
    }
}

/// The end of `kar do`, `bhej do`: alone the word is a number, or English.
fn is_hindi_request(words: &[Token], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| words.get(before));
    words[at].text == "do" && before.is_some_and(|verb| holds(words::HINDI_BEFORE_DO, &verb.text))
}

/// Half of a name: `ra ra` and `na na` are no grammar.
fn doubled(words: &[Token], at: usize) -> bool {
    let next = at.checked_add(1).and_then(|next| words.get(next));
    let before = at.checked_sub(1).and_then(|before| words.get(before));
    let same = |other: Option<&Token>| other.is_some_and(|other| other.text == words[at].text);
    words[at].text.len() <= NAME_PART_MAX && (same(next) || same(before))
}

fn of_latin(word: &Token) -> Option<Shows> {
    let text = word.text.as_str();
    if holds(words::NOTHING, text) {
        return None;
    }
    let table = &*TABLE;
    if let Some(shows) = table.exact.get(text) {
        return Some(*shows);
    }
    let other = other_keys(text);
    let mut keys = std::iter::once(&word.key).chain(&other);
    if let Some(shows) = keys.find_map(|key| table.keys.get(key)) {
        return Some(*shows);
    }
    if text.len() < ENDED_MIN {
        return None;
    }
    let spoken = text.replace('x', "ch").replace("chh", "ch");
    if ends(words::NEPALI_ENDINGS, &spoken, 2) || begins(words::NEPALI_BEGINNINGS, text) {
        return Some((Tongue::Nepali, ONLY));
    }
    ends(words::HINDI_ENDINGS, text, 1).then_some((Tongue::Hindi, ONLY))
}

fn of_devanagari(text: &str) -> Option<Shows> {
    if holds(words::HINDI_DEVANAGARI, text) || ends(words::HINDI_DEVANAGARI_ENDINGS, text, 1) {
        return Some((Tongue::Hindi, ONLY));
    }
    if holds(words::HINDI_DEVANAGARI_MAYBE, text) {
        return Some((Tongue::Hindi, MAYBE));
    }
    let nepali = holds(words::NEPALI_DEVANAGARI, text)
        || ends(words::NEPALI_DEVANAGARI_ENDINGS, text, 2)
        || begins(words::NEPALI_DEVANAGARI_BEGINNINGS, text);
    if nepali {
        return Some((Tongue::Nepali, ONLY));
    }
    let cases = words::NEPALI_DEVANAGARI_CASES;
    let case = holds(cases, text) || ends(cases, text, 2);
    case.then_some((Tongue::Nepali, MAYBE))
}

fn holds(words: Words, text: &str) -> bool {
    words.split_whitespace().any(|word| word == text)
}

fn begins(beginnings: Words, text: &str) -> bool {
    let mut beginnings = beginnings.split_whitespace();
    beginnings.any(|beginning| text.starts_with(beginning))
}

/// Whether the word has one of the endings behind at least `stem` letters.
fn ends(endings: Words, text: &str, stem: usize) -> bool {
    let mut rests = endings
        .split_whitespace()
        .filter_map(|ending| text.strip_suffix(ending));
    rests.any(|rest| rest.chars().count() >= stem)
}

#[cfg(test)]
mod tests;
