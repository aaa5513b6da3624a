//! From things that were written to lines that can be quoted: every phrase becomes a line, a question or a problem.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Asked;
use super::echo::echo;
use super::understand::Item;

/// Options of one question; a list message holds no more.
pub const OPTIONS_MAX: usize = 10;

/// Largest quantity of one line, in thousandths: a million.
const QUANTITY_MILLI_MAX: i64 = 1_000_000_000;

/// Where a conversation stands.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum State {
    /// Nothing is open.
    #[default]
    Idle,
    /// A question is open: which product is meant.
    Choosing {
        /// Lines that are clear.
        lines: Vec<Asked>,
        /// Questions, the first one is asked.
        open: Vec<Open>,
        /// The message that was answered with it, `inb_…`: rows of an older question name another one. `None` in
        /// states of before rows named anything.
        #[serde(default)]
        question: Option<String>,
    },
    /// A quote waits for its confirmation.
    Confirming {
        /// The quote.
        quote_id: String,
    },
}

impl State {
    /// What a button has to name to mean what is asked now. `None` when nothing is.
    pub fn asked(&self) -> Option<&str> {
        match self {
            Self::Idle => None,
            Self::Choosing { question, .. } => question.as_deref(),
            Self::Confirming { quote_id } => Some(quote_id),
        }
    }
}

/// A phrase with several possible products.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Open {
    /// The words.
    pub phrase: String,
    /// Quantity.
    pub quantity: String,
    /// Unit; empty for each product's default.
    pub unit: String,
    /// Possible products.
    pub options: Vec<Meaning>,
    /// How many more there are.
    #[serde(default)]
    pub more: usize,
    /// How many lines stand before it in what the shop wrote; `None` in states of before that was kept: its line
    /// comes last.
    #[serde(default)]
    pub at: Option<usize>,
}

/// A product that a phrase may mean.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meaning {
    /// Product.
    pub sku: String,
    /// Name.
    pub name: String,
    /// Lowest price of a sale unit, in paisa.
    pub price_paisa: i64,
}

/// What the catalogue makes of one phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// Possible products; one is clear, several are a question, none is unknown.
    pub candidates: Vec<Meaning>,
    /// Canonical unit; empty for none, `?` when the word is no unit.
    pub unit: String,
    /// Near products when there is no candidate.
    pub suggestions: Vec<Meaning>,
}

/// A basket after looking its phrases up.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Basket {
    /// Lines that are clear.
    pub lines: Vec<Asked>,
    /// Questions.
    pub open: Vec<Open>,
    /// What was not understood, one sentence each.
    pub problems: Vec<String>,
    /// The first unknown phrase with near products.
    pub unknown: Option<(String, Vec<Meaning>)>,
}

/// Puts items and matches together, one match per item.
pub fn gather(items: &[Item], matches: Vec<Match>) -> Basket {
    let mut basket = Basket::default();
    for (item, found) in items.iter().zip(matches) {
        let unit = found.unit.trim_start_matches('?').to_owned();
        if let Some(sentence) = impossible(item) {
            basket.problems.push(sentence);
            continue;
        }
        let Some(quantity) = &item.quantity else {
            basket
                .problems
                .push(format!("how many of \"{}\"?", echo(&item.phrase)));
            continue;
        };
        if item.phrase.is_empty() {
            basket
                .problems
                .push(format!("{} of what?", amount(quantity, &item.unit)));
            continue;
        }
        match found.candidates.len() {
            0 => {
                let names: Vec<_> = found.suggestions.iter().map(|s| s.name.as_str()).collect();
                let hint = if names.is_empty() {
                    String::new()
                } else {
                    format!("; near: {}", names.join(", "))
                };
                basket
                    .problems
                    .push(format!("not understood: \"{}\"{hint}", echo(&item.phrase)));
                basket
                    .unknown
                    .get_or_insert((echo(&item.phrase), found.suggestions));
            }
            1 => {
                let sku = found.candidates[0].sku.clone();
                basket.lines.push(Asked {
                    sku,
                    quantity: quantity.clone(),
                    unit,
                });
            }
            _ => basket.open.push(Open {
                phrase: item.phrase.clone(),
                quantity: quantity.clone(),
                unit,
                more: found.candidates.len().saturating_sub(OPTIONS_MAX),
                options: found.candidates.into_iter().take(OPTIONS_MAX).collect(),
                at: Some(basket.lines.len() + basket.open.len()),
            }),
        }
    }
    basket
}

/// Why nobody can order that much; `None` when it is possible, or when no quantity was written.
pub fn impossible(item: &Item) -> Option<String> {
    let written = item.impossible.as_ref().or(item.quantity.as_ref())?;
    let milli = written
        .parse::<khaacho_money::Quantity>()
        .map_or(0, |q| q.milli());
    let possible = item.impossible.is_none() && (1..=QUANTITY_MILLI_MAX).contains(&milli);
    (!possible).then(|| format!("{} of \"{}\" is not possible", echo(written), echo(&item.phrase)))
}

/// `2 sack`, `2`.
fn amount(quantity: &str, unit: &str) -> String {
    format!("{} {}", echo(quantity), echo(unit)).trim_end().to_owned()
}

/// Answers the first open question. `None` when the answer fits no option.
pub fn choose(lines: &[Asked], open: &[Open], answer: &Answer) -> Option<(Vec<Asked>, Vec<Open>)> {
    let (first, rest) = open.split_first()?;
    let chosen = match answer {
        Answer::Number(n) => first.options.get(n.checked_sub(1)?)?,
        Answer::Text(text) => {
            let text = text.trim().to_lowercase();
            let fits = |m: &&Meaning| m.sku.to_lowercase() == text || m.name.to_lowercase().contains(&text);
            let mut fitting = first.options.iter().filter(fits);
            let only = fitting.next().filter(|_| text.chars().count() >= 2)?;
            if fitting.next().is_some() {
                return None;
            }
            only
        }
    };
    let line = Asked {
        sku: chosen.sku.clone(),
        quantity: first.quantity.clone(),
        unit: first.unit.clone(),
    };
    // Questions are answered in their order, so every line that stands before this one is there by now.
    let mut lines = lines.to_vec();
    let at = first.at.unwrap_or(lines.len()).min(lines.len());
    lines.insert(at, line);
    Some((lines, rest.to_vec()))
}

/// An answer to a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The n-th option, from 1.
    Number(usize),
    /// Words.
    Text(String),
}

/// Variables of the question about an open phrase; `asked` is what its rows name.
pub fn question(open: &Open, asked: Option<&str>) -> serde_json::Value {
    let options: Vec<_> = open
        .options
        .iter()
        .enumerate()
        .map(|(i, m)| json!({ "n": i + 1, "sku": m.sku, "name": m.name, "price_paisa": m.price_paisa }))
        .collect();
    json!({ "phrase": echo(&open.phrase), "question": asked, "options": options, "more": open.more })
}

impl Basket {
    /// Whether no thing of the message is known: then it may have been no list at all.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.open.is_empty()
    }
}

#[cfg(test)]
mod tests;
