//! Webhooks of Meta's WhatsApp Cloud API: the subscription handshake, and batches of messages and statuses.

mod message;
mod parse;
mod verify;

#[cfg(test)]
mod tests;

pub use parse::parse;
pub use verify::{handshake, verify};

use khaacho_config::Secret;
use serde_json::Value;

/// Header with `sha256=` and the hexadecimal signature.
pub const SIGNATURE: &str = "x-hub-signature-256";

/// The secrets with which Meta may sign and the token of its handshake.
#[derive(Debug, Clone, Default)]
pub struct MetaAuth {
    /// App secrets that are valid now: one, or the old and the new one during a rotation.
    pub app_secrets: Vec<Secret>,
    /// What the handshake must present. `None` refuses every handshake.
    pub verify_token: Option<Secret>,
}

impl MetaAuth {
    /// True when there is a secret to check signatures with. Without one every request is refused.
    pub fn is_configured(&self) -> bool {
        !self.app_secrets.is_empty()
    }
}

/// A field that is a string with at least one character.
fn text<'a>(value: &'a Value, field: &str) -> Option<&'a str> {
    value
        .get(field)
        .and_then(Value::as_str)
        .filter(|text| !text.is_empty())
}

/// The elements of a field that is an array; none when the field is missing or something else.
fn list<'a>(value: &'a Value, field: &str) -> &'a [Value] {
    value
        .get(field)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}
