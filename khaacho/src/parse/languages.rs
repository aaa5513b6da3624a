//! Which language labelled messages show, and how often that is wrong.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use khaacho_order::domain::language::{Language, detect};

use super::score::Label;

/// Messages of one label.
#[derive(Debug, Default, Clone)]
pub struct Tally {
    /// Messages.
    pub messages: u32,
    /// Of which a language was told, by the name of the language.
    pub told: BTreeMap<&'static str, u32>,
    /// Told as labelled.
    pub right: u32,
    /// Told otherwise. Messages of several languages have no right one, and are not counted.
    pub wrong: u32,
}

/// Languages of a corpus.
#[derive(Debug, Default)]
pub struct Languages {
    /// By label.
    pub labels: BTreeMap<String, Tally>,
    /// Messages of one language that were taken for another.
    pub faults: Vec<String>,
}

impl Languages {
    /// How many were told as labelled, and otherwise.
    pub fn told(&self) -> (u32, u32) {
        let sum = |of: fn(&Tally) -> u32| self.labels.values().map(of).sum();
        (sum(|tally| tally.right), sum(|tally| tally.wrong))
    }
}

/// Listens to a corpus.
pub fn score(labels: &str) -> anyhow::Result<Languages> {
    let mut out = Languages::default();
    for line in labels.lines().filter(|line| !line.trim().is_empty()) {
        let label: Label = serde_json::from_str(line)?;
        let told = detect(&label.text);
        let tally = out.labels.entry(label.lang.clone()).or_default();
        tally.messages += 1;
        let Some(told) = told else { continue };
        *tally.told.entry(told.name()).or_default() += 1;
        match labelled(&label.lang) {
            Some(right) if right == told => tally.right += 1,
            Some(_) => {
                tally.wrong += 1;
                out.faults
                    .push(format!("{} {:?}: {}", label.id, label.text, told.name()));
            }
            None => {}
        }
    }
    Ok(out)
}

/// The language that a label means; `None` for several. Who writes Hindi in Latin letters is answered in Devanagari.
fn labelled(label: &str) -> Option<Language> {
    match label {
        "en" => Some(Language::En),
        "ne-Latn" => Some(Language::NeLatn),
        "ne-Deva" => Some(Language::Ne),
        "hi-Latn" => Some(Language::Hi),
        _ => None,
    }
}

/// One row for each label.
pub fn table(languages: &Languages) -> String {
    let mut out = String::from(
        "| language | messages | a language told | as labelled | wrong |\n|---|--:|--:|--:|--:|\n",
    );
    for (label, tally) in &languages.labels {
        let told: u32 = tally.told.values().sum();
        let (right, wrong) = match labelled(label) {
            Some(_) => (tally.right.to_string(), tally.wrong.to_string()),
            None => Default::default(),
        };
        let _ = writeln!(
            out,
            "| {label} | {} | {told} | {right} | {wrong} |",
            tally.messages
        );
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::{DEVELOPMENT, OTHER_WORDS};
    use super::*;

    /// Rather nothing than a wrong language: of a hundred that are told at most one is wrong. More than half of what
    /// people write has to tell one, or nobody would be answered in his own language.
    #[test]
    fn a_language_that_is_told_is_the_right_one() {
        for labels in [DEVELOPMENT, OTHER_WORDS] {
            let languages = score(labels).expect("a clean corpus");
            let (right, wrong) = languages.told();
            let faults = languages.faults.join("\n");
            assert!(
                wrong * 100 <= right + wrong,
                "{wrong} of {}:\n{faults}",
                right + wrong
            );
            let of_one = languages
                .labels
                .iter()
                .filter(|(label, _)| labelled(label).is_some());
            let messages: u32 = of_one.map(|(_, tally)| tally.messages).sum();
            assert!(right * 2 >= messages, "{right} of {messages}");
        }
    }

    #[test]
    fn every_language_is_told_of_some() {
        let languages = score(DEVELOPMENT).expect("a clean corpus");
        for label in ["en", "ne-Latn", "ne-Deva", "hi-Latn"] {
            let tally = &languages.labels[label];
            assert!(tally.right * 3 >= tally.messages, "{label}: {tally:?}");
        }
    }
}
