//! Text as words: lower case, one spelling for digits, letters and sizes, no punctuation.

use super::size::Size;

/// The words of a text. Numbers with a measure are one word in one spelling (`25 kg`, `25kg` → `25000g`).
pub fn words(text: &str) -> Vec<String> {
    let plain = plain(text);
    let mut out: Vec<String> = Vec::new();
    let mut tokens = plain.split(' ').filter(|token| !token.is_empty()).peekable();
    while let Some(token) = tokens.next() {
        let joined = tokens
            .peek()
            .and_then(|next| Size::parse(&format!("{token}{next}")));
        match (Size::parse(token), joined) {
            (Some(size), _) => out.push(size.to_string()),
            (None, Some(size)) => {
                tokens.next();
                out.push(size.to_string());
            }
            (None, None) => out.push(token.to_owned()),
        }
    }
    out
}

/// The words joined by single spaces: what aliases are compared by.
pub fn key(text: &str) -> String {
    words(text).join(" ")
}

/// Lower case, ASCII digits, composed letters, spaces for punctuation.
fn plain(text: &str) -> String {
    let composed = composed(text);
    let characters: Vec<char> = composed.chars().collect();
    let mut out = String::with_capacity(text.len());
    for (at, &c) in characters.iter().enumerate() {
        let beside = |offset: isize| {
            at.checked_add_signed(offset)
                .and_then(|i| characters.get(i))
                .copied()
        };
        match c {
            '0'..='9' => out.push(c),
            '०'..='९' => out.push(ascii_digit(c)),
            // a decimal point stays; the dots of "k.g." and "के.जी." go and leave one word
            '.' if beside(-1).is_some_and(is_digit) && beside(1).is_some_and(is_digit) => out.push('.'),
            '.' if beside(-1).is_some_and(is_letter) && beside(1).is_some_and(is_letter) => {}
            '\'' | '’' | '\u{200c}' | '\u{200d}' => {}
            _ if is_letter(c) => out.extend(c.to_lowercase()),
            _ => out.push(' '),
        }
    }
    out
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '०'..='९')
}

/// Letters, and the signs that belong to the letter before them in Devanagari.
fn is_letter(c: char) -> bool {
    c.is_alphabetic() || matches!(c, '\u{0900}'..='\u{0963}' | '\u{0971}'..='\u{097f}')
}

fn ascii_digit(c: char) -> char {
    u32::from(c)
        .checked_sub(u32::from('०'))
        .and_then(|v| char::from_digit(v, 10))
        .unwrap_or(c)
}

/// Normalisation form C of what people type in Devanagari. The rest of Unicode stays as it is: catalogue and
/// messages use Latin and Devanagari only.
fn composed(text: &str) -> String {
    const NUKTA: char = '\u{093c}';
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            // letters with a dot that form C takes apart
            '\u{0958}'..='\u{095f}' => {
                const BASES: [char; 8] = ['क', 'ख', 'ग', 'ज', 'ड', 'ढ', 'फ', 'य'];
                out.push(BASES[(u32::from(c) - 0x0958) as usize]);
                out.push(NUKTA);
            }
            // and three that it puts together
            NUKTA => match out.pop() {
                Some('न') => out.push('\u{0929}'),
                Some('र') => out.push('\u{0931}'),
                Some('ळ') => out.push('\u{0934}'),
                Some(other) => out.extend([other, NUKTA]),
                None => {}
            },
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_the_same_words_are_equal() {
        for (typed, key_text) in [
            ("  Wai-Wai   VEG ", "wai wai veg"),
            ("जिरा मसिनो २५ के.जी.", "जिरा मसिनो 25000g"),
            ("Tori tel 1 litre wala", "tori tel 1000ml wala"),
            ("tori tel 1.5L", "tori tel 1500ml"),
            ("Rum-pum!!", "rum pum"),
            ("lactogen 2", "lactogen 2"),
            ("3 in 1", "3 in 1"),
            ("2pm", "2pm"),
            ("saag\u{200d}", "saag"),
            ("hari's tea", "haris tea"),
            ("क\u{093c}", "क\u{093c}"),
            ("\u{0958}", "क\u{093c}"),
            ("र\u{093c}", "\u{0931}"),
            ("...", ""),
            ("", ""),
        ] {
            assert_eq!(key(typed), key_text, "{typed}");
        }
    }
}
