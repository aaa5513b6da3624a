//! Why a message became these lines and questions, in sentences.

use khaacho_order::domain::interpret::{ACCEPT, Ask, EXACT, Line, Meaning, Reason};

use super::json::decimal;

/// One sentence for the intent, each line, each question and each word that is not understood.
pub fn why(meaning: &Meaning) -> Vec<String> {
    let intent = format!(
        "the words ask for {} ({} of 1000)",
        meaning.intent.as_str(),
        meaning.confidence
    );
    let unknown = meaning.unknown.iter();
    std::iter::once(intent)
        .chain(meaning.lines.iter().map(line))
        .chain(meaning.asks.iter().map(ask))
        .chain(unknown.map(|word| format!("{word:?}: neither the catalogue nor the word lists know it here")))
        .collect()
}

fn line(line: &Line) -> String {
    let found = match line.score {
        EXACT => "as the catalogue writes it".to_owned(),
        score => format!("another spelling, {score} of 1000 where {ACCEPT} are enough"),
    };
    let count = line.milli.map_or_else(
        || "only its price".to_owned(),
        |milli| format!("{} {}", decimal(milli), line.unit.as_str()),
    );
    format!(
        "{:?}: one product fits, {}, {found}; {count}",
        line.phrase, line.sku
    )
}

fn ask(ask: &Ask) -> String {
    let unit = ask.unit.map_or("the default unit", |unit| unit.as_str());
    let why = match ask.reason {
        Reason::Product if ask.candidates.len() > 1 => {
            format!(
                "{} products fit, and nothing tells them apart",
                ask.candidates.len()
            )
        }
        Reason::Product => format!(
            "only {} fits, but the words are not surely its name ({ACCEPT} of 1000 would be enough)",
            ask.candidates.join(", ")
        ),
        Reason::Unit => format!("nothing that fits is sold by {unit}"),
        Reason::Fraction => format!("no whole number of sale units in so many {unit}"),
        Reason::Quantity => "no quantity, a range, or less than nothing".to_owned(),
        Reason::UnknownProduct => "no product of the catalogue fits".to_owned(),
    };
    format!("{:?}: asked, because {why}", ask.phrase)
}
