//! What was probably meant when nothing matches.

use std::collections::HashMap;

use super::{Candidate, CatalogueIndex};

/// Most suggestions for one phrase.
const SUGGESTIONS_MAX: usize = 5;
/// Words of a phrase that are looked at one by one.
const WORDS_MAX: usize = 6;
/// Shorter words are too near to everything.
const LENGTH_MIN: usize = 3;

/// The nearest products by alias, best first: few edits away, or an alias that begins with the text.
pub(super) fn suggestions(index: &CatalogueIndex, words: &[String]) -> Vec<Candidate> {
    let mut texts = vec![words.join(" ")];
    if words.len() > 1 {
        texts.extend(words.iter().take(WORDS_MAX).cloned());
    }
    let texts: Vec<Vec<char>> = texts
        .iter()
        .map(|t| t.chars().collect())
        .filter(|t: &Vec<char>| t.len() >= LENGTH_MIN)
        .collect();
    let mut best: HashMap<usize, u16> = HashMap::new();
    for (alias, products) in &index.by_alias {
        let alias: Vec<char> = alias.chars().collect();
        let Some(score) = texts.iter().filter_map(|text| closeness(text, &alias)).max() else {
            continue;
        };
        for at in products {
            let known = best.entry(*at).or_default();
            *known = score.max(*known);
        }
    }
    let mut ranked: Vec<(u16, usize)> = best.into_iter().map(|(at, score)| (score, at)).collect();
    ranked.sort_by_key(|(score, at)| (std::cmp::Reverse(*score), *at));
    let candidate = |(score, at): (u16, usize)| Candidate {
        product: index.entries[at].product.clone(),
        score,
    };
    ranked.into_iter().take(SUGGESTIONS_MAX).map(candidate).collect()
}

/// 0–1000, `None` when they are too far apart: at most one edit in three characters.
fn closeness(text: &[char], alias: &[char]) -> Option<u16> {
    let longest = text.len().max(alias.len());
    if alias.len() > text.len() && alias.starts_with(text) {
        return Some(u16::try_from(text.len() * 1000 / longest).unwrap_or(1000));
    }
    let most = text.len() / 3;
    if text.len().abs_diff(alias.len()) > most {
        return None;
    }
    let edits = distance(text, alias);
    (edits <= most).then(|| u16::try_from((longest - edits) * 1000 / longest).unwrap_or(1000))
}

/// Least number of inserted, deleted, replaced and swapped neighbouring characters.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let replaced = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            row[j] = replaced.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_distance_counts_single_edits_and_swaps() {
        for (a, b, edits) in [
            ("", "", 0),
            ("chini", "chini", 0),
            ("chni", "chini", 1),
            ("hcini", "chini", 1),
            ("wai", "tel", 3),
            ("", "ab", 2),
        ] {
            let chars = |text: &str| text.chars().collect::<Vec<char>>();
            assert_eq!(distance(&chars(a), &chars(b)), edits, "{a} {b}");
            assert_eq!(distance(&chars(b), &chars(a)), edits, "{b} {a}");
        }
    }
}
