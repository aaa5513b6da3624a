//! What people call products: learned from answers that a shop has confirmed, or set by an operator.

use khaacho_ids::AliasId;
use khaacho_text::{Kind, tokens};

use super::sku::Sku;

/// Longest phrase in characters.
pub const PHRASE_LENGTH_MAX: usize = 200;

/// Whose an alias is: the account, or empty for all shops.
pub const ALL_SHOPS: &str = "";

/// How an alias came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// A shop's own answer.
    Answer,
    /// Enough shops mean the same.
    Promotion,
    /// An operator has set it.
    Operator,
}

impl Source {
    /// Name in rows and contracts.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Answer => "answer",
            Self::Promotion => "promotion",
            Self::Operator => "operator",
        }
    }
}

/// Something that happened to an alias.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Happened {
    /// A shop's answer made it.
    Learned,
    /// The same answer again.
    Confirmed,
    /// Enough shops mean the same.
    Promoted,
    /// An operator made it.
    Set,
    /// The phrase means another product now.
    Replaced,
    /// The shop took it back.
    Forgotten,
    /// An operator took it back.
    Revoked,
}

impl Happened {
    /// Name in rows and contracts.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Learned => "learned",
            Self::Confirmed => "confirmed",
            Self::Promoted => "promoted",
            Self::Set => "set",
            Self::Replaced => "replaced",
            Self::Forgotten => "forgotten",
            Self::Revoked => "revoked",
        }
    }
}

/// The id of an alias.
pub fn id_of(account_id: &str, key: &str, sku: &Sku) -> AliasId {
    AliasId::derive(&[account_id, key, sku.as_str()])
}

/// What phrases are compared by: their words and numbers in one spelling each. Empty when there is none.
pub fn key_of(phrase: &str) -> String {
    let mut typed = tokens(phrase);
    typed.retain(|t| matches!(t.kind, Kind::Word | Kind::Number) && !t.key.is_empty());
    let keys: Vec<&str> = typed.iter().map(|t| t.key.as_str()).collect();
    keys.join(" ")
}

/// Whether a meaning holds for all shops: enough of them mean it, and at least twice as many as mean anything else.
pub fn promotes(shops: u32, rivals: u32, after: u32) -> bool {
    shops >= after && shops >= rivals.saturating_mul(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_a_phrase_have_one_key() {
        assert_eq!(key_of("Raato  tel"), key_of("RATO-tel"));
        assert_eq!(key_of("रातो तेल"), key_of("rato tel"));
        assert_ne!(key_of("rato tel 5"), key_of("rato tel"));
        assert_eq!(key_of(" ?! "), "");
    }

    #[test]
    fn a_meaning_is_promoted_when_enough_agree_and_few_object() {
        assert!(!promotes(2, 0, 3));
        assert!(promotes(3, 0, 3));
        assert!(promotes(4, 2, 3));
        assert!(!promotes(4, 3, 3), "too many mean something else");
    }
}
