//! What a phrase means that names one product, such as the words of one field: key, then the longest alias, then every
//! other word and size narrows, then the unit narrows. Never a guess between products.

use std::collections::BTreeSet;

use khaacho_text::{Kind, Size, Token, Unit, tokens};

use super::{ACCEPT, Described, How, Matcher, Mention};

/// Most products that are suggested for one phrase.
const SUGGESTIONS_MAX: usize = 5;
/// Score of a product that an alias names.
const NAMED: u16 = 900;
/// Lowest score of a product that is named beside words that nobody understands.
const NAMED_LEAST: u16 = 300;
/// Score of a product that may have been meant.
const SUGGESTED: u16 = 500;

/// Words that say nothing about which product is meant, folded.
const NOISE: &[&str] = &[
    "bala", "bali", "ko", "ka", "ki", "ra", "ani", "ma", "ta", "the", "of", "a", "an", "and", "one", "pleas",
];
/// Words for the larger and the smaller of two sizes, folded.
const BIG: &[&str] = &["thulo", "thula", "big", "large", "bada"];
const SMALL: &[&str] = &["sano", "sana", "smal", "cota"];

/// A unit as somebody stated it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatedUnit {
    /// A unit.
    Known(Unit),
    /// A word that is no unit.
    Unknown,
}

impl StatedUnit {
    /// Reads the word; `None` when it is empty.
    pub fn of_word(word: &str) -> Option<Self> {
        let word = word.trim();
        (!word.is_empty()).then(|| Unit::of_word(word).map_or(Self::Unknown, Self::Known))
    }

    /// The canonical word; `?` when it is no unit.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Known(unit) => unit.as_str(),
            Self::Unknown => "?",
        }
    }
}

/// What somebody wrote for one item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase {
    /// Words that name a product.
    pub text: String,
    /// Unit, when one was stated.
    pub unit: Option<StatedUnit>,
    /// Quantity in thousandths, when one was stated.
    pub milli: Option<i64>,
}

/// A plausible product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate<'a> {
    /// The product.
    pub product: &'a Described,
    /// 0–1000.
    pub score: u16,
}

/// What a phrase means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match<'a> {
    /// One: that product. Several: a question. None: unknown.
    pub candidates: Vec<Candidate<'a>>,
    /// How it was decided, for people.
    pub because: String,
    /// Near products when there is no candidate; at most five.
    pub suggestions: Vec<Candidate<'a>>,
}

impl Matcher {
    /// What the phrase means.
    pub fn matches(&self, phrase: &Phrase) -> Match<'_> {
        if let Some(at) = self.by_whole_key(&phrase.text) {
            let because = format!("the key {}", self.products[at as usize].sku);
            return self.decided(&[at], 1000, because);
        }
        let mentions = self.mentioned(&phrase.text);
        let named = |m: &&Mention| m.how != How::Word && m.score >= ACCEPT;
        let longest = |m: &&Mention| (m.how == How::Key, m.end - m.start);
        // of two aliases of the same length the first one names the product
        let Some(main) = mentions.iter().filter(named).rev().max_by_key(longest) else {
            return Match {
                candidates: Vec::new(),
                because: "no alias fits".to_owned(),
                suggestions: self.near(&phrase.text, &mentions),
            };
        };
        let mut left = Left {
            products: main.products.clone(),
            score: NAMED,
            because: format!("alias \"{}\"", &phrase.text[main.start..main.end].to_lowercase()),
        };
        let words = tokens(&phrase.text);
        let beside = |from: usize, to: usize| to <= main.start || from >= main.end;
        for mention in mentions.iter().filter(|m| beside(m.start, m.end)) {
            left.narrow(&phrase.text[mention.start..mention.end], |p| {
                mention.products.binary_search(&p).is_ok()
            });
        }
        self.sizes(&words, beside, &mut left);
        for word in words.iter().filter(|t| beside(t.start, t.end)) {
            let fits = |m: &&Mention| m.products.iter().any(|p| main.products.contains(p));
            let covers = |m: &Mention| m.start <= word.start && word.end <= m.end;
            let known = mentions.iter().filter(fits).any(covers);
            if word.kind == Kind::Word && !known {
                self.word(word, &mut left);
            }
        }
        if let Some(StatedUnit::Known(unit)) = phrase.unit {
            self.narrow_by_unit(&mut left, unit, phrase.milli);
        }
        let Left {
            products,
            score,
            because,
        } = left;
        self.decided(&products, score, because)
    }

    fn decided(&self, products: &[u32], score: u16, because: String) -> Match<'_> {
        Match {
            candidates: products.iter().map(|p| self.candidate(*p, score)).collect(),
            because,
            suggestions: Vec::new(),
        }
    }

    fn candidate(&self, at: u32, score: u16) -> Candidate<'_> {
        Candidate {
            product: &self.products[at as usize],
            score,
        }
    }

    /// The product whose key is the text, with hyphens or spaces.
    fn by_whole_key(&self, text: &str) -> Option<u32> {
        let key = text.split_whitespace().collect::<Vec<_>>().join("-");
        self.by_key.get(&key.to_lowercase()).copied()
    }

    /// Mentions with indexes of the whole catalogue.
    fn mentioned(&self, text: &str) -> Vec<Mention> {
        let found = self.find(text);
        let place = |p: &u32| {
            let sku = found.products[*p as usize].sku.to_lowercase();
            self.by_key.get(&sku).copied()
        };
        let whole = |m: &Mention| Mention {
            products: m.products.iter().filter_map(place).collect(),
            ..m.clone()
        };
        found.mentions.iter().map(whole).collect()
    }

    /// Sizes beside the alias: `25 kg`.
    fn sizes(&self, words: &[Token], beside: impl Fn(usize, usize) -> bool, left: &mut Left) {
        for (number, unit) in words.iter().zip(words.iter().skip(1)) {
            let size = Unit::of_key(&unit.key).and_then(|u| u.size(number.milli?));
            if let Some(size) = size.filter(|_| beside(number.start, unit.end)) {
                let said = format!("{} {}", number.text, unit.text);
                left.narrow(&said, |p| self.facts[p as usize].size == Some(size));
            }
        }
    }

    /// A word that stands in no name: it may tell the larger of two sizes, say nothing, or not be understood.
    fn word(&self, word: &Token, left: &mut Left) {
        let key = word.key.as_str();
        let (big, small) = (BIG.contains(&key), SMALL.contains(&key));
        if big || small {
            let size = |p: u32| self.facts[p as usize].size;
            if let [one, other] = left.products[..]
                && let (Some(a), Some(b)) = (size(one), size(other))
                && a.measure == b.measure
                && a != b
            {
                let wanted = if (a > b) == big { one } else { other };
                left.narrow(&word.text, |p| p == wanted);
            }
        } else if !NOISE.contains(&key) && Unit::of_key(key).is_none() {
            left.because
                .push_str(&format!(", \"{}\" not understood", word.text));
            left.score = left.score.saturating_sub(100).max(NAMED_LEAST);
        }
    }

    /// Keeps the products that can be sold in the unit; all of them when none can.
    fn narrow_by_unit(&self, left: &mut Left, unit: Unit, milli: Option<i64>) {
        let size = milli.and_then(|milli| unit.size(milli));
        let fact = |p: u32| &self.facts[p as usize];
        let loose = |p: u32| fact(p).base_unit == Unit::Kg;
        let before = left.products.len();
        let any = match unit {
            // one each fits everything
            Unit::Piece => return,
            Unit::Kg | Unit::Gram if left.products.iter().any(|p| loose(*p)) => {
                left.keep(|p| loose(p) || size.is_some_and(|size| fact(p).is_sacks(size)))
            }
            _ if unit.measure().is_some() => left.keep(|p| size.is_some() && fact(p).size == size),
            _ => left.keep(|p| fact(p).order_units.iter().any(|(known, _)| *known == unit)),
        };
        if !any {
            left.because.push_str(&format!(", not sold by {unit}"));
        } else if left.products.len() < before {
            left.because.push_str(&format!(", narrowed by unit {unit}"));
        }
    }

    /// What was probably meant: guesses at aliases, then products that some of the words describe, then beginnings.
    fn near(&self, text: &str, mentions: &[Mention]) -> Vec<Candidate<'_>> {
        let mut ranked: Vec<&Mention> = mentions.iter().collect();
        ranked.sort_by_key(|m| (m.how == How::Word, m.products.len(), std::cmp::Reverse(m.score)));
        let described = ranked.iter().flat_map(|m| m.products.iter().copied());
        let beginning = |text: &str| -> Vec<u32> {
            let found = self.search(text, SUGGESTIONS_MAX);
            let place = |p: &Described| self.by_key.get(&p.sku.to_lowercase()).copied();
            found.into_iter().filter_map(place).collect()
        };
        let words = tokens(text);
        let long = |t: &&Token| t.kind == Kind::Word && t.text.chars().count() >= 3;
        let begun = std::iter::once(text)
            .chain(words.iter().filter(long).take(4).map(|t| t.text.as_str()))
            .flat_map(beginning);
        let mut seen = BTreeSet::new();
        let once = described.chain(begun).filter(|p| seen.insert(*p));
        once.take(SUGGESTIONS_MAX)
            .map(|p| self.candidate(p, SUGGESTED))
            .collect()
    }
}

impl super::Fact {
    /// Whether the weight is a whole number of the product's sealed sacks, so that they may be meant as well.
    fn is_sacks(&self, weight: Size) -> bool {
        let sack = self.size.filter(|_| self.base_unit == Unit::Sack);
        sack.is_some_and(|own| {
            own.measure == weight.measure && own.amount > 0 && weight.amount % own.amount == 0
        })
    }
}

/// Products that are still possible.
struct Left {
    products: Vec<u32>,
    score: u16,
    because: String,
}

impl Left {
    /// Keeps what fits, unless nothing does. Says whether anything did.
    fn keep(&mut self, fits: impl Fn(u32) -> bool) -> bool {
        let fewer: Vec<u32> = self.products.iter().copied().filter(|p| fits(*p)).collect();
        let any = !fewer.is_empty();
        if any {
            self.products = fewer;
        }
        any
    }

    fn narrow(&mut self, said: &str, fits: impl Fn(u32) -> bool) {
        let before = self.products.len();
        if self.keep(fits) && self.products.len() < before {
            let said = said.to_lowercase();
            self.because.push_str(&format!(", narrowed by \"{said}\""));
        }
    }
}

#[cfg(test)]
mod tests;
