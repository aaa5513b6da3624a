//! Tokens of a text: words, numbers and everything between them, with their place in the text.

use unicode_normalization::UnicodeNormalization;

use crate::fold::fold;

/// Longest text that is read; what follows is cut off by the caller's own limit, which is lower.
pub const TEXT_BYTES_MAX: usize = 16 * 1024;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Letters of one script or several.
    Word,
    /// Digits with decimal point or grouping, or a vulgar fraction.
    Number,
    /// One sign.
    Sign,
    /// End of a line.
    Break,
}

/// One token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// First byte in the text.
    pub start: usize,
    /// Byte after the last one.
    pub end: usize,
    /// What it is.
    pub kind: Kind,
    /// Lower case, composed (NFC), ASCII digits, without dots inside abbreviations.
    pub text: String,
    /// Its [`fold`]; of a number its digits.
    pub key: String,
    /// No space stands before it.
    pub glued: bool,
    /// Thousandths, when it is a number that can be held exactly.
    pub milli: Option<i64>,
}

impl Token {
    /// Whether it is that sign.
    pub fn is(&self, sign: &str) -> bool {
        self.kind == Kind::Sign && self.text == sign
    }
}

/// Takes a text apart. Reads at most [`TEXT_BYTES_MAX`] bytes.
pub fn tokens(text: &str) -> Vec<Token> {
    let letters: Vec<(usize, char)> = text
        .char_indices()
        .take_while(|(at, _)| *at < TEXT_BYTES_MAX)
        .collect();
    let mut out: Vec<Token> = Vec::with_capacity(letters.len() / 4 + 1);
    let mut at = 0;
    let mut glued = false;
    while at < letters.len() {
        let (from, c) = letters[at];
        let rest = &letters[at..];
        let (kind, taken) = match class(c) {
            Class::Space => {
                at += 1;
                glued = false;
                continue;
            }
            Class::Silent => {
                at += 1;
                continue;
            }
            Class::Break => (Kind::Break, 1),
            Class::Digit => (Kind::Number, number_length(rest)),
            Class::Fraction => (Kind::Number, 1),
            Class::Letter if times(c, word_length(rest), &out, glued) => (Kind::Word, 1),
            Class::Letter => (Kind::Word, word_length(rest)),
            Class::Sign => (Kind::Sign, 1),
        };
        let end = letters
            .get(at + taken)
            .map_or_else(|| end_of(text, &letters), |(end, _)| *end);
        out.push(token(&text[from..end], from, kind, glued));
        glued = true;
        at += taken;
    }
    out
}

/// The sign of multiplication in `2xchini`: an x between a number and a word. `2xl` is a size.
fn times(c: char, letters: usize, before: &[Token], glued: bool) -> bool {
    let number = before.last().is_some_and(|t| t.kind == Kind::Number);
    matches!(c, 'x' | 'X') && letters >= 4 && glued && number
}

fn end_of(text: &str, letters: &[(usize, char)]) -> usize {
    letters.last().map_or(text.len(), |(at, c)| at + c.len_utf8())
}

enum Class {
    Space,
    Silent,
    Break,
    Digit,
    Fraction,
    Letter,
    Sign,
}

fn class(c: char) -> Class {
    match c {
        '\n' | '\r' | '\u{2028}' | '\u{2029}' => Class::Break,
        '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{fe0f}' | '\u{20e3}' | '\u{2060}' => Class::Silent,
        _ if digit(c).is_some() => Class::Digit,
        _ if vulgar(c).is_some() => Class::Fraction,
        _ if is_letter(c) => Class::Letter,
        _ if c.is_whitespace() || c.is_control() => Class::Space,
        _ => Class::Sign,
    }
}

/// Letters, and the marks that belong to the letter before them.
fn is_letter(c: char) -> bool {
    c.is_alphabetic()
        || matches!(c, '\u{0300}'..='\u{036f}' | '\u{0900}'..='\u{0963}' | '\u{0971}'..='\u{097f}')
}

fn digit(c: char) -> Option<u32> {
    match c {
        '0'..='9' => c.to_digit(10),
        '०'..='९' => Some(u32::from(c) - u32::from('०')),
        '０'..='９' => Some(u32::from(c) - u32::from('０')),
        _ => None,
    }
}

fn vulgar(c: char) -> Option<i64> {
    Some(match c {
        '½' => 500,
        '¼' => 250,
        '¾' => 750,
        _ => return None,
    })
}

/// Digits, a decimal point before a digit, and commas that group thousands (`12,500`, `1,50,000`).
fn number_length(rest: &[(usize, char)]) -> usize {
    let is_digit = |i: usize| rest.get(i).is_some_and(|(_, c)| digit(*c).is_some());
    let run = |from: usize| (from..).take_while(|i| is_digit(*i)).count();
    let mut at = run(0);
    // groups of two or three digits, the last of three
    let mut grouped = at;
    while at <= 3 && rest.get(grouped).is_some_and(|(_, c)| *c == ',') {
        match run(grouped + 1) {
            3 if rest
                .get(grouped + 4)
                .is_none_or(|(_, c)| *c != ',' || run(grouped + 5) < 2) =>
            {
                at = grouped + 4;
                break;
            }
            n @ (2 | 3) => grouped += n + 1,
            _ => break,
        }
    }
    if rest.get(at).is_some_and(|(_, c)| *c == '.') && is_digit(at + 1) {
        at += 1 + run(at + 1);
    }
    at
}

/// Letters, joined by an apostrophe or, in abbreviations like `k.g.` and `के.जी.`, by dots.
fn word_length(rest: &[(usize, char)]) -> usize {
    let letter = |i: usize| {
        rest.get(i)
            .is_some_and(|(_, c)| is_letter(*c) || matches!(c, '\u{200c}' | '\u{200d}'))
    };
    let run = |from: usize| (from..).take_while(|i| letter(*i)).count();
    let spoken = |from: usize, count: usize| {
        let marks = rest[from..from + count]
            .iter()
            .filter(|(_, c)| !c.is_alphabetic() || is_sign(*c));
        count - marks.count()
    };
    let (mut from, mut dotted) = (0, false);
    let mut at = run(0);
    loop {
        let short = spoken(from, at - from) <= 2;
        match rest.get(at).map(|(_, c)| *c) {
            Some('.') if short && letter(at + 1) => {
                let next = run(at + 1);
                if spoken(at + 1, next) > 2 {
                    return at;
                }
                from = at + 1;
                at += 1 + next;
                dotted = true;
            }
            // the last dot of `k.g.` belongs to it, the end of a sentence does not
            Some('.') if dotted => return at + 1,
            Some('\'' | '’') if letter(at + 1) => at += 1 + run(at + 1),
            _ => return at,
        }
    }
}

/// Vowel signs and the like, which are no syllable of their own.
fn is_sign(c: char) -> bool {
    matches!(c, '\u{0900}'..='\u{0903}' | '\u{093a}'..='\u{094f}' | '\u{0955}'..='\u{0957}')
}

fn token(raw: &str, start: usize, kind: Kind, glued: bool) -> Token {
    let dotless = |c: &char| kind != Kind::Word || !matches!(c, '.' | '\'' | '’' | '\u{200c}' | '\u{200d}');
    let text: String = match kind {
        Kind::Number => raw
            .chars()
            .map(|c| digit(c).and_then(|d| char::from_digit(d, 10)).unwrap_or(c))
            .collect(),
        _ => raw.nfc().filter(dotless).flat_map(char::to_lowercase).collect(),
    };
    let key = match kind {
        Kind::Word => fold(&text),
        _ => text.replace(',', ""),
    };
    Token {
        start,
        end: start + raw.len(),
        kind,
        milli: (kind == Kind::Number).then(|| milli(&key)).flatten(),
        text,
        key,
        glued,
    }
}

/// Thousandths of at most nine whole digits and three places.
fn milli(number: &str) -> Option<i64> {
    if let Some(part) = number.chars().next().and_then(vulgar) {
        return Some(part);
    }
    let (whole, places) = number.split_once('.').unwrap_or((number, ""));
    if whole.len() > 9 || places.len() > 3 {
        return None;
    }
    let whole: i64 = whole.parse().ok()?;
    let thousandths: i64 = format!("{places:0<3}").parse().ok()?;
    Some(whole * 1000 + thousandths)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        tokens(text).into_iter().map(|t| t.text).collect()
    }

    #[test]
    fn numbers_and_words_part_where_they_are_glued() {
        assert_eq!(
            texts("2bora wai-wai x10"),
            ["2", "bora", "wai", "-", "wai", "x", "10"]
        );
        assert_eq!(
            texts("Rs 12,500 4,5 2.5 1,50,000"),
            ["rs", "12,500", "4", ",", "5", "2.5", "1,50,000"]
        );
        assert_eq!(
            texts("५० के.जी. k.g. chini.nun ५,०००"),
            ["50", "केजी", "kg", "chini", ".", "nun", "5,000"]
        );
        assert_eq!(texts("don't 1️⃣ ½"), ["dont", "1", "½"]);
        assert_eq!(
            texts("2xchini 3 2xl max2"),
            ["2", "x", "chini", "3", "2", "xl", "max", "2"]
        );
    }

    #[test]
    fn numbers_are_exact_or_absent() {
        let milli = |text: &str| tokens(text)[0].milli;
        assert_eq!(milli("2.5"), Some(2500));
        assert_eq!(milli("१२"), Some(12_000));
        assert_eq!(milli("1,50,000"), Some(150_000_000));
        assert_eq!(milli("½"), Some(500));
        assert_eq!(milli("1.2345"), None);
        assert_eq!(milli("12345678901"), None);
    }

    #[test]
    fn spans_cut_the_text_they_came_from() {
        let text = "नमस्ते, 2bora  चिनी\nfooé🙂";
        for token in tokens(text) {
            assert!(
                text.get(token.start..token.end)
                    .is_some_and(|cut| !cut.is_empty())
            );
        }
    }
}
