//! The question that is open, in words.

use serde_json::{Value, json};

use super::{Open, Product, Wants};
use crate::domain::echo::echo;

/// Template and variables of the question about an open phrase; `asked` is what its rows name.
pub fn question(open: &Open, asked: Option<&str>) -> (&'static str, Value) {
    match (open.wants, open.options.as_slice()) {
        (Wants::Quantity, [product, ..]) => ("plain_text", json!({ "text": how_many(open, product) })),
        (_, []) => {
            let text = format!(
                "I do not know \"{}\". Write its name another way or its product code, or SKIP to go on without it.",
                echo(&open.phrase)
            );
            ("plain_text", json!({ "text": text }))
        }
        (_, options) => {
            let options: Vec<_> = options
                .iter()
                .enumerate()
                .map(|(i, p)| json!({ "n": i + 1, "sku": p.sku, "name": p.name, "price_paisa": p.price_paisa }))
                .collect();
            let data = json!({
                "phrase": echo(&open.phrase), "question": asked, "options": options, "more": open.more,
            });
            ("choose_product", data)
        }
    }
}

fn how_many(open: &Open, product: &Product) -> String {
    let why = match open.why.chars().next() {
        None => String::new(),
        Some(first) => format!("{}{}. ", first.to_uppercase(), &open.why[first.len_utf8()..]),
    };
    let units = match product.units.as_slice() {
        [] => String::new(),
        [only] => format!(" It is sold by the {only}."),
        [most @ .., last] => format!(" It is sold by the {} or {last}.", most.join(", ")),
    };
    let unit = product
        .units
        .last()
        .map(|unit| format!(" {unit}"))
        .unwrap_or_default();
    format!(
        "{why}How much {}?{units} Reply with the quantity, for example 2{unit}, or SKIP to go on without it.",
        product.name
    )
}
