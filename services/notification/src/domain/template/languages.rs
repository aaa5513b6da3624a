//! Variables of what is said about the language of our answers.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Language;

/// Variables of `language_heard` and `language_set`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spoken {
    /// The language, by its name in the contracts without `LANGUAGE_`: `NE_LATN`.
    #[serde(serialize_with = "write", deserialize_with = "read")]
    pub language: Language,
}

impl Language {
    /// Name in the contracts, which the ids of buttons have, too.
    pub fn contract_name(self) -> &'static str {
        match self {
            Language::En => "EN",
            Language::NeDeva => "NE",
            Language::NeLatn => "NE_LATN",
            Language::Hi => "HI",
        }
    }

    /// Its own name, in the letters that it is written in.
    pub fn own_name(self) -> &'static str {
        match self {
            Language::En => "English",
            Language::NeDeva => "नेपाली",
            Language::NeLatn => "Nepali",
            Language::Hi => "हिन्दी",
        }
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands over a reference to the field"
)]
fn write<S: Serializer>(language: &Language, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(language.contract_name())
}

fn read<'de, D: Deserializer<'de>>(from: D) -> Result<Language, D::Error> {
    let name = String::deserialize(from)?;
    let mut all = Language::ALL.into_iter();
    all.find(|language| language.contract_name() == name)
        .ok_or_else(|| D::Error::custom("expected a language like NE_LATN"))
}
