//! Twilio's signature: a keyed hash over the URL as Twilio called it and the sorted form fields.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use khaacho_config::Secret;
use ring::hmac;

use super::{SIGNATURE, SIGNATURE_SETTINGS, TwilioAuth};
use crate::webhooks::{Rejection, proof};

/// Why a signature does not count. All of them are the same refusal to the caller; the difference only says
/// where in the rules it failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Unproven;

/// Proves that Twilio made this request.
///
/// `public_url` is the URL as Twilio knows it: scheme and authority from our settings, path and query byte for
/// byte as received. Behind a proxy the request's own `Host` and scheme are not what was signed.
/// Refusals are [`Rejection::Forbidden`] and counted.
pub fn verify(
    auth: &TwilioAuth,
    public_url: &str,
    content_type: Option<&str>,
    raw_body: &[u8],
    headers: &HeaderMap,
) -> Result<(), Rejection> {
    if !auth.is_configured() {
        return Err(Rejection::forbidden("not_configured"));
    }
    check(auth, public_url, content_type, raw_body, headers)
        .map_err(|Unproven| Rejection::forbidden("bad_signature"))
}

fn check(
    auth: &TwilioAuth,
    public_url: &str,
    content_type: Option<&str>,
    raw_body: &[u8],
    headers: &HeaderMap,
) -> Result<(), Unproven> {
    let signature = single(headers, SIGNATURE)?.ok_or(Unproven)?;
    let signature = STANDARD.decode(signature).map_err(|_| Unproven)?;
    let (algorithm, secrets) = scheme(auth, single(headers, SIGNATURE_SETTINGS)?)?;

    let fields = if is_form(content_type) {
        signed_fields(raw_body)
    } else {
        if !raw_body.is_empty() {
            check_body_hash(public_url, raw_body)?;
        }
        String::new()
    };
    let texts = signed_urls(public_url).ok_or(Unproven)?.map(|url| url + &fields);
    let texts = texts.each_ref().map(|text| text.as_bytes());
    if proof::matches(algorithm, secrets, &texts, &signature) {
        Ok(())
    } else {
        Err(Unproven)
    }
}

/// The header's value; refused when it is there twice, since a proxy and we could each take another one.
fn single<'h>(headers: &'h HeaderMap, name: &str) -> Result<Option<&'h str>, Unproven> {
    let mut values = headers.get_all(name).iter();
    let first = values.next();
    if values.next().is_some() {
        return Err(Unproven);
    }
    first
        .map(|value| value.to_str().map_err(|_| Unproven))
        .transpose()
}

/// Which hash with which secrets. An Auth Token is only good for SHA-1 and a shared key only for SHA-256, so the
/// header cannot talk us into a weaker pair.
fn scheme<'a>(
    auth: &'a TwilioAuth,
    settings: Option<&str>,
) -> Result<(hmac::Algorithm, Vec<&'a Secret>), Unproven> {
    let (mut key, mut algorithm) = (None, None);
    for part in settings.unwrap_or_default().split(',') {
        let slot = match part.split_once('=') {
            Some((name, value)) if name.trim() == "key" => (&mut key, value.trim()),
            Some((name, value)) if name.trim() == "algorithm" => (&mut algorithm, value.trim()),
            _ => continue,
        };
        if slot.0.replace(slot.1).is_some() {
            return Err(Unproven);
        }
    }
    match algorithm {
        None | Some("HMAC_SHA1") => Ok((
            hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
            auth.auth_tokens.iter().collect(),
        )),
        Some("HMAC_SHA256") => {
            let named = auth
                .shared_keys
                .iter()
                .filter(|shared| key.is_none_or(|id| id == shared.id));
            Ok((hmac::HMAC_SHA256, named.map(|shared| &shared.secret).collect()))
        }
        Some(_) => Err(Unproven),
    }
}

fn is_form(content_type: Option<&str>) -> bool {
    let essence = content_type
        .and_then(|value| value.split(';').next())
        .unwrap_or_default();
    essence
        .trim()
        .eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

/// Distinct keys in code-point order, each before each of its distinct values in code-point order.
fn signed_fields(raw_body: &[u8]) -> String {
    let mut fields: BTreeMap<Cow<'_, str>, BTreeSet<Cow<'_, str>>> = BTreeMap::new();
    for (key, value) in form_urlencoded::parse(raw_body) {
        fields.entry(key).or_default().insert(value);
    }
    let mut text = String::with_capacity(raw_body.len());
    for (key, values) in &fields {
        for value in values {
            text.push_str(key);
            text.push_str(value);
        }
    }
    text
}

/// A body that is no form is covered by its hash in the query, and the query by the signature.
fn check_body_hash(public_url: &str, raw_body: &[u8]) -> Result<(), Unproven> {
    let query = public_url.split_once('?').ok_or(Unproven)?.1;
    let query = query.split('#').next().unwrap_or_default();
    let (_, stated) = form_urlencoded::parse(query.as_bytes())
        .find(|(key, _)| key == "bodySHA256")
        .ok_or(Unproven)?;
    if proof::same(&proof::sha256_hex(raw_body), &stated) {
        Ok(())
    } else {
        Err(Unproven)
    }
}

/// The two forms of the URL that Twilio may have signed: without a port and with one, which is the URL's own or
/// else the scheme's default. Fragment and user information are never signed.
fn signed_urls(public_url: &str) -> Option<[String; 2]> {
    let url = public_url.split('#').next()?;
    let (scheme, rest) = url.split_once("://")?;
    let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if !port.is_empty() && port.bytes().all(|digit| digit.is_ascii_digit()) => {
            (name, port)
        }
        _ if scheme.eq_ignore_ascii_case("http") => (host, "80"),
        _ => (host, "443"),
    };
    Some([
        format!("{scheme}://{name}{path}"),
        format!("{scheme}://{name}:{port}{path}"),
    ])
}
