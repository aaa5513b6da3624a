//! Sets the language of messages to a vendor.

use chrono::{DateTime, Utc};
use khaacho_durable::Command;
use khaacho_ids::VendorId;
use serde::Serialize;

use super::refusal::Refusal;
use super::vendor::{Language, Vendor};

/// The command.
#[derive(Debug, Clone, Serialize)]
pub struct SetVendorLanguage {
    /// Vendor.
    pub vendor_id: VendorId,
    /// New language.
    pub language: Language,
}

/// What comes of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// The vendor with the language.
    pub vendor: Vendor,
    /// Whether it was another one, or none.
    pub changed: bool,
    /// The language before; `None` when nobody had set one.
    pub before: Option<Language>,
}

impl Command for SetVendorLanguage {
    const NAME: &'static str = "SetVendorLanguage";
    /// `None` when there is no such vendor.
    type Snapshot = Option<Vendor>;
    type Decision = Decision;
    type Refusal = Refusal;

    fn decide(&self, seen: Option<Vendor>, _now: DateTime<Utc>) -> Result<Decision, Refusal> {
        let seen = seen.ok_or(Refusal::VendorUnknown)?;
        let (before, after) = (seen.language, Some(self.language));
        Ok(Decision {
            vendor: Vendor {
                language: after,
                ..seen
            },
            changed: before != after,
            before,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::vendor::examples;

    #[test]
    fn a_language_that_is_set_already_changes_nothing() {
        let set = |before| {
            let command = SetVendorLanguage {
                vendor_id: examples::vendor("V01").vendor_id,
                language: Language::En,
            };
            let seen = Vendor {
                language: before,
                ..examples::vendor("V01")
            };
            let done = command
                .decide(Some(seen), DateTime::UNIX_EPOCH)
                .expect("there is one");
            assert_eq!(done.vendor.language, Some(Language::En));
            (done.before, done.changed)
        };
        assert_eq!(set(None), (None, true), "English was no setting");
        assert_eq!(set(Some(Language::Ne)), (Some(Language::Ne), true));
        assert_eq!(set(Some(Language::En)), (Some(Language::En), false));
    }
}
