//! Devanagari letters as the Latin letters that people in Nepal type for them.

/// Whether the character belongs to Devanagari, digits and signs included.
pub fn is_devanagari(c: char) -> bool {
    matches!(c, '\u{0900}'..='\u{097f}')
}

/// Consonants without their inherent vowel.
const CONSONANTS: &[(char, &str)] = &[
    ('क', "k"),
    ('ख', "kh"),
    ('ग', "g"),
    ('घ', "gh"),
    ('ङ', "ng"),
    ('च', "ch"),
    ('छ', "chh"),
    ('ज', "j"),
    ('झ', "jh"),
    ('ञ', "n"),
    ('ट', "t"),
    ('ठ', "th"),
    ('ड', "d"),
    ('ढ', "dh"),
    ('ण', "n"),
    ('त', "t"),
    ('थ', "th"),
    ('द', "d"),
    ('ध', "dh"),
    ('न', "n"),
    ('\u{0929}', "n"),
    ('प', "p"),
    ('फ', "ph"),
    ('ब', "b"),
    ('भ', "bh"),
    ('म', "m"),
    ('य', "y"),
    ('र', "r"),
    ('\u{0931}', "r"),
    ('ल', "l"),
    ('ळ', "l"),
    ('व', "w"),
    ('श', "sh"),
    ('ष', "sh"),
    ('स', "s"),
    ('ह', "h"),
];

const VOWELS: &[(char, &str)] = &[
    ('अ', "a"),
    ('आ', "aa"),
    ('इ', "i"),
    ('ई', "i"),
    ('उ', "u"),
    ('ऊ', "u"),
    ('ऋ', "ri"),
    ('ए', "e"),
    ('ऐ', "ai"),
    ('ऍ', "e"),
    ('ओ', "o"),
    ('औ', "au"),
    ('ऑ', "o"),
];

const SIGNS: &[(char, &str)] = &[
    ('ा', "aa"),
    ('ि', "i"),
    ('ी', "i"),
    ('ु', "u"),
    ('ू', "u"),
    ('ृ', "ri"),
    ('े', "e"),
    ('ै', "ai"),
    ('ॅ', "e"),
    ('ो', "o"),
    ('ौ', "au"),
    ('ॉ', "o"),
];

const VIRAMA: char = '्';

fn of(table: &[(char, &'static str)], c: char) -> Option<&'static str> {
    table
        .iter()
        .find(|(letter, _)| *letter == c)
        .map(|(_, latin)| *latin)
}

/// The word in Latin letters. The inherent vowel of a last lone consonant is silent, as it is spoken: दर्जन is
/// `darjan`, but हुन्छ is `hunchha`.
pub fn romanised(word: &str) -> String {
    let letters: Vec<char> = word
        .chars()
        .filter(|c| !matches!(c, '\u{200c}' | '\u{200d}'))
        .collect();
    let mut out = String::with_capacity(word.len());
    let mut at = 0;
    while let Some(&c) = letters.get(at) {
        at += 1;
        if let Some(consonant) = of(CONSONANTS, c) {
            out.push_str(consonant);
            // a dot below marks a borrowed sound, which people type like the plain one
            while letters.get(at) == Some(&'\u{093c}') {
                at += 1;
            }
            match letters.get(at).copied() {
                Some(VIRAMA) => at += 1,
                Some(sign) if of(SIGNS, sign).is_some() => {
                    out.push_str(of(SIGNS, sign).unwrap_or_default());
                    at += 1;
                }
                next => {
                    let conjunct = at >= 2 && letters[at - 2] == VIRAMA;
                    let silent = next.is_none() && at > 1 && !conjunct;
                    if !silent {
                        out.push('a');
                    }
                }
            }
        } else if let Some(vowel) = of(VOWELS, c) {
            out.push_str(vowel);
        } else if c == 'ं' {
            out.push('n');
        } else if !is_devanagari(c) {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::romanised;

    #[test]
    fn words_read_as_they_are_typed_in_latin_letters() {
        for (word, latin) in [
            ("चिनी", "chini"),
            ("दर्जन", "darjan"),
            ("हुन्छ", "hunchha"),
            ("छ", "chha"),
            ("बदाम", "badaam"),
            ("मुङ", "mung"),
            ("प्याज", "pyaaj"),
        ] {
            assert_eq!(romanised(word), latin, "{word}");
        }
    }
}
