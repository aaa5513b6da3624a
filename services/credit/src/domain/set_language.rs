//! Setting the language that a shop is answered in.

use chrono::{DateTime, Utc};
use khaacho_durable::Command;
use khaacho_ids::AccountId;
use serde::Serialize;

use super::{Language, Refusal};

/// Sets the language of an account.
#[derive(Debug, Clone, Serialize)]
pub struct SetLanguage {
    /// Account.
    pub account_id: AccountId,
    /// New language.
    pub language: Language,
}

/// An account's setting, as it is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    /// The language; `None` while nobody has set one.
    pub language: Option<Language>,
}

/// A change of the setting, for the audit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Changed {
    /// Before.
    pub before: Option<Language>,
    /// After.
    pub after: Language,
}

impl Command for SetLanguage {
    const NAME: &'static str = "SetLanguage";
    /// `None` when there is no such account.
    type Snapshot = Option<Setting>;
    /// `None` when it is that language already: nothing is written.
    type Decision = Option<Changed>;
    type Refusal = Refusal;

    fn decide(&self, seen: Option<Setting>, _now: DateTime<Utc>) -> Result<Option<Changed>, Refusal> {
        let Setting { language: before } = seen.ok_or(Refusal::AccountUnknown)?;
        let changed = Changed {
            before,
            after: self.language,
        };
        Ok((before != Some(self.language)).then_some(changed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_set_once_and_english_is_no_setting_until_somebody_sets_it() {
        let set = |seen| {
            let command = SetLanguage {
                account_id: AccountId::derive(&["a"]),
                language: Language::En,
            };
            command.decide(seen, DateTime::UNIX_EPOCH)
        };
        let setting = |language| Some(Setting { language });
        let changed = |before| {
            Ok(Some(Changed {
                before,
                after: Language::En,
            }))
        };
        assert_eq!(set(setting(None)), changed(None));
        assert_eq!(set(setting(Some(Language::Hi))), changed(Some(Language::Hi)));
        assert_eq!(set(setting(Some(Language::En))), Ok(None));
        assert_eq!(set(None), Err(Refusal::AccountUnknown));
    }
}
