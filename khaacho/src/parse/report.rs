//! The score as a table.

use std::fmt::Write as _;

use super::score::{Score, Tally};

/// One row for each language, and one for everything.
pub fn table(score: &Score) -> String {
    let mut out = String::from(
        "| language | messages | intents | clear lines | understood | needless asks | missed | lines accepted | silent wrong | \
         unclear | asked | with exactly the labelled products | ask rate |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n",
    );
    let rows = score.languages.iter().map(|(name, tally)| (name.as_str(), tally));
    for (name, t) in rows.chain([("**all**", &score.overall)]) {
        let p = Tally::percent;
        let _ = writeln!(
            out,
            "| {name} | {} | {:.1} % | {} | {:.1} % | {:.1} % | {:.1} % | {} | {} ({:.2} %) | {} | {:.1} % | {:.1} % | {:.1} % |",
            t.messages,
            p(t.intents, t.messages),
            t.clear,
            p(t.understood, t.clear),
            p(t.needless, t.clear),
            p(t.missed, t.clear),
            t.accepted,
            t.silent_wrong,
            p(t.silent_wrong, t.accepted),
            t.unclear,
            p(t.asked, t.unclear),
            p(t.asked_exactly, t.unclear),
            p(t.asks, t.asks + t.accepted),
        );
    }
    out
}
