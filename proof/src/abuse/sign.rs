//! Signatures of providers and of the mesh, written anew from their descriptions.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::{digest, hmac};

use super::case::{Token, Twist};

/// Lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// SHA-256 in hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    hex(digest::digest(&digest::SHA256, bytes).as_ref())
}

/// A keyed hash.
pub fn mac(algorithm: hmac::Algorithm, secret: &[u8], text: &[u8]) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(algorithm, secret), text)
        .as_ref()
        .to_vec()
}

/// The value of `X-Hub-Signature-256`.
pub fn meta(secret: &str, body: &[u8]) -> String {
    format!("sha256={}", hex(&mac(hmac::HMAC_SHA256, secret.as_bytes(), body)))
}

/// What Twilio signs: the address, then each distinct key with each of its distinct values, both in order.
pub fn twilio_text(url: &str, fields: &[(String, String)]) -> String {
    let mut sorted: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (key, value) in fields {
        sorted.entry(key).or_default().insert(value);
    }
    let mut text = url.to_owned();
    for (key, values) in sorted {
        for value in values {
            text.push_str(key);
            text.push_str(value);
        }
    }
    text
}

/// The value of `X-Twilio-Signature`.
pub fn twilio(secret: &str, url: &str, fields: &[(String, String)]) -> String {
    let text = twilio_text(url, fields);
    STANDARD.encode(mac(
        hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
        secret.as_bytes(),
        text.as_bytes(),
    ))
}

/// Base64 in the standard alphabet.
pub fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Base64 for addresses, without padding.
pub fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Text of this length that no compression makes shorter, the same each time.
pub fn scattered(length: usize) -> String {
    let mut text = String::with_capacity(length + 64);
    while text.len() < length {
        text.push_str(&base64url(
            digest::digest(&digest::SHA256, text.as_bytes()).as_ref(),
        ));
    }
    text.truncate(length);
    text
}

/// Seconds since 1970. A token is good for half a minute, so it needs the time of day.
#[expect(clippy::disallowed_methods, reason = "tokens hold the time of day")]
fn unix_now() -> i64 {
    chrono::Utc::now().timestamp()
}

/// The text of a mesh token, now.
pub fn token(token: &Token) -> Vec<String> {
    let claims = with_times(&token.claims, unix_now());
    let root = mac(hmac::HMAC_SHA256, token.secret.as_bytes(), &label(&token.signer));
    let body = base64url(claims.as_bytes());
    let tag = base64url(&mac(hmac::HMAC_SHA256, &root, claims.as_bytes()));
    twisted(&body, &tag, &token.twist)
}

fn label(signer: &str) -> Vec<u8> {
    format!("khaacho mesh caller {signer}").into_bytes()
}

/// Replaces `"@30"` by the number of the second 30 seconds from `now`.
fn with_times(claims: &str, now: i64) -> String {
    let mut out = String::new();
    let mut rest = claims;
    while let Some(at) = rest.find("\"@") {
        let (before, after) = rest.split_at(at);
        let Some(end) = after.get(2..).and_then(|after| after.find('"')) else {
            break;
        };
        out.push_str(before);
        let offset: i64 = after[2..2 + end].parse().unwrap_or(0);
        out.push_str(&now.saturating_add(offset).to_string());
        rest = &after[2 + end + 1..];
    }
    out.push_str(rest);
    out
}

fn twisted(body: &str, tag: &str, twist: &Twist) -> Vec<String> {
    let whole = format!("{body}.{tag}");
    let one = match twist {
        Twist::None => whole,
        Twist::Twice => return vec![whole.clone(), whole],
        Twist::Turn(at) => turned(&whole, *at),
        Twist::Cut(count) => whole[..whole.len().saturating_sub(*count)].to_owned(),
        Twist::Append(text) => format!("{whole}{text}"),
        Twist::Prepend(text) => format!("{text}{whole}"),
        Twist::Unsigned => format!("{body}."),
        Twist::Swap => format!("{tag}.{body}"),
        Twist::Signature(text) => format!("{body}.{text}"),
        Twist::Text(text) => text.clone(),
    };
    vec![one]
}

/// The text with its n-th character replaced by another one of the alphabet.
pub fn turned(text: &str, at: usize) -> String {
    let at = at % text.len().max(1);
    text.char_indices()
        .map(|(index, letter)| match letter {
            _ if index != at => letter,
            'A' => 'B',
            'a' => 'b',
            '0' => '1',
            '.' => ',',
            letter if letter.is_ascii_digit() => '0',
            letter if letter.is_ascii_lowercase() => 'a',
            _ => 'A',
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keyed_hashes_agree_with_rfc_2202_and_rfc_4231() {
        let text = b"what do ya want for nothing?";
        assert_eq!(
            hex(&mac(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, b"Jefe", text)),
            "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"
        );
        assert_eq!(
            meta("Jefe", text),
            "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    #[test]
    fn twilio_agrees_with_the_example_of_its_documentation() {
        let fields: Vec<(String, String)> = [
            ("CallSid", "CA1234567890ABCDE"),
            ("Caller", "+14158675309"),
            ("Digits", "1234"),
            ("From", "+14158675309"),
            ("To", "+18005551212"),
        ]
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .to_vec();
        let url = "https://mycompany.com/myapp.php?foo=1&bar=2";
        assert_eq!(twilio("12345", url, &fields), "RSOYDt4T1cUTdK1PDd93/VVr8B8=");
        let mut shuffled = fields.clone();
        shuffled.reverse();
        shuffled.push(fields[0].clone());
        assert_eq!(twilio("12345", url, &shuffled), "RSOYDt4T1cUTdK1PDd93/VVr8B8=");
    }

    #[test]
    fn times_in_claims_become_numbers() {
        assert_eq!(
            with_times(r#"{"exp":"@30","nbf":"@-5"}"#, 1000),
            r#"{"exp":1030,"nbf":995}"#
        );
        assert_eq!(with_times(r#"{"exp":7}"#, 1000), r#"{"exp":7}"#);
    }

    #[test]
    fn a_turned_text_differs_in_one_place() {
        for at in 0..10 {
            let turned = turned("kha_0A.a9z", at);
            let different = turned.bytes().zip(b"kha_0A.a9z").filter(|(a, b)| a != *b).count();
            assert_eq!((turned.len(), different), (10, 1), "{at} {turned}");
        }
    }
}
