//! JSON bodies.

use http::{HeaderMap, header};
use khaacho_fault::Fault;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::strict::Strict;
use crate::problem::Problem;

/// Objects and arrays inside each other. No contract nests deeper than a few.
const DEPTH_MAX: usize = 32;

/// The body as a JSON object; an empty body is an empty one.
///
/// # Errors
/// 415 for another media type, 400 for a body that is no JSON object, nested too deeply or that gives a member twice.
pub(crate) fn object(headers: &HeaderMap, raw: &[u8]) -> Result<Map<String, Value>, Problem> {
    if raw.is_empty() {
        return Ok(Map::new());
    }
    if !is_json(headers) {
        return Err(Problem::unsupported_media("application/json in UTF-8"));
    }
    if depth(raw) > DEPTH_MAX {
        return Err(Fault::invalid("body", "is nested too deeply").into());
    }
    let value = serde_json::from_slice::<Strict>(raw)
        .map_err(|error| Fault::invalid("body", format!("cannot be read as JSON: {error}")))?;
    match value.0 {
        Value::Object(members) => Ok(members),
        _ => Err(Fault::invalid("body", "must be a JSON object").into()),
    }
}

/// The body of a hand-written route.
///
/// # Errors
/// As [`object`], and 400 for members that are missing, unknown or of another type.
pub(crate) fn typed<T: DeserializeOwned>(headers: &HeaderMap, raw: &[u8]) -> Result<T, Problem> {
    let members = object(headers, raw)?;
    serde_json::from_value(Value::Object(members))
        .map_err(|error| Fault::invalid("body", error.to_string()).into())
}

fn is_json(headers: &HeaderMap) -> bool {
    let stated = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let mut parts = stated.unwrap_or_default().split(';').map(str::trim);
    let json = parts
        .next()
        .is_some_and(|essence| essence.eq_ignore_ascii_case("application/json"));
    json && parts.all(|part| {
        part.split_once('=').is_none_or(|(name, value)| {
            !name.eq_ignore_ascii_case("charset") || value.trim_matches('"').eq_ignore_ascii_case("utf-8")
        })
    })
}

/// The deepest nesting, without building anything.
fn depth(raw: &[u8]) -> usize {
    let (mut depth, mut deepest, mut text, mut escaped) = (0_usize, 0, false, false);
    for byte in raw {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if text => escaped = true,
            b'"' => text = !text,
            b'{' | b'[' if !text => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b'}' | b']' if !text => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_inside_texts_do_not_count() {
        assert_eq!(depth(br#"{"a":["[[[\"[[",{"b":1}]}"#), 3);
        assert_eq!(depth(&b"[".repeat(1000)), 1000);
    }

    #[test]
    fn only_json_objects_are_taken() {
        let mut headers = HeaderMap::new();
        assert!(object(&headers, b"{}").is_err(), "no media type");
        headers.insert(
            "content-type",
            "application/json; charset=UTF-8".parse().expect("ascii"),
        );
        assert!(object(&headers, b"{}").is_ok());
        assert!(object(&headers, b"[]").is_err());
        assert!(object(&headers, b"{\"a\":1,\"a\":1}").is_err(), "given twice");
        assert!(object(&headers, b"{\"a\":1,}").is_err());
        let deep = format!("{{\"a\":{}1{}}}", "[".repeat(40), "]".repeat(40));
        assert!(object(&headers, deep.as_bytes()).is_err());
    }
}
