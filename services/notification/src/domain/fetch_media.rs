//! Keeping what was fetched of a message's media, or that it was not and why.

use chrono::{DateTime, Utc};
use khaacho_durable::Command;
use serde::{Deserialize, Serialize};

use super::Refusal;
use super::media::{Found, Named, Unfit, kind};

/// Writes how the fetching of a medium ended. Who comes second changes nothing.
#[derive(Debug, Clone, Serialize)]
pub struct FetchMedia {
    /// The medium.
    #[serde(skip)]
    pub named: Named,
    /// What was found.
    #[serde(skip)]
    pub found: Result<Found, Unfit>,
    /// Whether there is a program that writes down voices.
    pub hears: bool,
}

/// What follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// The program listens to it next.
    pub transcribe: bool,
}

/// How the fetching of a medium ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fetched {
    /// Why it was refused; `None`: it is stored.
    pub reason: Option<String>,
}

impl Command for FetchMedia {
    const NAME: &'static str = "FetchMedia";
    type Snapshot = ();
    type Decision = Kept;
    type Refusal = Refusal;

    fn decide(&self, (): (), _now: DateTime<Utc>) -> Result<Kept, Refusal> {
        let sound = self.found.as_ref().is_ok_and(|found| kind::is_sound(found.mime));
        Ok(Kept {
            transcribe: sound && self.hears,
        })
    }
}

#[cfg(test)]
mod tests {
    use khaacho_ids::InboundId;

    use super::*;
    use crate::domain::Provider;
    use crate::domain::media::id;

    fn transcribed(found: Result<Found, Unfit>, hears: bool) -> bool {
        let named = Named {
            id: id(Provider::Meta, "106", "wamid.1", 0),
            provider: Provider::Meta,
            inbound_id: InboundId::derive(&["a"]),
            media_id: "1".to_owned(),
            url: String::new(),
            mime: String::new(),
            sha256: String::new(),
        };
        let fetch = FetchMedia { named, found, hears };
        fetch
            .decide((), DateTime::UNIX_EPOCH)
            .expect("never refused")
            .transcribe
    }

    #[test]
    fn only_sound_is_listened_to_and_only_where_somebody_can() {
        let found = |mime| {
            Ok(Found {
                mime,
                sha256: Vec::new(),
                content: Vec::new(),
            })
        };
        assert!(transcribed(found("audio/ogg"), true));
        assert!(!transcribed(found("audio/ogg"), false));
        assert!(!transcribed(found("image/png"), true));
        assert!(!transcribed(Err(Unfit::Gone), true));
    }
}
