//! Understanding without a database: a catalogue file, messages in, meanings out, and the error rates of a labelled
//! corpus.

pub mod catalogue;
pub mod json;
pub mod report;
pub mod score;

use khaacho_inventory::domain::matcher::Matcher;
use khaacho_order::domain::interpret::{Awaiting, Meaning, Message, Party, interpret};

/// One message, as the matcher and the interpreter see it together.
pub fn understand(matcher: &Matcher, text: &str, party: Party, awaiting: Awaiting) -> Meaning {
    let mentions = catalogue::mentions(matcher.find(text));
    let message = Message { text, party, awaiting, mentions: &mentions };
    interpret(&message)
}
