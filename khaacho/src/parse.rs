//! Understanding without a database: a catalogue file, messages in, meanings out, and the error rates of a labelled
//! corpus.

pub mod catalogue;
pub mod json;
pub mod languages;
pub mod report;
pub mod scale;
pub mod score;
mod why;

#[cfg(test)]
mod tests;

use khaacho_inventory::domain::matcher::Matcher;
use khaacho_order::domain::interpret::{Awaiting, Meaning, Message, Party, interpret};

/// The catalogue of the demonstration.
pub const CATALOGUE: &str = include_str!("../../services/inventory/fixtures/catalogue.csv");
/// Labelled messages to develop against.
pub const DEVELOPMENT: &str = include_str!("../fixtures/messages.dev.jsonl");
/// Labelled messages in other words, against rules that fit one corpus only.
pub const OTHER_WORDS: &str = include_str!("../fixtures/messages.own.jsonl");
/// Labelled messages by an author who knew the rules for labels, and neither the reader nor its word lists.
pub const OTHER_HANDS: &str = include_str!("../fixtures/messages.other.jsonl");
/// Romanised Nepali by a second such author.
pub const ROMANISED: &str = include_str!("../fixtures/messages.roman.jsonl");
/// English, and cases that are hard by the rules for labels, by a third such author.
pub const HARD: &str = include_str!("../fixtures/messages.hard.jsonl");
/// All languages, by a fourth such author, after the reader had been corrected by the others.
pub const HELD: &str = include_str!("../fixtures/messages.held.jsonl");

/// Scores the labelled messages of a corpus.
pub fn score(labels: &str) -> anyhow::Result<score::Score> {
    let products = catalogue::read(CATALOGUE)?;
    let matcher = Matcher::build(products.clone());
    let mut out = score::Score::default();
    for line in labels.lines().filter(|l| !l.trim().is_empty()) {
        let label: score::Label = serde_json::from_str(line)?;
        let got = understand(&matcher, &label.text, label.party(), Awaiting::Unstated);
        out.add(&products, &label, &got);
    }
    Ok(out)
}

/// One message, as the matcher and the interpreter see it together.
pub fn understand(matcher: &Matcher, text: &str, party: Party, awaiting: Awaiting) -> Meaning {
    let mentions = catalogue::mentions(matcher.find(text));
    let message = Message {
        text,
        party,
        awaiting,
        mentions: &mentions,
    };
    interpret(&message)
}
