//! The words of the catalogue, and how far a typed word is from them.

use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{Hash, Hasher};

use khaacho_text::{bones, near_enough, other_keys, skeleton};

/// A word that a typed one may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Guess {
    pub word: u32,
    /// 0–1000, as in [`super::Mention::score`].
    pub score: u16,
}

/// Scores of the ways to recognise a word.
mod scores {
    /// As it stands in the catalogue.
    pub const EXACT: u16 = 1000;
    /// Another spelling with the same key.
    pub const SPELLING: u16 = 960;
    /// Another reading of its letters.
    pub const OTHER: u16 = 930;
    /// With a plural ending or a case ending.
    pub const ENDING: u16 = 940;
    /// The same skeleton.
    pub const SKELETON: u16 = 860;
    /// One slip in a long word, one in a short one, two in a very long one.
    pub const SLIP_LONG: u16 = 840;
    pub const SLIP_SHORT: u16 = 700;
    pub const SLIPS: u16 = 600;
}

/// From this length on one slip is accepted without a question.
const LONG: usize = 6;
const GUESSES_MAX: usize = 6;
/// Fewest consonants that name a word by themselves.
const BONES_MIN: usize = 5;
/// Fewest letters, and consonants among them, of a word without some of its vowels.
const HASTY_MIN: usize = 4;
const HASTY_BONES_MIN: usize = 3;

#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    keys: Vec<String>,
    by_key: BTreeMap<String, u32>,
    /// Spellings as they stand in the catalogue.
    surfaces: HashSet<(u32, String)>,
    by_skeleton: HashMap<String, Vec<u32>>,
    by_bones: HashMap<String, Vec<u32>>,
    /// Hash of a key without one letter → words. Two words one slip apart share an entry.
    shortened: HashMap<u64, Vec<u32>>,
}

impl Vocabulary {
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    pub fn key(&self, word: u32) -> &str {
        self.keys.get(word as usize).map_or("", String::as_str)
    }

    /// The word's number; new words are added.
    pub fn learn(&mut self, text: &str, key: &str) -> u32 {
        let word = match self.by_key.get(key) {
            Some(word) => *word,
            None => self.add(key),
        };
        self.surfaces.insert((word, text.to_owned()));
        word
    }

    fn add(&mut self, key: &str) -> u32 {
        let word = u32::try_from(self.keys.len()).unwrap_or(u32::MAX);
        self.keys.push(key.to_owned());
        self.by_key.insert(key.to_owned(), word);
        if is_number(key) {
            return word;
        }
        if key.len() >= 4 {
            self.by_skeleton.entry(skeleton(key)).or_default().push(word);
            self.by_bones.entry(bones(key)).or_default().push(word);
        }
        if key.len() >= 5 {
            for hash in shortened(key) {
                self.shortened.entry(hash).or_default().push(word);
            }
        }
        word
    }

    /// The word with exactly this key.
    pub fn known(&self, key: &str) -> Option<u32> {
        self.by_key.get(key).copied()
    }

    /// Words whose key begins so.
    pub fn beginning_with<'a>(&'a self, start: &'a str) -> impl Iterator<Item = u32> + 'a {
        let from = (std::ops::Bound::Included(start), std::ops::Bound::Unbounded);
        let range = self.by_key.range::<str, _>(from);
        range
            .take_while(move |(key, _)| key.starts_with(start))
            .map(|(_, word)| *word)
    }

    /// What a typed word can be: the best way of recognising it, and every word that this way finds.
    pub fn guesses(&self, text: &str, key: &str) -> Vec<Guess> {
        if let Some(word) = self.known(key) {
            let exact = self.surfaces.contains(&(word, text.to_owned()));
            let score = if exact { scores::EXACT } else { scores::SPELLING };
            return vec![Guess { word, score }];
        }
        if is_number(key) || key.len() < 3 {
            return Vec::new();
        }
        if let Some(word) = other_keys(text).iter().find_map(|other| self.known(other)) {
            return vec![Guess {
                word,
                score: scores::OTHER,
            }];
        }
        let stems = endings(key);
        if let Some(word) = stems.iter().find_map(|stem| self.known(stem)) {
            return vec![Guess {
                word,
                score: scores::ENDING,
            }];
        }
        let near = self.by_skeleton(key);
        if !near.is_empty() {
            return near;
        }
        if let Some(near) = stems
            .iter()
            .map(|stem| self.by_skeleton(stem))
            .find(|near| !near.is_empty())
        {
            return near;
        }
        let near = self.by_bones(text, key);
        if !near.is_empty() {
            return near;
        }
        let near = self.without_vowels(text, key);
        if near.is_empty() { self.slips(key) } else { near }
    }

    /// English words in Devanagari (सनफ्लावर): their vowels are anybody's guess, their consonants are not.
    fn by_bones(&self, text: &str, key: &str) -> Vec<Guess> {
        let bones = bones(key);
        if text.is_ascii() || bones.len() < BONES_MIN {
            return Vec::new();
        }
        let words = self.by_bones.get(&bones).map_or(&[][..], Vec::as_slice);
        let guess = |word: &u32| Guess {
            word: *word,
            score: scores::SKELETON,
        };
        words.iter().take(GUESSES_MAX).map(guess).collect()
    }

    /// Vowels left out in haste: `msuro`, `hrpic`. Every letter that is there stands in the word, in its order.
    fn without_vowels(&self, text: &str, key: &str) -> Vec<Guess> {
        if !text.is_ascii() || text.len() < HASTY_MIN {
            return Vec::new();
        }
        let bones = bones(key);
        let words = self.by_bones.get(&bones).map_or(&[][..], Vec::as_slice);
        let inside = |word: &&u32| {
            let mut known = self.key(**word).chars();
            key.chars().all(|letter| known.any(|k| k == letter))
        };
        let guess = |word: &u32| Guess {
            word: *word,
            score: scores::SKELETON,
        };
        let long = bones.len() >= HASTY_BONES_MIN;
        let words = words.iter().filter(inside).take(GUESSES_MAX).map(guess);
        words.filter(|_| long).collect()
    }

    fn by_skeleton(&self, key: &str) -> Vec<Guess> {
        if key.len() < 4 {
            return Vec::new();
        }
        let words = self
            .by_skeleton
            .get(&skeleton(key))
            .map_or(&[][..], Vec::as_slice);
        let score = if key.len() > 4 {
            scores::SKELETON
        } else {
            scores::SLIP_SHORT
        };
        let guess = |word: &u32| Guess { word: *word, score };
        words.iter().take(GUESSES_MAX).map(guess).collect()
    }

    /// Words that are a slip of the finger away; of several distances the nearest.
    fn slips(&self, key: &str) -> Vec<Guess> {
        if key.len() < 5 {
            return Vec::new();
        }
        let mut near: Vec<(usize, u32)> = Vec::new();
        let whole = std::iter::once(hash(key.chars()));
        for shorter in whole.chain(shortened(key)) {
            for word in self.shortened.get(&shorter).into_iter().flatten() {
                if near.iter().all(|(_, known)| known != word)
                    && let Some(steps) = near_enough(key, self.key(*word))
                {
                    near.push((steps, *word));
                }
            }
        }
        let Some(least) = near.iter().map(|(steps, _)| *steps).min() else {
            return Vec::new();
        };
        near.retain(|(steps, _)| *steps == least);
        near.sort_unstable();
        near.truncate(GUESSES_MAX);
        let score = |word: u32| match least {
            0 | 1 if self.key(word).len().min(key.len()) >= LONG => scores::SLIP_LONG,
            0 | 1 => scores::SLIP_SHORT,
            _ => scores::SLIPS,
        };
        near.into_iter()
            .map(|(_, word)| Guess {
                word,
                score: score(word),
            })
            .collect()
    }
}

fn is_number(key: &str) -> bool {
    key.bytes().all(|b| b.is_ascii_digit() || b == b'.')
}

/// The word without an ending that says nothing about the product: plurals, and case endings that are written
/// together with the word in Devanagari.
fn endings(key: &str) -> Vec<&str> {
    const ENDINGS: [&str; 18] = [
        "aharu", "alai", "ako", "aka", "ama", "ale", "haruko", "haru", "lai", "ko", "ka", "ki", "ma", "le",
        "bata", "es", "s", "n",
    ];
    let stems = ENDINGS.iter().filter_map(|ending| key.strip_suffix(ending));
    stems.filter(|stem| stem.len() >= 3).collect()
}

fn shortened(key: &str) -> impl Iterator<Item = u64> + '_ {
    let whole = std::iter::once(hash(key.chars()));
    let letters = key.chars().count();
    whole.chain(
        (0..letters).map(|gap| hash(key.chars().enumerate().filter(|(i, _)| *i != gap).map(|(_, c)| c))),
    )
}

fn hash(letters: impl Iterator<Item = char>) -> u64 {
    let mut hasher = DefaultHasher::new();
    letters.for_each(|c| c.hash(&mut hasher));
    hasher.finish()
}
