//! From the answer of an RPC to the HTTP answer.

use std::fmt::Write as _;

use axum::body::Body;
use axum::response::Response;
use http::{HeaderName, HeaderValue, StatusCode, header};
use khaacho_fault::Fault;
use prost_reflect::{DynamicMessage, SerializeOptions, Value};

use super::call::Answer;
use super::read::IDEMPOTENCY_KEY;
use super::table::Route;

/// Says that an answer, good or bad, is that of an earlier request with the same key.
pub(super) const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replay");

/// The whole answer. 202 while the contract's settled field is false, else 200.
pub(super) fn response(
    route: &Route,
    answer: &Answer,
    key: Option<&str>,
    waited: Option<u64>,
) -> Result<Response, Fault> {
    let mut response = Response::new(Body::from(json(&answer.message)?));
    let settled = field(&answer.message, &route.method.settled_field).and_then(|value| value.as_bool());
    if settled == Some(false) {
        *response.status_mut() = StatusCode::ACCEPTED;
    }
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let mut add = |name: HeaderName, text: &str| {
        if let Ok(value) = HeaderValue::try_from(text) {
            headers.insert(name, value);
        }
    };
    if let Some(key) = key {
        add(IDEMPOTENCY_KEY, key);
    }
    if answer.replayed {
        add(REPLAYED, "true");
    }
    if let Some(seconds) = waited {
        add(
            HeaderName::from_static("preference-applied"),
            &format!("wait={seconds}"),
        );
    }
    if let Some(location) = location(&route.method.location, &answer.message) {
        add(header::LOCATION, &location);
    }
    Ok(response)
}

/// Proto3 JSON with numbers as numbers and all scalars; what is absent is left out.
pub(super) fn json(message: &DynamicMessage) -> Result<Vec<u8>, Fault> {
    let options = SerializeOptions::new()
        .stringify_64_bit_integers(false)
        .skip_default_fields(false);
    let mut out = Vec::with_capacity(256);
    let mut serializer = serde_json::Serializer::new(&mut out);
    message
        .serialize_with_options(&mut serializer, &options)
        .map_err(Fault::bug)?;
    Ok(out)
}

/// The value at a path such as `order.order_id`; `None` for an empty path and for what is not there.
fn field(message: &DynamicMessage, path: &str) -> Option<Value> {
    let (name, rest) = path
        .split_once('.')
        .map_or((path, None), |(name, rest)| (name, Some(rest)));
    let value = message.get_field_by_name(name)?;
    match rest {
        None => Some(value.into_owned()),
        Some(rest) => field(value.as_message()?, rest),
    }
}

/// Fills a template such as `/api/v1/orders/{order.order_id}`; `None` when there is none or a part of it is
/// missing.
fn location(template: &str, message: &DynamicMessage) -> Option<String> {
    let mut out = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let (path, after) = after.split_once('}')?;
        let value = field(message, path)?;
        let text = value.as_str().filter(|text| !text.is_empty())?;
        out.push_str(before);
        for byte in text.bytes() {
            if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
                out.push(char::from(byte));
            } else {
                write!(out, "%{byte:02X}").expect("a String takes everything");
            }
        }
        rest = after;
    }
    out.push_str(rest);
    (!out.is_empty()).then_some(out)
}
