//! Cutting text where a reader does not mind: between lines, else between words, else between letters as
//! people see them. Lengths are code points, as the providers count.

/// Splits `text` into pieces of at most `limit` characters, in order. Lines stay whole when they fit, words
/// when they fit, and a letter is never torn from its vowel signs. White space at a cut is dropped, nothing
/// else is. An empty text gives no piece. A limit of 0 counts as 1.
pub fn split(text: &str, limit: usize) -> Vec<String> {
    let limit = limit.max(1);
    let mut pieces = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let Some((end, _)) = rest.char_indices().nth(limit) else {
            pieces.push(rest.to_owned());
            break;
        };
        let cut = cut_before(rest, end);
        pieces.push(rest[..cut].trim_end().to_owned());
        rest = rest[cut..].trim_start();
    }
    pieces
}

/// A label of at most `limit` characters: the text itself, or its beginning and `…`. Only for labels whose
/// full text stands elsewhere in the message.
pub fn shorten(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    let keep = limit.saturating_sub(1);
    let end = text.char_indices().nth(keep).map_or(text.len(), |(at, _)| at);
    format!("{}…", text[..cluster_boundary(text, end)].trim_end())
}

/// Where to cut `rest`, at most at byte `end`, more than 0.
fn cut_before(rest: &str, end: usize) -> usize {
    // The character at `end` may itself be the break: then everything before it fits.
    let window = end + rest[end..].chars().next().map_or(0, char::len_utf8);
    let break_at = |wanted: fn(char) -> bool| {
        rest[..window]
            .char_indices()
            .rev()
            .find(|&(at, c)| at > 0 && wanted(c))
            .map(|(at, _)| at)
    };
    break_at(|c| c == '\n')
        .or_else(|| break_at(char::is_whitespace))
        .unwrap_or_else(|| {
            let boundary = cluster_boundary(rest, end);
            // One letter with more marks than the limit: it has to be torn.
            if boundary == 0 { end } else { boundary }
        })
}

/// The last place at or before byte `end` where no letter is torn apart; 0 when there is none.
fn cluster_boundary(text: &str, end: usize) -> usize {
    let mut at = end;
    while at > 0 && at < text.len() {
        let before = text[..at].chars().next_back();
        let after = text[at..].chars().next();
        match (before, after) {
            (Some(before), Some(after)) if joined(before, after) => at -= before.len_utf8(),
            _ => break,
        }
    }
    at
}

/// Whether two neighbours belong to one letter, for the scripts that we write: Latin, Devanagari and emoji.
/// (The full Unicode rule needs tables; providers only count code points, so a missed rare script costs
/// looks, not delivery.)
fn joined(before: char, after: char) -> bool {
    const VIRAMA: char = '\u{94D}';
    const JOINER: char = '\u{200D}';
    let flag = |c: char| ('\u{1F1E6}'..='\u{1F1FF}').contains(&c);
    let mark = matches!(after,
        '\u{300}'..='\u{36F}'
        | '\u{900}'..='\u{903}' | '\u{93A}'..='\u{93C}' | '\u{93E}'..='\u{94F}'
        | '\u{951}'..='\u{957}' | '\u{962}'..='\u{963}'
        | '\u{200C}'..='\u{200D}' | '\u{20D0}'..='\u{20FF}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{FE20}'..='\u{FE2F}'
        | '\u{1F3FB}'..='\u{1F3FF}' | '\u{E0020}'..='\u{E007F}');
    mark || before == JOINER || before == VIRAMA || (flag(before) && flag(after))
}
