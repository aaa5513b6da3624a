//! The text of a key: `kha_<12 hex digits: id>_<43 characters: 256 random bits in base64url>`.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use http::{HeaderMap, header};
use khaacho_fault::Fault;
use ring::rand::{SecureRandom, SystemRandom};
use ring::{digest, hmac};

const PREFIX: &str = "kha_";
const ID_CHARS: usize = 12;
const SECRET_CHARS: usize = 43;

/// A key that somebody presents. Not yet known to be true.
pub(crate) struct Credential {
    pub(super) id: String,
    secret: String,
}

impl Credential {
    /// The key in `Authorization: Bearer` or `X-Api-Key`; `None` when there is neither header. A header that
    /// holds no key of ours, and two headers that differ, are `UNAUTHENTICATED`.
    pub(crate) fn of(headers: &HeaderMap) -> Result<Option<Self>, Fault> {
        let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or_default());
        let bearer = text(header::AUTHORIZATION.as_str()).map(|value| {
            let (scheme, key) = value.split_once(' ').unwrap_or_default();
            if scheme.eq_ignore_ascii_case("bearer") {
                key.trim()
            } else {
                ""
            }
        });
        let presented = match (bearer, text("x-api-key")) {
            (None, None) => return Ok(None),
            (Some(one), Some(other)) if one != other => return Err(Fault::unauthenticated()),
            (Some(key), _) | (None, Some(key)) => key,
        };
        Self::parse(presented)
            .map(Some)
            .ok_or_else(Fault::unauthenticated)
    }

    /// Reads the text of a key. The secret may contain underscores, so positions count, not separators.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let rest = text.strip_prefix(PREFIX)?;
        let (id, rest) = rest.split_at_checked(ID_CHARS)?;
        let secret = rest.strip_prefix('_')?;
        let hex = id
            .bytes()
            .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        let base64url = secret
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        (hex && base64url && secret.len() == SECRET_CHARS).then(|| Self {
            id: id.to_owned(),
            secret: secret.to_owned(),
        })
    }

    /// A new random key.
    pub(super) fn random() -> Result<Self, Fault> {
        let mut bytes = [0; 6 + 32];
        SystemRandom::new()
            .fill(&mut bytes)
            .map_err(|_| Fault::bug("the system gives no random bytes"))?;
        let (id, secret) = bytes.split_at(6);
        Ok(Self {
            id: id.iter().map(|byte| format!("{byte:02x}")).collect(),
            secret: BASE64.encode(secret),
        })
    }

    /// What is stored instead of the secret.
    pub(super) fn hash(&self) -> Vec<u8> {
        digest::digest(&digest::SHA256, self.secret.as_bytes())
            .as_ref()
            .to_vec()
    }

    /// Whether the secret has this hash, in a time that does not tell how much of it is right.
    pub(super) fn proves(&self, stored: &[u8]) -> bool {
        same(&self.hash(), stored)
    }

    /// Compares two secrets in a time that depends on their lengths only.
    pub(crate) fn same(left: &str, right: &str) -> bool {
        same(left.as_bytes(), right.as_bytes())
    }

    /// The whole key, to be shown once.
    pub(super) fn text(&self) -> String {
        format!("{PREFIX}{}_{}", self.id, self.secret)
    }
}

/// Both sides are hashed because `ring` compares tags in constant time, not bytes.
fn same(left: &[u8], right: &[u8]) -> bool {
    let key = hmac::Key::new(hmac::HMAC_SHA256, b"khaacho api key");
    hmac::verify(&key, left, hmac::sign(&key, right).as_ref()).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_survives_its_text_and_proves_only_itself() {
        let key = Credential::random().expect("random bytes");
        let read = Credential::parse(&key.text()).expect("our own text");
        let other = Credential::random().expect("random bytes");
        assert!(read.proves(&key.hash()) && read.id == key.id);
        assert!(!other.proves(&key.hash()));
        assert_eq!(key.text().len(), 4 + 12 + 1 + 43);
    }

    #[test]
    fn other_texts_are_no_keys() {
        let key = Credential::random().expect("random bytes").text();
        for text in [
            "",
            "kha_",
            "kha_zzzzzzzzzzzz_x",
            &key[1..],
            &key[..key.len() - 1],
            &format!("{key}a"),
        ] {
            assert!(Credential::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn two_headers_must_agree() {
        let key = Credential::random().expect("random bytes").text();
        let mut headers = HeaderMap::new();
        assert!(Credential::of(&headers).expect("no credential").is_none());
        headers.insert("x-api-key", key.parse().expect("ascii"));
        assert!(Credential::of(&headers).expect("a key").is_some());
        headers.insert("authorization", format!("Bearer {key}").parse().expect("ascii"));
        assert!(Credential::of(&headers).expect("the same key").is_some());
        headers.insert("authorization", "Basic abc".parse().expect("ascii"));
        assert!(Credential::of(&headers).is_err());
    }
}
