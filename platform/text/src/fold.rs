//! One key for the spellings of one word. Romanised Nepali has no standard: vowel length, doubled letters, v/b/w, s/sh,
//! j/z, f/ph and c/k vary from one writer to the next.

use strsim::osa_distance;

use crate::devanagari::{is_devanagari, romanised};

/// The first key: spellings that differ by habit alone are equal (`cheeni` = `chini` = चिनी, `vai` = `wai`).
/// Aspirates stay apart, since they tell words apart (`khata` is a copy book, `katta` a sack).
pub fn fold(word: &str) -> String {
    let latin = if word.chars().any(is_devanagari) {
        romanised(word)
    } else {
        word.to_lowercase()
    };
    let letters: Vec<char> = latin.chars().filter(|c| c.is_alphanumeric()).collect();
    // AA and AAA are sizes
    if letters.iter().all(|c| *c == letters[0]) && letters.first().is_some_and(char::is_ascii) {
        return letters.iter().collect();
    }
    let mut out = String::with_capacity(latin.len());
    let mut at = 0;
    while at < letters.len() {
        let (piece, taken) = piece(&letters[at..]);
        for c in piece.chars() {
            if !out.ends_with(c) || c.is_ascii_digit() {
                out.push(c);
            }
        }
        at += taken;
    }
    out
}

/// Other keys of the word, for when nothing fits the first: `x` and a soft `c` are also typed for छ and च, and a last
/// silent consonant of Devanagari may be spoken.
pub fn other_keys(word: &str) -> Vec<String> {
    let mut out = Vec::new();
    if word.chars().any(is_devanagari) {
        out.push(format!("{}a", fold(word)));
        return out;
    }
    let lower = word.to_lowercase();
    if lower.contains('x') {
        out.push(fold(&lower.replace('x', "ch")));
    }
    if lower.contains("ci") || lower.contains("ce") {
        out.push(fold(&lower.replace("ci", "chi").replace("ce", "che")));
    }
    out
}

/// The key letters of the next letters, and how many of those it takes.
fn piece(rest: &[char]) -> (&'static str, usize) {
    let second = rest.get(1).copied().unwrap_or(' ');
    let third = rest.get(2).copied().unwrap_or(' ');
    match (rest[0], second) {
        ('c', 'h') if third == 'h' => ("c", 3),
        ('c', 'h') => ("c", 2),
        ('c', 'k') => ("k", 2),
        ('c', 'e' | 'i' | 'y') => ("s", 1),
        ('c' | 'q', _) => ("k", 1),
        ('p', 'h') => ("f", 2),
        ('s', 'h') => ("s", 2),
        ('w', 'h') => ("b", 2),
        ('w' | 'v', _) => ("b", 1),
        ('z', _) => ("j", 1),
        ('x', _) => ("ks", 1),
        ('e', 'e') => ("i", 2),
        ('o', 'o') => ("u", 2),
        ('y', _) => ("i", 1),
        (letter, _) => (letter_of(letter), 1),
    }
}

/// Letters that stay as they are; others have no key.
fn letter_of(letter: char) -> &'static str {
    const ALL: &str = "abdefghijklmnoprstu0123456789";
    ALL.find(letter).map_or("", |at| &ALL[at..=at])
}

/// The second key, for words that no first key fits: without aspirates, final vowel, and the difference of
/// e/i, o/u and ai/e, m/n before a consonant.
pub fn skeleton(key: &str) -> String {
    let letters: Vec<char> = key.chars().collect();
    let mut out = String::with_capacity(key.len());
    let mut at = 0;
    while at < letters.len() {
        let next = letters.get(at + 1).copied().unwrap_or(' ');
        let c = match (letters[at], next) {
            ('a', 'i') => {
                at += 1;
                'i'
            }
            ('a', 'u') => {
                at += 1;
                'u'
            }
            ('h', _) if at > 0 && "kgjtdbc".contains(letters[at - 1]) => {
                at += 1;
                continue;
            }
            ('e', _) => 'i',
            ('o', _) => 'u',
            ('m', 'p' | 'b' | 'f') => 'n',
            (c, _) => c,
        };
        if !out.ends_with(c) {
            out.push(c);
        }
        at += 1;
    }
    let letters = out.chars().count();
    if letters > 3 && out.ends_with(['a', 'i']) {
        out.pop();
    }
    out
}

/// The third key, for words of another language in Devanagari: the consonants of the second (sunflower and सनफ्लावर: `snflbr`).
pub fn bones(key: &str) -> String {
    let mut out = String::with_capacity(key.len());
    for c in skeleton(key).chars().filter(|c| !matches!(c, 'a' | 'i' | 'u')) {
        if !out.ends_with(c) {
            out.push(c);
        }
    }
    out
}

/// How far a typed key is from a known one, when it is near enough to be a slip of the finger: one step from five
/// letters on, two from nine. The first letter is not mistaken.
pub fn near_enough(typed: &str, known: &str) -> Option<usize> {
    let (a, b) = (typed.chars().count(), known.chars().count());
    let allowed = match a.min(b) {
        0..=4 => return None,
        5..=8 => 1,
        _ => 2,
    };
    if a.abs_diff(b) > allowed || typed.chars().next() != known.chars().next() {
        return None;
    }
    let steps = osa_distance(typed, known);
    (steps <= allowed).then_some(steps)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_word_have_one_key() {
        for spellings in [
            &["chini", "cheeni", "chinni", "Chini", "चिनी", "चीनी", "chhini"][..],
            &["waiwai", "vaivai", "baibai", "waivai"],
            &["ghiu", "ghyu", "ghiyu", "घिउ"],
            &["phapar", "fapar", "फापर"],
            &["nun", "noon", "नुन"],
            &["sakkhar", "sakhar"],
            &["coke", "koke"],
            &["lux", "luks"],
            &["pyaj", "pyaz", "piyaj", "प्याज"],
        ] {
            let keys: Vec<String> = spellings.iter().map(|s| fold(s)).collect();
            assert!(keys.iter().all(|k| *k == keys[0]), "{spellings:?} {keys:?}");
        }
        assert_ne!(fold("khata"), fold("katta"));
    }

    #[test]
    fn a_second_key_forgives_more() {
        for (a, b) in [
            ("dhaniya", "daniya"),
            ("bhatmas", "batmas"),
            ("khursani", "khorsani"),
            ("basmathi", "basmati"),
        ] {
            assert_eq!(skeleton(&fold(a)), skeleton(&fold(b)), "{a} {b}");
        }
    }

    #[test]
    fn short_words_are_never_near() {
        assert_eq!(near_enough("bim", "bin"), None);
        assert_eq!(near_enough("karent", "kurent"), Some(1));
        assert_eq!(near_enough("maida", "baida"), None);
    }
}
