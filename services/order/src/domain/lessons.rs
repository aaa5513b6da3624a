//! What the catalogue can learn from a message.

use khaacho_money::Quantity;
use serde::{Deserialize, Serialize};

use super::Asked;
use super::basket::Open;

/// Most phrases of one kind in one lesson.
const PHRASES_MAX: usize = 50;
/// Most characters of a phrase.
const CHARS_MAX: usize = 200;

/// Phrases with what they mean, and phrases that mean nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lessons {
    /// The shop.
    pub account_id: String,
    /// Phrase and product, of a basket that becomes an order.
    pub learned: Vec<(String, String)>,
    /// Phrases that nobody could match.
    pub unmatched: Vec<Unmatched>,
}

/// A phrase that nobody could match.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unmatched {
    /// As typed.
    pub phrase: String,
    /// Thousandths of `unit`; 0 when none was stated.
    pub milli: i64,
    /// Unit; empty when none was stated.
    pub unit: String,
}

impl Lessons {
    /// What the shop has answered, once it orders the basket.
    pub fn of_order(account_id: &str, asked: &[Asked]) -> Self {
        let pairs = asked.iter().flat_map(|line| {
            line.called
                .iter()
                .map(|phrase| (phrase.clone(), line.sku.clone()))
        });
        Self {
            account_id: account_id.to_owned(),
            learned: pairs
                .filter(|(phrase, _)| phrase.chars().count() <= CHARS_MAX)
                .take(PHRASES_MAX)
                .collect(),
            unmatched: Vec::new(),
        }
    }

    /// Questions whose phrases are unknown.
    pub fn of_unknown<'a>(account_id: &str, open: impl IntoIterator<Item = &'a Open>) -> Self {
        let unmatched = open.into_iter().map(|open| Unmatched {
            phrase: open.phrase.chars().take(CHARS_MAX).collect(),
            milli: open.quantity.parse::<Quantity>().map_or(0, Quantity::milli),
            unit: open.unit.clone(),
        });
        Self {
            account_id: account_id.to_owned(),
            learned: Vec::new(),
            unmatched: unmatched.take(PHRASES_MAX).collect(),
        }
    }

    /// Words that were not understood, without a quantity.
    pub fn of_words(account_id: &str, words: &[String]) -> Self {
        let open = |phrase: &String| Open {
            phrase: phrase.clone(),
            ..Open::default()
        };
        let open: Vec<Open> = words.iter().map(open).collect();
        Self::of_unknown(account_id, &open)
    }

    /// Whether there is nothing to learn.
    pub fn is_empty(&self) -> bool {
        self.learned.is_empty() && self.unmatched.is_empty()
    }

    /// Takes in more of the same shop.
    pub fn extend(&mut self, more: Self) {
        self.account_id = more.account_id;
        self.learned.extend(more.learned);
        self.unmatched.extend(more.unmatched);
        self.learned.truncate(PHRASES_MAX);
        self.unmatched.truncate(PHRASES_MAX);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_answered_is_learned() {
        let line = |sku: &str, called: &[&str]| Asked {
            sku: sku.to_owned(),
            quantity: "1".to_owned(),
            unit: String::new(),
            called: called.iter().map(|phrase| (*phrase).to_owned()).collect(),
        };
        let long = "x".repeat(201);
        let lessons = Lessons::of_order("acc_1", &[line("A", &[]), line("B", &["tel", "rato tel", &long])]);
        let expected = [("tel", "B"), ("rato tel", "B")].map(|(p, s)| (p.to_owned(), s.to_owned()));
        assert_eq!(lessons.learned, expected);
        assert!(Lessons::of_order("acc_1", &[line("A", &[])]).is_empty());
    }
}
