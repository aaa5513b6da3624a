//! Numbers and signs that begin the entries of a list.

use khaacho_text::{Kind, Token};

use super::{Noise, Noted};

/// Numbers and bullets of a list, at the beginning of lines or counting up inside one.
pub(super) fn lists(tokens: &[Token], noted: &mut Noted) {
    let starts: Vec<usize> = (0..tokens.len())
        .filter(|at| *at == 0 || tokens[at - 1].kind == Kind::Break)
        .collect();
    let entries: Vec<usize> = starts
        .into_iter()
        .filter(|at| tokens.get(*at).is_some_and(|t| t.kind != Kind::Break))
        .collect();
    bullets(tokens, &entries, noted);
    let open = |at: usize| usize::from(tokens.get(at).is_some_and(|t| t.is("(") || t.is("[")));
    let whole = |at: usize| {
        tokens
            .get(at)
            .and_then(|t| t.milli)
            .filter(|m| m % 1000 == 0 && *m <= 99_000)
            .map(|m| m / 1000)
    };
    let counted: Vec<Option<i64>> = entries.iter().map(|at| whole(at + open(*at))).collect();
    // 1 … 2 … 3 …: every line counts up, and says another number
    let counts = counted
        .iter()
        .zip(1..)
        .filter(|(n, place)| **n == Some(*place))
        .count();
    let all = counted.len() >= 2 && counts == counted.len();
    for (entry, number) in entries.iter().zip(&counted) {
        let at = entry + open(*entry);
        let Some(number) = number else { continue };
        let close = closes(tokens, at);
        let line = tokens[at + 1..].iter().take_while(|t| t.kind != Kind::Break);
        let more = line
            .clone()
            .any(|t| t.kind == Kind::Number || khaacho_text::number_word(&t.key).is_some());
        let unit = tokens
            .get(at + 1)
            .is_some_and(|t| khaacho_text::Unit::of_key(&t.key).is_some());
        if close == 1
            && tokens
                .get(at + 1)
                .is_some_and(|t| t.is(")") || t.is(".") || t.is("]"))
            || all && !unit && more
            || close > 0 && *number == 1 && more
        {
            mark(*entry, at + 1 + close, noted);
        }
    }
    // inside one line: 1) … 2) …
    let mut expected = 1;
    for at in 0..tokens.len() {
        let marked = tokens.get(at + 1).is_some_and(|t| {
            t.glued
                && (t.is(")")
                    || t.is(".")
                        && !tokens
                            .get(at + 2)
                            .is_some_and(|n| n.glued && n.kind == Kind::Number))
        });
        if whole(at) == Some(expected) && marked && noted.noise[at].is_none() {
            let follows = tokens.get(at + 2).is_some_and(|t| t.kind == Kind::Word);
            let first =
                expected > 1 || at == 0 || tokens[at - 1].kind != Kind::Word || tokens[at + 1].is(")");
            if follows && first {
                mark(at - usize::from(at > 0 && tokens[at - 1].is("(")), at + 2, noted);
                expected += 1;
            }
        } else if whole(at) == Some(expected) && noted.noise[at].is_some() {
            expected += 1;
        }
    }
}

/// Signs between the number of a list and its entry.
fn closes(tokens: &[Token], at: usize) -> usize {
    let sign = tokens
        .get(at + 1)
        .is_some_and(|t| [")", ".", "]", ":", "-", "–"].iter().any(|s| t.is(s)));
    usize::from(sign)
}

fn mark(from: usize, to: usize, noted: &mut Noted) {
    let to = to.min(noted.noise.len());
    noted.noise[from..to]
        .iter_mut()
        .for_each(|n| *n = Some(Noise::Other));
    noted.bullets[from] = true;
}

/// Lines that begin with a sign. A hyphen glued to a number is one only where several lines begin so.
fn bullets(tokens: &[Token], entries: &[usize], noted: &mut Noted) {
    let dashes = entries.iter().filter(|at| tokens[**at].is("-")).count();
    for at in entries {
        let sign =
            tokens[*at].kind == Kind::Sign && !["(", "@", "#", "+", "₹"].iter().any(|s| tokens[*at].is(s));
        let negative = tokens[*at].is("-")
            && tokens
                .get(at + 1)
                .is_some_and(|t| t.glued && t.kind == Kind::Number);
        if sign && !(negative && dashes < 2) && !tokens[*at].text.chars().all(|c| c == '👍' || c == '🙏')
        {
            mark(*at, at + 1, noted);
        }
    }
}
