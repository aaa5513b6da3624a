//! Words that are no products: Nepali, Hindi and English, in Latin letters as they are typed. Devanagari reaches the same
//! entries through its sounds. `_` joins the words of a phrase, `*` stands for any ending.

mod doing;
mod things;

use std::collections::HashMap;
use std::sync::LazyLock;

use khaacho_text::{Kind, Token, fold, near_enough, other_keys};

use super::ideas::{Idea, Ideas};

type Table = &'static [(Idea, &'static str)];
const TABLES: &[Table] = &[doing::WORDS, things::WORDS];

/// Words whose key says something else than they do.
const EXACT: &[(&str, Idea)] = &[
    ("kaam", Idea::Filler),
    ("काम", Idea::Filler),
    ("thapera", Idea::Filler),
    ("थपेर", Idea::Filler),
    ("bata", Idea::From),
    ("बाट", Idea::From),
    ("के", Idea::What),
    ("call", Idea::Call),
    ("calls", Idea::Call),
    ("what", Idea::What),
    ("whats", Idea::What),
    ("was", Idea::Were),
    ("were", Idea::Were),
    ("with", Idea::Filler),
    ("will", Idea::Filler),
    ("tell", Idea::Filler),
    ("than", Idea::Filler),
    ("की", Idea::Of),
    ("ए", Idea::Filler),
    // lux sounds the same
    ("looks", Idea::Filler),
    // "na" is politeness
    ("nah", Idea::No),
];

/// Case endings, as they sound.
const ENDINGS: &[&str] = &[
    "bat", "bata", "alai", "ako", "ama", "ale", "lai", "ma", "ko", "le", "haru", "sanga", "sang",
];

/// Most words of a phrase.
const PHRASE_MAX: usize = 4;

#[derive(Default)]
struct Lexicon {
    whole: HashMap<String, Ideas>,
    /// Beginnings of words.
    begins: HashMap<String, Ideas>,
    /// Keys of several words, joined by spaces; the last may be a beginning.
    phrases: HashMap<String, Ideas>,
    phrase_begins: HashMap<String, Ideas>,
    /// (first letter, length) → keys of words, for slips of the finger.
    near: HashMap<(char, usize), Vec<String>>,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let mut lexicon = Lexicon::default();
    for (idea, words) in TABLES.iter().copied().flatten() {
        for entry in words.split_whitespace() {
            lexicon.add(*idea, entry);
        }
    }
    lexicon
});

impl Lexicon {
    fn add(&mut self, idea: Idea, entry: &str) {
        let (text, begins) = match entry.strip_suffix('*') {
            Some(text) => (text, true),
            None => (entry, false),
        };
        let keys: Vec<String> = text.split('_').map(fold).collect();
        let table = match (keys.len(), begins) {
            (1, false) => &mut self.whole,
            (1, true) => &mut self.begins,
            (_, false) => &mut self.phrases,
            (_, true) => &mut self.phrase_begins,
        };
        table.entry(keys.join(" ")).or_default().add(idea.into());
        if let ([key], false) = (keys.as_slice(), begins)
            && let Some(first) = key.chars().next()
            && key.len() >= SLIP_MIN
        {
            let bucket = self.near.entry((first, key.len())).or_default();
            if !bucket.contains(key) {
                bucket.push(key.clone());
            }
        }
    }

    /// The ideas of the words that are one slip away, when they all agree on something.
    fn slip(&self, key: &str) -> Ideas {
        let Some(first) = key
            .chars()
            .next()
            .filter(|_| (SLIP_MIN..=SLIP_MAX).contains(&key.len()))
        else {
            return Ideas::default();
        };
        let buckets = (key.len() - 1..=key.len() + 1).filter_map(|length| self.near.get(&(first, length)));
        let known = buckets
            .flatten()
            .filter(|known| near_enough(key, known) == Some(1));
        let mut found: Option<Ideas> = None;
        for word in known {
            let ideas = self.whole.get(word).copied().unwrap_or_default();
            found = Some(found.map_or(ideas, |so_far| so_far.both(ideas)));
        }
        found.unwrap_or_default()
    }

    /// The ideas of a word, or of what stands before a case ending that is written together with it.
    fn word(&self, key: &str) -> Ideas {
        let ideas = self.stem(key);
        if !ideas.is_empty() {
            return ideas;
        }
        let stems = ENDINGS
            .iter()
            .filter_map(|ending| key.strip_suffix(ending))
            .filter(|stem| stem.len() >= 4);
        stems
            .map(|stem| self.stem(stem))
            .find(|ideas| !ideas.is_empty())
            .unwrap_or_default()
    }

    fn stem(&self, key: &str) -> Ideas {
        let mut ideas = self.whole.get(key).copied().unwrap_or_default();
        for end in (3..=key.len()).filter(|end| key.is_char_boundary(*end)) {
            if let Some(more) = self.begins.get(&key[..end]) {
                ideas.add(*more);
            }
        }
        ideas
    }

    fn phrase(&self, keys: &str, last: usize) -> Ideas {
        let mut ideas = self.phrases.get(keys).copied().unwrap_or_default();
        for end in (last..=keys.len()).filter(|end| keys.is_char_boundary(*end)) {
            if let Some(more) = self.phrase_begins.get(&keys[..end]) {
                ideas.add(*more);
            }
        }
        ideas
    }
}

/// Lengths of words that may hold a slip.
const SLIP_MIN: usize = 6;
const SLIP_MAX: usize = 20;

/// What a word stands for that nothing else explains, with one slip of the finger.
pub fn near(token: &Token) -> Ideas {
    LEXICON.slip(&token.key)
}

/// What each token stands for.
pub fn ideas(tokens: &[Token]) -> Vec<Ideas> {
    let lexicon = &*LEXICON;
    let keys: Vec<Vec<String>> = tokens.iter().map(readings).collect();
    let mut out: Vec<Ideas> = keys
        .iter()
        .zip(tokens)
        .map(|(readings, token)| {
            if let Some((_, idea)) = EXACT.iter().find(|(text, _)| *text == token.text) {
                return (*idea).into();
            }
            let mut ideas = Ideas::default();
            for key in readings {
                ideas.add(lexicon.word(key));
            }
            ideas
        })
        .collect();
    for at in 0..tokens.len() {
        let mut starts = vec![String::new()];
        for length in 1..=PHRASE_MAX {
            let Some(next) = keys.get(at + length - 1).filter(|k| !k.is_empty()) else {
                break;
            };
            let mut longer = Vec::new();
            for start in &starts {
                for key in next {
                    longer.push(if start.is_empty() {
                        key.clone()
                    } else {
                        format!("{start} {key}")
                    });
                }
            }
            longer.truncate(8);
            starts = longer;
            if length == 1 {
                continue;
            }
            for phrase in &starts {
                let last = phrase.rfind(' ').map_or(0, |space| space + 2);
                let found = lexicon.phrase(phrase, last);
                if !found.is_empty() {
                    out[at..at + length].iter_mut().for_each(|ideas| ideas.add(found));
                }
            }
        }
    }
    for at in 0..tokens.len() {
        if numbers(tokens, at) {
            out[at] = Idea::Filler.into();
        }
        if matches!(tokens[at].key.as_str(), "galti" | "mistake") && own_mistake(tokens, &out, at) {
            out[at] = Idea::Correct.into();
        }
    }
    out
}

/// "bill no 442", "gadi no ba 2 kha 4455": a number, and no refusal. "no 2 carton" is one.
fn numbers(tokens: &[Token], at: usize) -> bool {
    const NUMBERED: [&str; 12] = [
        "bill", "gadi", "truck", "driver", "phone", "mobile", "order", "ord", "vehicle", "account",
        "invoice", "contact",
    ];
    let before = at.checked_sub(1).and_then(|b| tokens.get(b));
    if tokens[at].text == "no" && before.is_some_and(|t| NUMBERED.contains(&t.text.as_str())) {
        return true;
    }
    let dot = usize::from(tokens.get(at + 1).is_some_and(|t| t.is(".") || t.is(":")));
    let next = tokens.get(at + 1 + dot).filter(|t| t.kind == Kind::Number);
    at > 0 && tokens[at].text == "no" && next.is_some_and(|t| t.key.len() >= 3)
}

/// "sorry galti bhayo": whoever says sorry speaks of his own mistake.
fn own_mistake(tokens: &[Token], ideas: &[Ideas], at: usize) -> bool {
    let from = at.saturating_sub(3);
    let to = (at + 4).min(tokens.len());
    ideas[from..to].iter().any(|i| i.has(Idea::Sorry))
}

fn readings(token: &Token) -> Vec<String> {
    match token.kind {
        Kind::Word => std::iter::once(token.key.clone())
            .chain(other_keys(&token.text))
            .collect(),
        Kind::Sign => sign(&token.text).map(fold).into_iter().collect(),
        Kind::Number | Kind::Break => Vec::new(),
    }
}

/// Signs that say something.
fn sign(text: &str) -> Option<&'static str> {
    Some(match text {
        "👍" | "✅" | "👌" | "🆗" | "✔" | "☑" => "thumbsup",
        "🙏" => "foldedhands",
        "&" | "+" => "and",
        _ => return None,
    })
}
