//! Keeping what was fetched, or that it was not and why.

use chrono::{DateTime, Utc};
use khaacho_durable::Command;
use serde::Serialize;

use super::{Named, Unfit, kind};
use crate::domain::Refusal;

/// Writes how the fetching of a medium ended. Who comes second changes nothing.
#[derive(Debug, Clone, Serialize)]
pub struct KeepMedia {
    /// The medium.
    #[serde(skip)]
    pub named: Named,
    /// What was found.
    #[serde(skip)]
    pub found: Result<Found, Unfit>,
    /// Whether there is a program that writes down voices.
    pub hears: bool,
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

/// What follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// Somebody listens to it next.
    pub transcribe: bool,
}

impl Command for KeepMedia {
    const NAME: &'static str = "KeepMedia";
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
