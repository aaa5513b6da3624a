//! The recorded vectors under `gateway/fixtures`, for the tests of both providers.

use std::fs;
use std::path::PathBuf;

use http::HeaderMap;
use khaacho_config::Secret;
use serde_json::Value;

/// The bytes of a fixture file.
pub fn bytes(name: &str) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures")
        .join(name);
    fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A fixture file as JSON.
pub fn json(name: &str) -> Value {
    serde_json::from_slice(&bytes(name)).expect("the fixture is JSON")
}

/// The elements of an array field.
pub fn list<'a>(value: &'a Value, field: &str) -> &'a [Value] {
    value[field].as_array().expect("the fixture has this list")
}

/// A string field.
pub fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().expect("the fixture has this text")
}

/// A secret with this value.
pub fn secret(value: &str) -> Secret {
    Secret::new(value)
}

/// Headers from the pairs of a JSON object, with more pairs after them.
pub fn headers(pairs: &Value, more: &[(&'static str, &str)]) -> HeaderMap {
    let stated = pairs.as_object().into_iter().flatten();
    let stated = stated.map(|(name, value)| (name.as_str(), value.as_str().expect("a header is a string")));
    let mut headers = HeaderMap::new();
    for (name, value) in stated.chain(more.iter().copied()) {
        let name = http::HeaderName::from_bytes(name.as_bytes()).expect("a header name");
        headers.append(name, value.parse().expect("a header value"));
    }
    headers
}
