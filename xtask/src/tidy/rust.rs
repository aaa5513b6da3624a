//! Enough of Rust's surface to tell code from comments, strings and tests. Proto files share the comments and
//! strings that matter here.

/// The text with comments and the contents of strings and characters blanked out; every line stays where it is.
pub fn code(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut code = bytes.to_vec();
    let mut at = 0;
    while at < bytes.len() {
        let end = match bytes[at] {
            b'/' if bytes[at..].starts_with(b"//") => line_end(bytes, at),
            b'/' if bytes[at..].starts_with(b"/*") => block_comment_end(bytes, at),
            b'"' => string_end(bytes, at),
            b'r' if !within_word(bytes, at) => match raw_string_end(bytes, at) {
                Some(end) => end,
                None => at,
            },
            b'\'' => char_end(bytes, at),
            _ => at,
        };
        if end > at {
            blank(&mut code[at..end]);
            at = end;
        } else {
            at += 1;
        }
    }
    String::from_utf8_lossy(&code).into_owned()
}

/// Code (as [`code`] returns it) with every item under `#[cfg(test)]` blanked out.
pub fn without_tests(code: &str) -> String {
    const MARK: &[u8] = b"#[cfg(test)]";
    let mut left = code.as_bytes().to_vec();
    let mut at = 0;
    while let Some(found) = find(&left[at..], MARK) {
        let start = at + found;
        let end = item_end(&left, start + MARK.len());
        blank(&mut left[start..end]);
        at = end;
    }
    String::from_utf8_lossy(&left).into_owned()
}

/// The end of the bracket that opens at `open`, one past its partner; the end of the text if there is none.
pub fn bracket_end(code: &[u8], open: usize) -> usize {
    let mut depth = 0_usize;
    for (at, byte) in code.iter().enumerate().skip(open) {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ => continue,
        }
        if depth == 0 {
            return at + 1;
        }
    }
    code.len()
}

/// An item ends with its first `;` or with its first block, whatever comes first outside other brackets.
fn item_end(code: &[u8], mut at: usize) -> usize {
    while at < code.len() {
        match code[at] {
            b';' => return at + 1,
            b'{' => return bracket_end(code, at),
            b'(' | b'[' => at = bracket_end(code, at),
            _ => at += 1,
        }
    }
    code.len()
}

fn blank(bytes: &mut [u8]) {
    bytes
        .iter_mut()
        .filter(|byte| **byte != b'\n')
        .for_each(|byte| *byte = b' ');
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

/// Whether the byte continues an identifier; `br` and `cr` still start a raw string.
fn within_word(bytes: &[u8], at: usize) -> bool {
    let word = |at: usize| bytes[at].is_ascii_alphanumeric() || bytes[at] == b'_';
    let prefixed = at > 0 && matches!(bytes[at - 1], b'b' | b'c');
    let start = if prefixed { at - 1 } else { at };
    start > 0 && word(start - 1)
}

fn line_end(bytes: &[u8], at: usize) -> usize {
    find(&bytes[at..], b"\n").map_or(bytes.len(), |length| at + length)
}

fn block_comment_end(bytes: &[u8], mut at: usize) -> usize {
    let mut depth = 0_usize;
    while at < bytes.len() {
        if bytes[at..].starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if bytes[at..].starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    bytes.len()
}

fn string_end(bytes: &[u8], open: usize) -> usize {
    let mut at = open + 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// The end of `r"…"`, `r#"…"#` and so on; none when no raw string starts here (`r#type`, or a plain `r`).
fn raw_string_end(bytes: &[u8], at: usize) -> Option<usize> {
    let hashes = bytes[at + 1..].iter().take_while(|byte| **byte == b'#').count();
    let open = at + 1 + hashes;
    if bytes.get(open) != Some(&b'"') {
        return None;
    }
    let mut close = vec![b'"'];
    close.resize(1 + hashes, b'#');
    let length = find(&bytes[open + 1..], &close);
    Some(length.map_or(bytes.len(), |length| open + 1 + length + close.len()))
}

/// The end of a character literal; `at` itself for a lifetime or a loop label.
fn char_end(bytes: &[u8], at: usize) -> usize {
    match bytes.get(at + 1) {
        Some(b'\\') => {
            let escaped = at + 3;
            let close = bytes.get(escaped..).and_then(|rest| find(rest, b"'"));
            close.map_or(bytes.len(), |length| escaped + length + 1)
        }
        Some(first) => {
            let length = match first {
                0xf0.. => 4,
                0xe0.. => 3,
                0xc0.. => 2,
                _ => 1,
            };
            let close = at + 1 + length;
            if bytes.get(close) == Some(&b'\'') {
                close + 1
            } else {
                at
            }
        }
        None => at,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_strings_are_no_code() {
        let text = "a // x\n/* y /* z */ */ b \"q\\\"w\" r#\"e\"r\"# br\"t\" 'u' '\\'' '\\u{1F}' 'न' c";
        let words: Vec<String> = code(text).split_whitespace().map(str::to_owned).collect();
        assert_eq!(words, ["a", "b", "b", "c"]);
        assert_eq!(code("x\n/*\n*/\ny").lines().count(), 4);
    }

    #[test]
    fn lifetimes_raw_names_and_words_that_end_in_r_stay() {
        let text = "fn f<'a>(r#type: &'a str, other: char) { 'outer: loop { break 'outer } }";
        assert_eq!(code(text), text);
    }

    #[test]
    fn test_items_are_cut_out_and_lines_kept() {
        let text = "use a;\n#[cfg(test)]\nmod tests { fn f() { {} } }\nfn kept() {}\n#[cfg(test)]\nmod more;\nfn also() {}";
        let shipped = without_tests(text);
        assert_eq!(shipped.lines().count(), text.lines().count());
        assert!(shipped.contains("fn kept() {}") && shipped.contains("fn also() {}"));
        assert!(!shipped.contains("tests") && !shipped.contains("more"));
    }

    #[test]
    fn an_attribute_between_mark_and_item_goes_with_it() {
        let shipped = without_tests("#[cfg(test)]\n#[path = \"x\"]\nfn f(a: [u8; 2]) { g() }\nfn kept() {}");
        assert_eq!(shipped.trim(), "fn kept() {}");
    }
}
