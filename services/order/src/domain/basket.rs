//! From things that were written to lines that can be quoted: every phrase becomes a line, a question or a problem.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Asked;
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
    },
    /// A quote waits for its confirmation.
    Confirming {
        /// The quote.
        quote_id: String,
    },
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
        let Some(quantity) = &item.quantity else {
            basket.problems.push(format!("how many of \"{}\"?", item.phrase));
            continue;
        };
        let milli = quantity
            .parse::<khaacho_money::Quantity>()
            .map_or(0, |q| q.milli());
        if !(1..=QUANTITY_MILLI_MAX).contains(&milli) {
            basket
                .problems
                .push(format!("{quantity} of \"{}\" is not possible", item.phrase));
            continue;
        }
        if item.phrase.is_empty() {
            basket.problems.push(format!("{quantity} {} of what?", item.unit));
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
                    .push(format!("not understood: \"{}\"{hint}", item.phrase));
                basket
                    .unknown
                    .get_or_insert((item.phrase.clone(), found.suggestions));
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
                options: found.candidates.into_iter().take(OPTIONS_MAX).collect(),
            }),
        }
    }
    basket
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
    let mut lines = lines.to_vec();
    lines.push(Asked {
        sku: chosen.sku.clone(),
        quantity: first.quantity.clone(),
        unit: first.unit.clone(),
    });
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

/// Variables of the question about the first open phrase.
pub fn question(open: &Open) -> serde_json::Value {
    let options: Vec<_> = open
        .options
        .iter()
        .enumerate()
        .map(|(i, m)| json!({ "n": i + 1, "sku": m.sku, "name": m.name, "price_paisa": m.price_paisa }))
        .collect();
    json!({ "phrase": open.phrase, "options": options })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meaning(sku: &str) -> Meaning {
        Meaning {
            sku: sku.into(),
            name: format!("Name {sku}"),
            price_paisa: 1,
        }
    }

    fn item(phrase: &str, quantity: Option<&str>) -> Item {
        Item {
            phrase: phrase.into(),
            quantity: quantity.map(str::to_owned),
            unit: String::new(),
        }
    }

    fn found(skus: &[&str]) -> Match {
        Match {
            candidates: skus.iter().map(|s| meaning(s)).collect(),
            unit: "sack".into(),
            suggestions: vec![],
        }
    }

    #[test]
    fn no_phrase_is_dropped_silently() {
        let items = [
            item("a", Some("1")),
            item("b", Some("2")),
            item("c", Some("3")),
            item("d", None),
            item("", Some("4")),
        ];
        let matches = vec![
            found(&["A"]),
            found(&["B1", "B2"]),
            found(&[]),
            found(&["D"]),
            found(&[]),
        ];
        let basket = gather(&items, matches);
        assert_eq!(
            (basket.lines.len(), basket.open.len(), basket.problems.len()),
            (1, 1, 3)
        );
    }

    #[test]
    fn a_quantity_that_cannot_be_is_said_in_words() {
        let basket = gather(
            &[item("a", Some("0")), item("b", Some("1000001"))],
            vec![found(&["A"]), found(&["B"])],
        );
        assert_eq!((basket.lines.len(), basket.problems.len()), (0, 2));
        assert!(basket.problems[0].contains("0 of \"a\""), "{:?}", basket.problems);
    }

    #[test]
    fn a_question_is_answered_by_number_sku_or_a_telling_word() {
        let open = vec![Open {
            phrase: "chamal".into(),
            quantity: "2".into(),
            unit: "sack".into(),
            options: vec![meaning("R25"), meaning("R30")],
        }];
        let pick = |answer| choose(&[], &open, &answer).map(|(lines, _)| lines[0].sku.clone());
        assert_eq!(pick(Answer::Number(2)).as_deref(), Some("R30"));
        assert_eq!(pick(Answer::Text("r25".into())).as_deref(), Some("R25"));
        assert_eq!(pick(Answer::Text("name".into())), None, "fits both");
        assert_eq!(pick(Answer::Number(0)), None);
        assert_eq!(pick(Answer::Number(3)), None);
    }

    #[test]
    fn states_survive_storage() {
        let state = State::Confirming {
            quote_id: "quo_1".into(),
        };
        let stored = serde_json::to_value(&state).expect("json");
        assert_eq!(serde_json::from_value::<State>(stored).expect("state"), state);
    }
}
