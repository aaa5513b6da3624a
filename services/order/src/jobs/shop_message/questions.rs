//! The open question.

use serde_json::json;

use super::super::handle_message::Reply;
use super::super::which_shop;
use crate::domain::basket::{self, Open, State, Why};
use crate::domain::echo::echo;

/// The question that is asked now.
pub(super) fn open_question(state: &State) -> Option<Reply> {
    let open = match state {
        State::Choosing { open, .. } => open,
        State::WhichShop(asked) => return Some(which_shop::question(asked)),
        State::Idle | State::Confirming { .. } | State::Updating { .. } => return None,
    };
    let first = open.first()?;
    if first.asks_product() && !first.options.is_empty() {
        return Some(("choose_product", basket::question(first, state.asked())));
    }
    Some(asked(first))
}

/// A question that has no options to tap on.
fn asked(open: &Open) -> Reply {
    let Some(goods) = open.options.first() else {
        return ("ask_name", json!({ "phrase": echo(&open.phrase) }));
    };
    let why = match open.why {
        Why::Unit => "unit",
        Why::Fraction => "fraction",
        Why::Product | Why::Unknown | Why::Quantity | Why::Short => "quantity",
    };
    let unit = if open.unit.is_empty() {
        &goods.default_unit
    } else {
        &open.unit
    };
    let data = json!({
        "name": goods.name, "why": why, "amounts": open.amounts, "sold_in": goods.units, "unit": unit,
    });
    ("ask_quantity", data)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::basket::{Goods, SoldIn};

    #[test]
    fn a_quantity_is_asked_with_everything_that_answers_it() {
        let sold = |unit: &str, factor| SoldIn {
            unit: unit.to_owned(),
            factor,
        };
        let noodles = Goods {
            sku: "NOOD".to_owned(),
            name: "Noodles".to_owned(),
            default_unit: "carton".to_owned(),
            units: vec![sold("packet", 1), sold("carton", 30)],
            ..Goods::default()
        };
        let open = Open {
            phrase: "noodle".to_owned(),
            options: vec![noodles],
            why: Why::Quantity,
            amounts: vec!["2".to_owned(), "3".to_owned()],
            ..Open::default()
        };
        let units = json!([{ "unit": "packet", "factor": 1 }, { "unit": "carton", "factor": 30 }]);
        let data = json!({
            "name": "Noodles", "why": "quantity", "amounts": ["2", "3"], "sold_in": units, "unit": "carton",
        });
        assert_eq!(asked(&open), ("ask_quantity", data));
        let unknown = Open {
            phrase: "zebra".to_owned(),
            why: Why::Unknown,
            ..Open::default()
        };
        assert_eq!(asked(&unknown), ("ask_name", json!({ "phrase": "zebra" })));
    }
}
