//! Keeping what a machine heard.

use chrono::{DateTime, Utc};
use khaacho_durable::Command;
use khaacho_ids::MediaId;
use serde::Serialize;

use super::Refusal;
use super::media::TRANSCRIPT_MAX;

/// Writes the words that were heard in a medium, for the person who looks at it.
#[derive(Debug, Clone, Serialize)]
pub struct KeepTranscript {
    /// The medium.
    pub media_id: MediaId,
    /// The words.
    pub words: String,
}

impl Command for KeepTranscript {
    const NAME: &'static str = "KeepTranscript";
    type Snapshot = ();
    type Decision = String;
    type Refusal = Refusal;

    /// The words without what a database or a screen cannot show, and not too many.
    fn decide(&self, (): (), _now: DateTime<Utc>) -> Result<String, Refusal> {
        let shown = |c: &char| !c.is_control() || *c == '\n';
        Ok(self
            .words
            .trim()
            .chars()
            .filter(shown)
            .take(TRANSCRIPT_MAX)
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_bounded_and_can_be_shown() {
        let kept = |words: String| {
            let keep = KeepTranscript {
                media_id: MediaId::derive(&["a"]),
                words,
            };
            keep.decide((), DateTime::UNIX_EPOCH).expect("kept")
        };
        assert_eq!(kept(" दुई बोरा\0 चामल\n".to_owned()), "दुई बोरा चामल");
        assert_eq!(kept("क".repeat(5_000)).chars().count(), TRANSCRIPT_MAX);
    }
}
