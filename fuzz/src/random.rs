//! Texts and numbers that are likely to meet an edge.

use crate::Source;

/// Letters that have harmed somebody: digits of three scripts, marks, blanks, signs of grammars, NUL.
const LETTERS: [char; 64] = [
    'a', 'b', 'k', 'o', 'r', 'x', 'A', 'Z', '0', '1', '2', '5', '9', ' ', ' ', ' ', '\t', '\n', '\r', ',',
    ';', '+', '-', '&', '.', ':', '?', '!', '#', '/', '\\', '"', '\'', '{', '}', '[', ']', '(', '=', '%',
    '_', '*', '<', '\0', '\u{7f}', '१', '५', '०', 'क', 'ा', '्', '।', '٣', '５', '½', '²', 'İ', 'ß', 'é',
    '\u{301}', '\u{200b}', '\u{202e}', '\u{feff}', '🙏',
];

/// One of these.
///
/// # Panics
/// When there is none.
pub fn one<'a, T>(rng: &mut Source, of: &'a [T]) -> &'a T {
    &of[rng.usize(..of.len())]
}

/// A text of up to so many letters.
pub fn text(rng: &mut Source, most: usize) -> String {
    let length = rng.usize(..=most);
    (0..length).map(|_| letter(rng)).collect()
}

fn letter(rng: &mut Source) -> char {
    match rng.u8(..16) {
        0 => rng.any_char(),
        1..=4 => rng.alphanumeric(),
        _ => *one(rng, &LETTERS),
    }
}

/// A text out of words, some of them damaged.
pub fn phrase(rng: &mut Source, words: &[&str], most: usize) -> String {
    let count = rng.usize(..=most);
    let mut out = String::new();
    for _ in 0..count {
        let word = *one(rng, words);
        match rng.u8(..12) {
            0 => out.push_str(&text(rng, 6)),
            1 => out.push_str(&rng.u64(..).to_string()),
            2 => out.push_str(&word.to_uppercase()),
            3 => out.extend(word.chars().rev()),
            _ => out.push_str(word),
        }
        let between = *one(rng, &[" ", " ", " ", "  ", ",", "\n", ", ", ". ", " x ", ""]);
        out.push_str(between);
    }
    out
}

/// A whole number, often at an edge.
pub fn whole(rng: &mut Source) -> i64 {
    match rng.u8(..8) {
        0 => *one(
            rng,
            &[
                0,
                1,
                -1,
                999,
                1000,
                1001,
                i64::MAX,
                i64::MAX - 1,
                i64::MIN,
                i64::MIN + 1,
            ],
        ),
        1 => i64::MAX >> rng.u8(..63),
        2 => i64::MIN >> rng.u8(..63),
        3 => rng.i64(-1_000_000..1_000_000),
        4 => rng.i64(0..10_000_000_000_000),
        _ => rng.i64(..) >> rng.u8(..64).min(63),
    }
}

/// Digits in one of three scripts.
pub fn digits(rng: &mut Source, least: usize, most: usize) -> String {
    let zero = *one(rng, &['0', '0', '0', '०', '０']);
    let digit = |value: u32| char::from_u32(u32::from(zero) + value).unwrap_or('0');
    (0..rng.usize(least..=most))
        .map(|_| digit(rng.u32(..10)))
        .collect()
}
