//! Proof that a request comes from Meta: the signature of a delivery and the token of the handshake.

use khaacho_config::Secret;
use khaacho_planted::{self as planted, Bug};
use ring::hmac;

use super::MetaAuth;
use crate::webhooks::{Rejection, proof};

/// Proves that Meta made this request. `signature` is the value of `X-Hub-Signature-256`.
///
/// The hash is over the raw bytes. Meta sends ASCII with escapes; when something on the way has decoded the
/// escapes, the escaped form is tried too and `webhook_escaped_signature_total` counts it, because a body that
/// changes on its way should be noticed. Refusals are [`Rejection::Forbidden`] and counted.
pub fn verify(auth: &MetaAuth, raw_body: &[u8], signature: Option<&str>) -> Result<(), Rejection> {
    if !auth.is_configured() {
        return Err(Rejection::forbidden("not_configured"));
    }
    let tag = signature
        .and_then(|value| value.strip_prefix("sha256="))
        .and_then(proof::hash_from_hex);
    let tag = tag.ok_or_else(|| Rejection::forbidden("bad_signature"))?;
    let signed = |body: &[u8]| proof::matches(hmac::HMAC_SHA256, &auth.app_secrets, &[body], &tag);
    if signed(raw_body) || planted::on(Bug::SignatureOfRewritten) && signed(&rewritten(raw_body)) {
        return Ok(());
    }
    if escaped(raw_body).is_some_and(|body| signed(body.as_bytes())) {
        metrics::counter!("webhook_escaped_signature_total").increment(1);
        return Ok(());
    }
    Err(Rejection::forbidden("bad_signature"))
}

/// A bug on purpose: the body as our own library would write it.
fn rewritten(raw_body: &[u8]) -> Vec<u8> {
    let read = serde_json::from_slice::<serde_json::Value>(raw_body);
    read.map(|json| json.to_string().into_bytes()).unwrap_or_default()
}

/// Answers Meta's subscription request, a GET with `hub.mode`, `hub.challenge` and `hub.verify_token`: the
/// challenge, to be sent as plain text without any change.
///
/// A missing parameter is [`Rejection::Malformed`]; a wrong mode or token is [`Rejection::Forbidden`].
pub fn handshake(query: &str, verify_token: Option<&Secret>) -> Result<String, Rejection> {
    let field = |name: &str| {
        let found = form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name);
        found
            .map(|(_, value)| value.into_owned())
            .ok_or(Rejection::Malformed)
    };
    let (mode, challenge, token) = (
        field("hub.mode")?,
        field("hub.challenge")?,
        field("hub.verify_token")?,
    );
    let expected = verify_token
        .map(Secret::expose)
        .filter(|expected| !expected.is_empty());
    let expected = expected.ok_or_else(|| Rejection::forbidden("not_configured"))?;
    if !proof::same(expected, &token) || mode != "subscribe" {
        return Err(Rejection::forbidden("bad_verify_token"));
    }
    Ok(challenge)
}

/// The body with every character that is not printable ASCII as `\uXXXX` in lower case, by UTF-16 unit.
/// `None` when that would change nothing or the body is not UTF-8.
fn escaped(raw_body: &[u8]) -> Option<String> {
    if raw_body.is_ascii() {
        return None;
    }
    let body = str::from_utf8(raw_body).ok()?;
    let mut text = String::with_capacity(body.len() * 2);
    for character in body.chars() {
        if matches!(character, '\0'..='~') {
            text.push(character);
            continue;
        }
        for unit in character.encode_utf16(&mut [0; 2]) {
            text.push_str(&format!("\\u{unit:04x}"));
        }
    }
    Some(text)
}
