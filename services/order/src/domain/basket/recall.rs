//! Questions that the shop, or enough others, have answered before.

use super::goods::{Goods, add};
use super::questions::{Open, Settled, Why};
use crate::domain::Asked;

/// A question that an alias has answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recalled {
    /// The words.
    pub phrase: String,
    /// Name of the product.
    pub name: String,
    /// The shop has said so itself; else enough others have.
    pub own: bool,
}

/// What a phrase means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Product.
    pub goods: Goods,
    /// The shop has said so itself.
    pub own: bool,
}

/// Whether an alias may answer the question: it asks which product is meant.
pub fn recallable(open: &Open) -> bool {
    matches!(open.why, Why::Product | Why::Unknown) && open.called.is_empty()
}

/// Answers questions by what is known of their phrases; `known` says what each question's phrase means, if anything.
/// Lines come to stand where the message names them. A product that is none of the options means nothing, unless there
/// are more of them than are listed.
pub fn recall(lines: &mut Vec<Asked>, open: &mut Vec<Open>, known: &[Option<Known>]) -> Vec<Recalled> {
    let mut recalled = Vec::new();
    let mut left: Vec<Open> = Vec::new();
    let mut merged = 0;
    for (at, mut question) in std::mem::take(open).into_iter().enumerate() {
        question.at = question.at.map(|at| at.saturating_sub(merged));
        let known = known.get(at).and_then(Option::as_ref);
        let known = known.filter(|k| fits(&question, &k.goods) && recallable(&question));
        let Some(Known { goods, own }) = known else {
            left.push(question);
            continue;
        };
        recalled.push(Recalled {
            phrase: question.phrase.clone(),
            name: goods.name.clone(),
            own: *own,
        });
        match question.chosen(goods, None) {
            Settled::Line(line, goods) => {
                let place = question.at.unwrap_or(usize::MAX).saturating_sub(left.len());
                let before = lines.len();
                // It is known already: only what is answered anew is learned.
                let line = Asked {
                    called: Vec::new(),
                    ..line
                };
                if question.sets {
                    lines.retain(|known| known.sku != line.sku);
                }
                add(lines, place, line, Some(&goods));
                merged += usize::from(lines.len() <= before);
            }
            Settled::Again(question) => left.push(Open {
                called: Vec::new(),
                ..question
            }),
            Settled::Gone => {}
        }
    }
    *open = left;
    recalled
}

fn fits(open: &Open, goods: &Goods) -> bool {
    open.options.is_empty() || open.more > 0 || open.options.iter().any(|o| o.sku == goods.sku)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn goods(sku: &str) -> Goods {
        Goods {
            sku: sku.to_owned(),
            name: format!("Name of {sku}"),
            default_unit: "sack".to_owned(),
            units: vec![super::super::SoldIn {
                unit: "sack".to_owned(),
                factor: 1,
            }],
            ..Goods::default()
        }
    }

    fn known(sku: &str) -> Option<Known> {
        Some(Known {
            goods: goods(sku),
            own: true,
        })
    }

    fn open(phrase: &str, options: &[&str], at: usize) -> Open {
        Open {
            phrase: phrase.to_owned(),
            quantity: "2".to_owned(),
            options: options.iter().map(|sku| goods(sku)).collect(),
            at: Some(at),
            ..Open::default()
        }
    }

    fn line(sku: &str) -> Asked {
        Asked {
            sku: sku.to_owned(),
            quantity: "1".to_owned(),
            unit: "sack".to_owned(),
            called: Vec::new(),
        }
    }

    #[test]
    fn lines_stand_where_the_message_named_them() {
        // salt, ? oil, sugar, ? rice, flour
        let mut lines = vec![line("SALT"), line("SUGAR"), line("FLOUR")];
        let mut questions = vec![
            open("tel", &["OIL-A", "OIL-B"], 1),
            open("chamal", &["R1", "R2"], 3),
        ];
        let told = recall(&mut lines, &mut questions, &[None, known("R2")]);
        assert_eq!(told[0].phrase, "chamal");
        let skus: Vec<&str> = lines.iter().map(|l| l.sku.as_str()).collect();
        assert_eq!(skus, ["SALT", "SUGAR", "R2", "FLOUR"]);
        assert_eq!((questions.len(), questions[0].at), (1, Some(1)));
        assert!(lines[2].called.is_empty(), "it is known already");
    }

    #[test]
    fn what_is_no_option_means_nothing_and_a_quantity_is_still_asked() {
        let mut lines = Vec::new();
        let mut questions = vec![open("tel", &["OIL-A", "OIL-B"], 0)];
        assert!(recall(&mut lines, &mut questions, &[known("SOAP")]).is_empty());
        assert_eq!(questions.len(), 1);
        let none = Open {
            quantity: String::new(),
            ..open("tel", &["OIL-A", "OIL-B"], 0)
        };
        let mut questions = vec![none];
        assert_eq!(recall(&mut lines, &mut questions, &[known("OIL-B")]).len(), 1);
        assert_eq!((questions[0].why, questions[0].options.len()), (Why::Quantity, 1));
        assert!(!questions[0].asks_product());
    }

    #[test]
    fn a_correction_takes_the_place_of_the_line() {
        let mut lines = vec![line("R1"), line("R2")];
        let sets = Open {
            sets: true,
            ..open("chamal", &["R1", "R2"], 2)
        };
        let mut questions = vec![sets];
        recall(&mut lines, &mut questions, &[known("R2")]);
        let quantities: Vec<_> = lines
            .iter()
            .map(|l| (l.sku.as_str(), l.quantity.as_str()))
            .collect();
        assert_eq!(quantities, [("R1", "1"), ("R2", "2")]);
    }

    #[test]
    fn more_of_a_line_joins_it() {
        let mut lines = vec![line("R2")];
        let mut questions = vec![open("chamal", &["R1", "R2"], 1), open("tel", &["O1", "O2"], 2)];
        recall(&mut lines, &mut questions, &[known("R2"), None]);
        assert_eq!(lines[0].quantity, "3");
        assert_eq!(questions[0].at, Some(1));
    }
}
