//! Keyed hashes for both providers, over `ring`. Every comparison takes the same time for right and wrong.

use khaacho_config::Secret;
use ring::{digest, hmac};

/// True when `tag` is the keyed hash of one of `texts` under one of `secrets`. All pairs are tried, also after
/// a match, so that the time does not tell which secret was used. An empty secret proves nothing.
pub(super) fn matches<'a>(
    algorithm: hmac::Algorithm,
    secrets: impl IntoIterator<Item = &'a Secret>,
    texts: &[&[u8]],
    tag: &[u8],
) -> bool {
    let mut found = false;
    for secret in secrets {
        let secret = secret.expose().as_bytes();
        if secret.is_empty() {
            continue;
        }
        let key = hmac::Key::new(algorithm, secret);
        for text in texts {
            found |= hmac::verify(&key, text, tag).is_ok();
        }
    }
    found
}

/// Compares two strings in a time that depends on their lengths only. Both are hashed first because `ring`
/// exposes a constant-time comparison for tags, not for strings.
pub(super) fn same(left: &str, right: &str) -> bool {
    let key = hmac::Key::new(hmac::HMAC_SHA256, b"khaacho comparison");
    let tag = hmac::sign(&key, left.as_bytes());
    hmac::verify(&key, right.as_bytes(), tag.as_ref()).is_ok()
}

/// SHA-256 as 64 lower-case hexadecimal digits.
pub(super) fn sha256_hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(64);
    for byte in digest::digest(&digest::SHA256, bytes).as_ref() {
        for nibble in [byte >> 4, byte & 15] {
            text.push(char::from_digit(u32::from(nibble), 16).expect("a nibble is a hexadecimal digit"));
        }
    }
    text
}

/// Reads 64 lower-case hexadecimal digits. Upper case is refused, as the providers' own libraries do.
pub(super) fn hash_from_hex(text: &str) -> Option<[u8; 32]> {
    let digits = text.as_bytes();
    if digits.len() != 64 {
        return None;
    }
    let mut bytes = [0; 32];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = nibble(pair[0])? << 4 | nibble(pair[1])?;
    }
    Some(bytes)
}

fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}
