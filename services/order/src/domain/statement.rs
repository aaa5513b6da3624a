//! The latest entries of an account's ledger, in words.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use khaacho_money::Paisa;

use super::number::kathmandu;

/// What an entry does to what a shop owes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posting {
    /// When it counts; `None` when it says no time.
    pub at: Option<DateTime<Utc>>,
    /// Kind of the entry: `delivery`, `payment`, `opening_balance`.
    pub kind: String,
    /// More owed when positive, less when negative, in paisa.
    pub amount_paisa: i64,
}

/// The statement: at most `limit` postings, newest first, and what is owed now.
pub fn text(postings: &[Posting], limit: u32, owed_paisa: i64) -> String {
    let owed = Paisa::new(owed_paisa);
    if postings.is_empty() {
        return format!("Nothing is booked on your account yet. You owe {owed}.");
    }
    let mut out = match u32::try_from(postings.len()) {
        Ok(count) if count < limit => "Everything on your account, newest first:\n".to_owned(),
        _ => format!("The last {limit} entries of your account, newest first:\n"),
    };
    for posting in postings {
        let day = posting.at.map_or_else(
            || "no date".to_owned(),
            |at| kathmandu(at).format("%-d %b %Y").to_string(),
        );
        let sign = if posting.amount_paisa < 0 { "-" } else { "+" };
        let amount = Paisa::new(posting.amount_paisa.saturating_abs());
        let kind = posting.kind.replace('_', " ");
        let _ = writeln!(out, "{day}: {kind} {sign} {amount}");
    }
    let _ = write!(out, "You owe {owed} now.");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_says_what_was_booked_and_what_is_owed() {
        let posting = |kind: &str, amount_paisa| Posting {
            at: Some(crate::domain::fixtures::now()),
            kind: kind.to_owned(),
            amount_paisa,
        };
        let postings = [posting("payment", -50_000), posting("opening_balance", 120_050)];
        let day = kathmandu(crate::domain::fixtures::now()).format("%-d %b %Y");
        assert_eq!(
            text(&postings, 10, 70_050),
            format!(
                "Everything on your account, newest first:\n{day}: payment - Rs 500\n\
                 {day}: opening balance + Rs 1,200.50\nYou owe Rs 700.50 now."
            )
        );
        assert!(text(&postings, 2, 0).starts_with("The last 2 entries"));
        assert_eq!(
            text(&[], 10, 0),
            "Nothing is booked on your account yet. You owe Rs 0."
        );
    }
}
