//! What a phrase means, by the rules of the catalogue: key, then the longest alias, then every other word
//! narrows, then the unit narrows. Never a guess between products.

use std::sync::Arc;

use khaacho_money::Quantity;

use super::{CatalogueIndex, Entry, near};
use crate::domain::product::Product;
use crate::domain::size::Size;
use crate::domain::sku::Sku;
use crate::domain::unit::{self, Unit};
use crate::domain::words;

/// Words that say nothing about which product is meant.
const NOISE: &[&str] = &[
    "wala",
    "walla",
    "wali",
    "vala",
    "ko",
    "ka",
    "ki",
    "ra",
    "ani",
    "ma",
    "ta",
    "the",
    "of",
    "a",
    "an",
    "and",
    "one",
    "को",
    "का",
    "की",
    "र",
    "वाला",
];
/// Words for the larger and the smaller of two sizes.
const BIG: &[&str] = &["thulo", "thula", "big", "large", "bada", "ठूलो", "ठुलो"];
const SMALL: &[&str] = &["sano", "sana", "small", "chota", "सानो"];

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
    /// Quantity, when one was stated.
    pub quantity: Option<Quantity>,
}

/// A plausible product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The product.
    pub product: Arc<Product>,
    /// 0–1000.
    pub score: u16,
}

/// What a phrase means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// One: that product. Several: a question. None: unknown.
    pub candidates: Vec<Candidate>,
    /// How it was decided, for people.
    pub because: String,
    /// Near products when there is no candidate; at most five.
    pub suggestions: Vec<Candidate>,
}

impl CatalogueIndex {
    /// What the phrase means.
    pub fn matches(&self, phrase: &Phrase) -> Match {
        if let Some(at) = self.by_key(&phrase.text) {
            return self.found(
                vec![at],
                1000,
                format!("the key {}", self.entries[at].product.sku),
            );
        }
        let mut words = words::words(&phrase.text);
        if self.longest_alias(&words).is_none() {
            words = words.iter().map(|word| singular(word)).collect();
        }
        let Some(span) = self.longest_alias(&words) else {
            let suggestions = near::suggestions(self, &words);
            return Match {
                candidates: Vec::new(),
                because: "no alias fits".to_owned(),
                suggestions,
            };
        };
        let mut because = format!("alias \"{}\"", span.alias);
        let mut score: u16 = 900;
        let rest: Vec<&str> = span.rest(&words).filter(|word| !NOISE.contains(word)).collect();
        let mut left = span.products.to_vec();
        for word in rest {
            match self.narrowed_by(&left, word) {
                Some(fewer) if fewer.len() < left.len() => {
                    because.push_str(&format!(", narrowed by \"{word}\""));
                    left = fewer;
                }
                Some(_) => {}
                None => {
                    because.push_str(&format!(", \"{word}\" not understood"));
                    score = score.saturating_sub(100).max(300);
                }
            }
        }
        if let Some(StatedUnit::Known(unit)) = phrase.unit {
            left = self.narrowed_by_unit(left, unit, phrase.quantity, &mut because);
        }
        self.found(left, score, because)
    }

    fn found(&self, left: Vec<usize>, score: u16, because: String) -> Match {
        let candidate = |at: usize| Candidate {
            product: self.entries[at].product.clone(),
            score,
        };
        Match {
            candidates: left.into_iter().map(candidate).collect(),
            because,
            suggestions: Vec::new(),
        }
    }

    /// The product whose key is the text, with hyphens or spaces, or one of its words.
    fn by_key(&self, text: &str) -> Option<usize> {
        let tokens: Vec<&str> = text.split_whitespace().collect();
        let whole = tokens.join("-");
        std::iter::once(whole.as_str())
            .chain(tokens.iter().copied().filter(|token| token.contains('-')))
            .find_map(|key| self.by_sku.get(&key.parse::<Sku>().ok()?).copied())
    }

    /// The alias with most characters that stands in the words; the first of several.
    fn longest_alias<'a>(&'a self, words: &[String]) -> Option<Span<'a>> {
        let mut longest: Option<Span<'a>> = None;
        for start in 0..words.len() {
            for end in start + 1..=words.len().min(start + self.alias_words_max) {
                let text = words[start..end].join(" ");
                let Some((alias, products)) = self.by_alias.get_key_value(&text) else {
                    continue;
                };
                if longest
                    .as_ref()
                    .is_none_or(|l| alias.chars().count() > l.alias.chars().count())
                {
                    longest = Some(Span {
                        alias,
                        products,
                        start,
                        end,
                    });
                }
            }
        }
        longest
    }

    /// Those of the products that the word describes; `None` when it describes none of them.
    fn narrowed_by(&self, left: &[usize], word: &str) -> Option<Vec<usize>> {
        let fewer: Vec<usize> = left
            .iter()
            .copied()
            .filter(|at| self.entries[*at].words.contains(word))
            .collect();
        if !fewer.is_empty() {
            return Some(fewer);
        }
        let (big, small) = (BIG.contains(&word), SMALL.contains(&word));
        let [one, other] = left else {
            return (big || small).then(|| left.to_vec());
        };
        let size = |at: &usize| self.entries[*at].size;
        match (size(one), size(other)) {
            (Some(a), Some(b)) if (big || small) && a.measure == b.measure && a != b => {
                Some(vec![if (a > b) == big { *one } else { *other }])
            }
            _ => (big || small).then(|| left.to_vec()),
        }
    }

    /// Those of the products that can be sold in the unit; all of them when none can.
    fn narrowed_by_unit(
        &self,
        left: Vec<usize>,
        unit: Unit,
        quantity: Option<Quantity>,
        because: &mut String,
    ) -> Vec<usize> {
        let keep = |fits: &dyn Fn(&Entry) -> bool| -> Vec<usize> {
            left.iter()
                .copied()
                .filter(|at| fits(&self.entries[*at]))
                .collect()
        };
        let size = quantity.and_then(|quantity| unit.size(quantity));
        let fewer = match unit {
            // one each fits everything
            Unit::Piece => return left,
            Unit::Kg | Unit::Gram if left.iter().any(|at| self.entries[*at].is_loose()) => {
                keep(&|entry| entry.is_loose() || size.is_some_and(|size| is_sacks(entry, size)))
            }
            _ if unit::measures(unit).is_some() => keep(&|entry| size.is_some() && entry.size == size),
            _ => keep(&|entry| entry.product.factor(unit).is_some()),
        };
        if fewer.is_empty() {
            because.push_str(&format!(", not sold by {unit}"));
            return left;
        }
        if fewer.len() < left.len() {
            because.push_str(&format!(", narrowed by unit {unit}"));
        }
        fewer
    }
}

/// The English singular of a plural: `pens` → `pen`.
fn singular(word: &str) -> String {
    let stem = word
        .strip_suffix('s')
        .filter(|stem| stem.len() >= 3 && !stem.ends_with('s'));
    stem.unwrap_or(word).to_owned()
}

/// Whether the weight is a whole number of the product's sealed sacks, so that they may be meant as well.
fn is_sacks(entry: &Entry, weight: Size) -> bool {
    let sack = entry.size.filter(|_| entry.product.base_unit == Unit::Sack);
    sack.is_some_and(|sack| sack.measure == weight.measure && weight.amount % sack.amount == 0)
}

/// An alias that stands in a phrase.
struct Span<'a> {
    alias: &'a str,
    products: &'a [usize],
    start: usize,
    end: usize,
}

impl Span<'_> {
    /// The words beside it.
    fn rest<'w>(&self, words: &'w [String]) -> impl Iterator<Item = &'w str> {
        words[..self.start]
            .iter()
            .chain(&words[self.end..])
            .map(String::as_str)
    }
}
