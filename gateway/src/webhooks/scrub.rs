//! Text that the store can take. PostgreSQL refuses U+0000 in text and JSON, and JSON may escape half of a
//! surrogate pair, which is no character at all. One such character must not cost a whole batch of messages.

use serde_json::{Map, Value};

use super::Malformed;

/// The text with U+0000 replaced by the replacement character.
pub(super) fn text(text: &str) -> String {
    text.replace('\0', "\u{FFFD}")
}

/// The value with U+0000 replaced in every string and key. The parser bounds the depth to 128.
pub(super) fn value(raw: Value) -> Value {
    match raw {
        Value::String(string) if string.contains('\0') => Value::String(text(&string)),
        Value::Array(items) => Value::Array(items.into_iter().map(value).collect()),
        Value::Object(fields) => {
            let fields = fields.into_iter().map(|(key, item)| (text(&key), value(item)));
            Value::Object(fields.collect::<Map<_, _>>())
        }
        other => other,
    }
}

/// Reads JSON, if need be after mending lone surrogates and bytes that are not UTF-8.
pub(super) fn json(raw: &[u8]) -> Result<Value, Malformed> {
    if let Ok(read) = serde_json::from_slice(raw) {
        return Ok(value(read));
    }
    let mended = mend(&String::from_utf8_lossy(raw));
    serde_json::from_str(&mended).map(value).map_err(|_| Malformed)
}

/// The body as a JSON string, for the store, when it cannot be read as anything better.
pub(super) fn unreadable(raw: &[u8]) -> Value {
    Value::String(text(&String::from_utf8_lossy(raw)))
}

/// Replaces each `\uD800`–`\uDFFF` escape that is not part of a pair by `\ufffd`.
fn mend(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let mut rest = json;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        out.push_str(before);
        let length = match (unit(escape), escape.get(6..).and_then(unit)) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => 12,
            (Some(0xD800..=0xDFFF), _) => {
                out.push_str("\\ufffd");
                rest = &escape[6..];
                continue;
            }
            (Some(_), _) => 6,
            // `\\` must be taken as one, or its second half would look like the start of an escape.
            (None, _) => escape.chars().take(2).map(char::len_utf8).sum(),
        };
        let (escape, after) = escape.split_at(length);
        out.push_str(escape);
        rest = after;
    }
    out.push_str(rest);
    out
}

/// The UTF-16 unit of the `\uXXXX` escape at the start of `json`.
fn unit(json: &str) -> Option<u16> {
    let digits = json.strip_prefix("\\u")?.get(..4)?;
    if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    u16::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn half_a_surrogate_pair_does_not_spoil_the_rest() {
        let raw = br#"{"a":"\ud83d\ude4f \ud83d! \\ud83d \u0915","b":"\ude4f"}"#;
        assert_eq!(
            json(raw),
            Ok(json!({"a": "🙏 \u{FFFD}! \\ud83d क", "b": "\u{FFFD}"}))
        );
    }

    #[test]
    fn bytes_that_are_not_utf8_and_nul_are_replaced() {
        assert_eq!(
            json(b"{\"a\\u0000\":[\"x\xFFy\\u0000\"]}"),
            Ok(json!({"a\u{FFFD}": ["x\u{FFFD}y\u{FFFD}"]}))
        );
    }

    #[test]
    fn what_is_not_json_stays_malformed() {
        for raw in [&b""[..], b"{", b"a=b", b"\\", b"\"\\u", b"\"\\ud83d"] {
            assert_eq!(json(raw), Err(Malformed), "{raw:?}");
        }
        assert_eq!(json("[".repeat(100_000).as_bytes()), Err(Malformed));
    }
}
