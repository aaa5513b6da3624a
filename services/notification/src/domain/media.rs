//! Media of messages that came in: which are fetched, from where, and which are kept.

pub mod host;
pub mod kind;

use chrono::{DateTime, Utc};
use khaacho_ids::{InboundId, MediaId};

use super::Provider;

/// Largest medium, in bytes.
pub const BYTES_MAX: usize = 5 * 1024 * 1024;
/// Longest transcript, in characters.
pub const TRANSCRIPT_MAX: usize = 4_096;

/// A medium that a message names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Our id of it.
    pub id: MediaId,
    /// Who has it.
    pub provider: Provider,
    /// The message.
    pub inbound_id: InboundId,
    /// The provider's id of it; empty at Twilio.
    pub media_id: String,
    /// Where it is; empty at Meta.
    pub url: String,
    /// Type that the provider named; may be empty.
    pub mime: String,
    /// SHA-256 that the provider named, hex or base64; may be empty.
    pub sha256: String,
}

/// A medium that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What it is by its own first bytes.
    pub mime: &'static str,
    /// SHA-256.
    pub sha256: Vec<u8>,
    /// The content.
    pub content: Vec<u8>,
}

/// A medium's id: the same message and place give the same medium, however often it is asked for.
pub fn id(provider: Provider, account: &str, provider_message_id: &str, index: u32) -> MediaId {
    MediaId::derive(&[
        provider.as_str(),
        account,
        provider_message_id,
        &index.to_string(),
    ])
}

/// Why a medium is not kept. Asking again would not change it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// Neither an id nor an address names it, or this installation has no such provider.
    Unnamed,
    /// It lies where nothing is fetched from.
    Place,
    /// The provider does not have it any more.
    Gone,
    /// Over [`BYTES_MAX`].
    TooLarge,
    /// Not of a kind that is kept.
    Kind,
    /// Not what the provider said that it is.
    Hash,
    /// The provider could not give it for as long as anybody asked.
    Unreachable,
}

impl Unfit {
    /// On the wire and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Unfit::Unnamed => "UNNAMED",
            Unfit::Place => "PLACE_NOT_ALLOWED",
            Unfit::Gone => "GONE",
            Unfit::TooLarge => "TOO_LARGE",
            Unfit::Kind => "KIND_NOT_ALLOWED",
            Unfit::Hash => "HASH_DIFFERS",
            Unfit::Unreachable => "UNREACHABLE",
        }
    }
}

/// A medium as people see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaView {
    /// Id.
    pub id: MediaId,
    /// The message.
    pub inbound_id: InboundId,
    /// Why it was refused; `None`: it is stored.
    pub reason: Option<String>,
    /// What it is; empty when it was refused.
    pub mime: String,
    /// Bytes of the content.
    pub size: u32,
    /// SHA-256.
    pub sha256: Vec<u8>,
    /// The content; empty unless it was asked for.
    pub content: Vec<u8>,
    /// What a machine heard.
    pub transcript: String,
    /// When it was fetched.
    pub fetched_at: DateTime<Utc>,
}

/// Whether a hash that a provider named, in hex or base64, is this one. An empty one names nothing.
pub fn is_hash(named: &str, hash: &[u8], base64: &str) -> bool {
    named.is_empty() || named.eq_ignore_ascii_case(&hex(hash)) || named == base64
}

/// Lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_medium_has_one_id_and_its_neighbour_another() {
        let first = id(Provider::Meta, "106", "wamid.1", 0);
        assert_eq!(first, id(Provider::Meta, "106", "wamid.1", 0));
        assert_ne!(first, id(Provider::Meta, "106", "wamid.1", 1));
        assert_ne!(first, id(Provider::Twilio, "106", "wamid.1", 0));
    }

    #[test]
    fn hashes_come_in_hex_and_base64() {
        let hash = [0xab, 0x01];
        for named in ["", "ab01", "AB01", "qwE="] {
            assert!(is_hash(named, &hash, "qwE="), "{named}");
        }
        for named in ["ab02", "qwF=", "ab"] {
            assert!(!is_hash(named, &hash, "qwE="), "{named}");
        }
    }
}
