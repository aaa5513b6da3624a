//! The language that somebody is answered in: the one that was set for the account or vendor, else the one that his messages
//! show.

mod detect;
mod words;

use serde::{Deserialize, Serialize};

pub use detect::detect;

/// Languages of replies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Language {
    /// English.
    #[serde(rename = "en")]
    En,
    /// Nepali in Devanagari.
    #[serde(rename = "ne")]
    Ne,
    /// Nepali in Latin letters.
    #[serde(rename = "ne-Latn")]
    NeLatn,
    /// Hindi.
    #[serde(rename = "hi")]
    Hi,
}

impl Language {
    /// Every language, in the order of its numbers in the contracts, which begin at 1.
    pub const ALL: [Self; 4] = [Self::En, Self::Ne, Self::NeLatn, Self::Hi];

    /// Number in the contracts.
    pub fn number(self) -> i32 {
        match self {
            Self::En => 1,
            Self::Ne => 2,
            Self::NeLatn => 3,
            Self::Hi => 4,
        }
    }

    /// Name in the ids of buttons.
    pub fn name(self) -> &'static str {
        match self {
            Self::En => "EN",
            Self::Ne => "NE",
            Self::NeLatn => "NE_LATN",
            Self::Hi => "HI",
        }
    }
}

/// What a conversation shows of the language of its writer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Speech {
    /// What he is answered in while no setting says another; `None` for English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// Another one that his last telling message was in. Once more, and he is answered in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other: Option<Language>,
    /// He has chosen it: what he writes changes nothing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub chosen: bool,
    /// He was told which language he is answered in, and how to get another.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub told: bool,
}

impl Speech {
    /// The same after a message in this language, or in none that it shows.
    #[must_use]
    pub fn heard(self, heard: Option<Language>) -> Self {
        let Some(heard) = heard.filter(|_| !self.chosen) else {
            return self;
        };
        let stays = self
            .language
            .filter(|now| *now != heard && self.other != Some(heard));
        Self {
            language: stays.or(Some(heard)),
            other: stays.map(|_| heard),
            ..self
        }
    }

    /// The same after he has chosen.
    #[must_use]
    pub fn chose(self, language: Language) -> Self {
        Self {
            language: Some(language),
            other: None,
            chosen: true,
            ..self
        }
    }

    /// What there is to tell him of it, once.
    pub fn untold(&self) -> Option<Language> {
        self.language.filter(|_| !self.told)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_telling_message_decides_and_two_in_a_row_change_it() {
        let speech = Speech::default().heard(None);
        assert_eq!((speech.language, speech.untold()), (None, None));
        let speech = speech.heard(Some(Language::NeLatn));
        assert_eq!(speech.untold(), Some(Language::NeLatn));
        let once = speech.heard(Some(Language::En)).heard(None);
        assert_eq!(
            (once.language, once.other),
            (Some(Language::NeLatn), Some(Language::En))
        );
        let back = once.heard(Some(Language::NeLatn));
        assert_eq!(back, speech, "the other one was an exception");
        let third = once.heard(Some(Language::Hi));
        assert_eq!(
            (third.language, third.other),
            (Some(Language::NeLatn), Some(Language::Hi))
        );
        let twice = once.heard(Some(Language::En));
        assert_eq!((twice.language, twice.other), (Some(Language::En), None));
    }

    #[test]
    fn what_was_chosen_stays_whatever_is_written() {
        let speech = Speech::default().heard(Some(Language::En)).chose(Language::Hi);
        let later = speech.heard(Some(Language::En)).heard(Some(Language::En));
        assert_eq!((later.language, later.other), (Some(Language::Hi), None));
    }

    #[test]
    fn it_survives_storage_and_nothing_is_stored_as_nothing() {
        let read = |text: &str| serde_json::from_str::<Speech>(text).expect("it reads");
        assert_eq!(read("{}"), Speech::default());
        assert_eq!(serde_json::to_string(&Speech::default()).expect("text"), "{}");
        let speech = Speech {
            told: true,
            ..Speech::default().heard(Some(Language::NeLatn))
        };
        let text = serde_json::to_string(&speech).expect("text");
        assert_eq!(text, r#"{"language":"ne-Latn","told":true}"#);
        assert_eq!(read(&text), speech);
    }

    #[test]
    fn languages_have_the_numbers_of_the_contracts() {
        use khaacho_proto::common::v1 as common;
        for language in Language::ALL {
            let number = common::Language::try_from(language.number()).expect("a language");
            assert_eq!(number.as_str_name(), format!("LANGUAGE_{}", language.name()));
        }
    }
}
