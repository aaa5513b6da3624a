//! The open question in words.

use serde_json::json;

use super::super::handle_message::Reply;
use crate::domain::basket::{self, Open, State, Why};
use crate::domain::echo::echo;

/// The question that is asked now.
pub(super) fn open_question(state: &State) -> Option<Reply> {
    let State::Choosing { open, .. } = state else {
        return None;
    };
    let first = open.first()?;
    if first.asks_product() && !first.options.is_empty() {
        return Some(("choose_product", basket::question(first, state.asked())));
    }
    Some(("plain_text", json!({ "text": words(first) })))
}

/// A question that has no options to tap on.
fn words(open: &Open) -> String {
    let phrase = echo(&open.phrase);
    let Some(goods) = open.options.first() else {
        return format!(
            "I do not know \"{phrase}\". Write its name in another way, or SKIP to leave it out of the list."
        );
    };
    let (name, sold) = (&goods.name, goods.sold_in());
    let why = match open.why {
        Why::Unit => format!("{name} is not sold like that. "),
        Why::Fraction => format!("{name} is sold in whole packs only. "),
        Why::Product | Why::Unknown | Why::Quantity | Why::Short => String::new(),
    };
    let near = match open.amounts.as_slice() {
        [] => String::new(),
        amounts => format!(" {}?", amounts.join(" or ")),
    };
    let unit = if open.unit.is_empty() {
        &goods.default_unit
    } else {
        &open.unit
    };
    let sold = if sold.is_empty() {
        String::new()
    } else {
        format!(" It is sold by {sold}.")
    };
    let number = if unit.is_empty() {
        String::new()
    } else {
        format!(" A number alone means {unit}.")
    };
    format!("{why}How much {name}?{near}{sold}{number} SKIP leaves it out of the list.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::basket::{Goods, SoldIn};

    fn noodles() -> Goods {
        let sold = |unit: &str, factor| SoldIn {
            unit: unit.to_owned(),
            factor,
        };
        Goods {
            sku: "NOOD".to_owned(),
            name: "Noodles".to_owned(),
            default_unit: "carton".to_owned(),
            units: vec![sold("packet", 1), sold("carton", 30)],
            ..Goods::default()
        }
    }

    #[test]
    fn a_quantity_is_asked_with_everything_that_answers_it() {
        let open = Open {
            phrase: "noodle".to_owned(),
            options: vec![noodles()],
            why: Why::Quantity,
            amounts: vec!["2".to_owned(), "3".to_owned()],
            ..Open::default()
        };
        assert_eq!(
            words(&open),
            "How much Noodles? 2 or 3? It is sold by packet, carton of 30. A number alone means carton. SKIP leaves \
             it out of the list."
        );
        let unknown = Open {
            phrase: "zebra".to_owned(),
            why: Why::Unknown,
            ..Open::default()
        };
        assert!(words(&unknown).starts_with("I do not know \"zebra\"."));
    }
}
