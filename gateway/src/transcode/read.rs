//! From an HTTP request to the message of its RPC.

use http::{HeaderMap, HeaderName};
use khaacho_fault::Fault;
use prost_reflect::DynamicMessage;
use serde_json::{Map, Value};

use super::table::{Params, Route};
use super::{blame, body, query};
use crate::edge;
use crate::problem::Problem;

pub(super) const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const PREFER: HeaderName = HeaderName::from_static("prefer");
/// Kept back from the budget when a caller waits for an outcome, in seconds: the call itself takes time too.
const WAIT_RESERVE: u64 = 2;
/// Field of requests that can wait.
const WAIT: &str = "wait_seconds";
const KEY_MAX: usize = 128;

/// A request that can be sent.
pub(super) struct Read {
    /// The message.
    pub message: DynamicMessage,
    /// Its idempotency key, for RPCs that have one.
    pub key: Option<String>,
    /// The seconds that the caller prefers to wait, when the RPC can wait.
    pub waits: Option<u64>,
}

impl Read {
    /// Whether the caller wants to wait for what comes of it, by header or in the body.
    pub(super) fn wants_to_wait(&self) -> bool {
        let seconds = self.message.get_field_by_name(WAIT);
        seconds
            .and_then(|seconds| seconds.as_u32())
            .is_some_and(|seconds| seconds > 0)
    }
}

/// Reads path, query, headers and body.
///
/// # Errors
/// 400 with the field that is wrong, 415 for a body that is no JSON.
pub(super) fn request(
    route: &Route,
    params: &Params,
    query: &str,
    headers: &HeaderMap,
    raw: &[u8],
) -> Result<Read, Problem> {
    let descriptor = route.method.descriptor.input();
    let mut members = if route.is_read() {
        let mut members = Map::new();
        if !raw.is_empty() {
            return Err(Fault::invalid("body", "must be empty, this request has none").into());
        }
        query::add(&descriptor, query, &mut members)?;
        members
    } else {
        if !query.is_empty() {
            return Err(Fault::invalid("query", "must be empty, this request is read from its body").into());
        }
        blame::normalise(&descriptor, body::object(headers, raw)?, "")?
    };
    for (name, text) in params {
        path_parameter(&descriptor, name, text, &mut members)?;
    }
    let key = match descriptor.get_field_by_name("request_id") {
        Some(_) => Some(idempotency_key(headers, &mut members)?),
        None => None,
    };
    let waits = match descriptor.get_field_by_name(WAIT) {
        Some(field) => preferred_wait(headers).map(|wait| {
            let wait = wait.min(route.budget.as_secs().saturating_sub(WAIT_RESERVE));
            members.entry(field.json_name().to_owned()).or_insert(wait.into());
            wait
        }),
        None => None,
    };
    let message = blame::message(&descriptor, members)?;
    Ok(Read { message, key, waits })
}

fn path_parameter(
    descriptor: &prost_reflect::MessageDescriptor,
    name: &str,
    text: &str,
    members: &mut Map<String, Value>,
) -> Result<(), Fault> {
    let field = query::field(descriptor, name).ok_or_else(|| {
        Fault::bug(format!(
            "the template names {name}, which the message does not have"
        ))
    })?;
    let value = query::value(&field, text)?;
    match members.insert(field.json_name().to_owned(), value.clone()) {
        Some(other) if other != value && other != "" => {
            Err(Fault::invalid(name, "differs from the one in the address"))
        }
        _ => Ok(()),
    }
}

/// The key of the header, of the body, or a new one. A new one is told to the caller, who needs it to ask
/// again when an outcome is unknown.
fn idempotency_key(headers: &HeaderMap, members: &mut Map<String, Value>) -> Result<String, Fault> {
    let mut values = headers.get_all(&IDEMPOTENCY_KEY).iter();
    let given = values.next();
    if values.next().is_some() {
        return Err(Fault::invalid("Idempotency-Key", "is given twice"));
    }
    let given = given
        .map(|value| {
            let text = value.to_str().unwrap_or_default();
            let fits = (1..=KEY_MAX).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
            fits.then(|| text.to_owned()).ok_or_else(|| {
                Fault::invalid("Idempotency-Key", "must be 1 to 128 printable ASCII characters")
            })
        })
        .transpose()?;
    let inside = members
        .get("requestId")
        .and_then(Value::as_str)
        .filter(|text| !text.is_empty());
    let key = match (given, inside) {
        (Some(given), Some(inside)) if given != inside => {
            return Err(Fault::invalid(
                "Idempotency-Key",
                "differs from request_id in the body",
            ));
        }
        (Some(key), _) => key,
        (None, Some(key)) => key.to_owned(),
        (None, None) => edge::random_id("idk_"),
    };
    // A request_id of another type stays, so that reading it names the mistake.
    if members.get("requestId").is_none_or(Value::is_string) {
        members.insert("requestId".to_owned(), key.clone().into());
    }
    Ok(key)
}

/// Seconds in `Prefer: wait=5` (RFC 7240), also between other preferences.
fn preferred_wait(headers: &HeaderMap) -> Option<u64> {
    headers
        .get_all(PREFER)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split([',', ';']))
        .filter_map(|preference| preference.split_once('='))
        .find(|(name, _)| name.trim().eq_ignore_ascii_case("wait"))
        .and_then(|(_, value)| value.trim().trim_matches('"').parse().ok())
}
