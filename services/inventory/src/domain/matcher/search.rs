//! Search while somebody types: beginnings of words, and slips of the finger.

use std::collections::{BTreeMap, BTreeSet};

use khaacho_text::{Kind, tokens};

use super::{Described, Matcher};

/// Most words of a query that are looked at.
const WORDS_MAX: usize = 8;
/// Most words that one beginning stands for.
const BEGINNINGS_MAX: usize = 2_000;

impl Matcher {
    /// Products that every word of the query fits, best first: whole words before beginnings before slips; a key comes
    /// first of all.
    pub fn search(&self, query: &str, limit: usize) -> Vec<&Described> {
        let key = self.by_key.get(&query.trim().to_lowercase()).copied();
        let mut typed = tokens(query);
        typed.retain(|t| matches!(t.kind, Kind::Word | Kind::Number) && !t.key.is_empty());
        let mut ranks: Option<BTreeMap<u32, u32>> = None;
        for token in typed.iter().take(WORDS_MAX) {
            let fits = self.fitting(&token.text, &token.key);
            ranks = Some(match ranks {
                None => fits,
                Some(so_far) => {
                    let both = so_far
                        .into_iter()
                        .filter_map(|(p, rank)| fits.get(&p).map(|more| (p, rank + more)));
                    both.collect()
                }
            });
        }
        let mut ranked: Vec<(u32, u32)> = ranks
            .unwrap_or_default()
            .into_iter()
            .map(|(p, rank)| (rank, p))
            .collect();
        ranked.retain(|(_, p)| Some(*p) != key);
        ranked.sort_by_key(|(rank, p)| (std::cmp::Reverse(*rank), *p));
        let others = ranked.into_iter().map(|(_, p)| p);
        key.into_iter()
            .chain(others)
            .take(limit)
            .map(|p| &self.products[p as usize])
            .collect()
    }

    fn fitting(&self, text: &str, key: &str) -> BTreeMap<u32, u32> {
        let mut out = BTreeMap::new();
        let mut add = |words: &mut dyn Iterator<Item = u32>, rank: u32| {
            let words: BTreeSet<u32> = words.collect();
            for product in words
                .iter()
                .flat_map(|w| self.by_word.get(*w as usize).into_iter().flatten())
            {
                let best = out.entry(*product).or_insert(rank);
                *best = rank.max(*best);
            }
        };
        add(&mut self.vocabulary.beginning_with(key).take(BEGINNINGS_MAX), 30);
        let guesses = self.vocabulary.guesses(text, key);
        add(
            &mut guesses.iter().map(|g| g.word),
            guesses.first().map_or(0, |g| u32::from(g.score / 10)),
        );
        if out.is_empty() && key.bytes().all(|b| b.is_ascii_digit()) {
            let number = key.parse::<i64>().unwrap_or(-1);
            let with = self
                .facts
                .iter()
                .enumerate()
                .filter(|(_, f)| f.numbers.contains(&number) || sized(f, number));
            out.extend(with.filter_map(|(at, _)| Some((u32::try_from(at).ok()?, 30))));
        }
        out
    }
}

fn sized(fact: &super::Fact, number: i64) -> bool {
    fact.size
        .is_some_and(|s| s.amount == number || s.amount == number.saturating_mul(1000))
}
