//! What comes with a message beside its words: media, a place, contacts. As providers name them; nothing is believed.

use serde::{Deserialize, Serialize};

/// Media of one message.
pub const MEDIA_MAX: usize = 10;
/// Contacts of one message.
pub const CONTACTS_MAX: usize = 20;
/// Phones of one contact.
pub const PHONES_MAX: usize = 10;

/// Everything that came with a message beside its words.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Attached {
    /// Media, in their order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub media: Vec<Medium>,
    /// A place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
    /// Contacts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<SharedContact>,
}

/// A picture, voice, video or document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Medium {
    /// Provider's id of it; may be empty.
    pub provider_media_id: String,
    /// Where the provider says that it is; may be empty.
    pub url: String,
    /// Type that the provider names; may be empty.
    pub mime_type: String,
    /// SHA-256 that the provider names; may be empty.
    pub sha256: String,
    /// Name of the file; may be empty.
    pub filename: String,
}

/// A place on earth.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Location {
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// What the sender calls it.
    pub name: String,
    /// Its address in words.
    pub address: String,
}

/// Somebody whom a sender named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharedContact {
    /// Name.
    pub name: String,
    /// Phones as they were written.
    pub phones: Vec<String>,
}

impl Attached {
    /// Whether a message is its words and nothing else.
    pub fn is_empty(&self) -> bool {
        self.media.is_empty() && self.location.is_none() && self.contacts.is_empty()
    }
}

impl Location {
    /// Whether there is such a place.
    pub fn is_on_earth(&self) -> bool {
        (-90.0..=90.0).contains(&self.latitude) && (-180.0..=180.0).contains(&self.longitude)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_on_earth() {
        let at = |latitude, longitude| {
            let (name, address) = (String::new(), String::new());
            Location {
                latitude,
                longitude,
                name,
                address,
            }
            .is_on_earth()
        };
        assert!(at(28.6, 81.6) && at(-90.0, 180.0));
        for (latitude, longitude) in [(90.1, 0.0), (0.0, -180.1), (f64::NAN, 0.0), (0.0, f64::INFINITY)] {
            assert!(!at(latitude, longitude), "{latitude} {longitude}");
        }
    }

    #[test]
    fn what_an_older_release_wrote_can_be_read() {
        let read: Attached = serde_json::from_str(r#"{"media":[{"url":"u"}],"novelty":1}"#).expect("JSON");
        assert_eq!((read.media[0].url.as_str(), read.contacts.len()), ("u", 0));
        assert!(!read.is_empty() && Attached::default().is_empty());
    }
}
