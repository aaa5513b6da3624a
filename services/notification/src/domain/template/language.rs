//! The languages of the people we write to.

use serde::{Deserialize, Serialize};

/// Languages of the people we write to. Names as stored: `en`, `ne-Deva`, `ne-Latn`, `hi`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum Language {
    /// English.
    #[default]
    #[serde(rename = "en")]
    En,
    /// Nepali in Devanagari.
    #[serde(rename = "ne-Deva")]
    NeDeva,
    /// Nepali in Latin letters.
    #[serde(rename = "ne-Latn")]
    NeLatn,
    /// Hindi.
    #[serde(rename = "hi")]
    Hi,
}

impl Language {
    /// Every language.
    pub const ALL: [Language; 4] = [Language::En, Language::NeDeva, Language::NeLatn, Language::Hi];

    /// The language with this tag, in any case; `ne` is Devanagari, a region (`en-NP`) is ignored.
    pub fn parse(tag: &str) -> Option<Language> {
        match tag.trim().to_ascii_lowercase().replace('_', "-").as_str() {
            "ne" | "ne-np" | "ne-deva" => Some(Language::NeDeva),
            "ne-latn" => Some(Language::NeLatn),
            other => match other.split('-').next() {
                Some("en") => Some(Language::En),
                Some("hi") => Some(Language::Hi),
                _ => None,
            },
        }
    }

    /// Tag as stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Language::En => "en",
            Language::NeDeva => "ne-Deva",
            Language::NeLatn => "ne-Latn",
            Language::Hi => "hi",
        }
    }
}
