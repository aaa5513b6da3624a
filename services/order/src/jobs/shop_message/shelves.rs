//! Questions about prices and stock.

use khaacho_money::Paisa;
use serde_json::json;

use super::super::handle_message::Reply;
use crate::domain::basket::{Goods, Shelf};
use crate::domain::echo::echo;
use crate::domain::interpret::Meaning;

/// Most products that one answer tells about.
const TOLD_MAX: usize = 10;

/// What the products cost that a message asks about, and whether they are there.
pub(super) fn told(meaning: &Meaning, shelf: &Shelf) -> Reply {
    let mut lines = Vec::new();
    let mut left_out = 0;
    for named in &meaning.about {
        let goods = named.skus.iter().filter_map(|sku| shelf.get(sku));
        for goods in goods {
            if lines.len() < TOLD_MAX {
                lines.push(line(goods));
            } else {
                left_out += 1;
            }
        }
    }
    if left_out > 0 {
        lines.push(format!(
            "… and {left_out} more; write more of the name to see them."
        ));
    }
    for unknown in &meaning.unknown {
        lines.push(format!("I do not know \"{}\".", echo(unknown)));
    }
    if lines.is_empty() {
        lines.push("Write the name of a product to see what it costs and whether it is there.".to_owned());
    }
    ("plain_text", json!({ "text": lines.join("\n") }))
}

fn line(goods: &Goods) -> String {
    let name = &goods.name;
    if goods.price_paisa <= 0 {
        return format!("{name}: nobody offers it now.");
    }
    let price = Paisa::new(goods.price_paisa);
    let one = goods.sale_unit();
    let pack = goods.factor(&goods.default_unit).filter(|factor| *factor > 1);
    let pack = pack.and_then(|factor| {
        let price = goods.price_paisa.checked_mul(i64::from(factor))?;
        Some(format!(
            ", {} a {} of {factor}",
            Paisa::new(price),
            goods.default_unit
        ))
    });
    let there = if goods.available_milli > 0 {
        "in stock"
    } else {
        "out of stock now"
    };
    format!(
        "{name}: from {price} a {one}{}, without VAT; {there}.",
        pack.unwrap_or_default()
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::basket::SoldIn;

    #[test]
    fn prices_are_told_by_sale_unit_and_pack() {
        let sold = |unit: &str, factor| SoldIn {
            unit: unit.to_owned(),
            factor,
        };
        let mut goods = Goods {
            sku: "NOOD".to_owned(),
            name: "Noodles".to_owned(),
            price_paisa: 2_050,
            available_milli: 1_000,
            default_unit: "carton".to_owned(),
            units: vec![sold("packet", 1), sold("carton", 30)],
        };
        assert_eq!(
            line(&goods),
            "Noodles: from Rs 20.50 a packet, Rs 615 a carton of 30, without VAT; in stock."
        );
        goods.available_milli = 0;
        assert!(line(&goods).ends_with("out of stock now."));
        goods.price_paisa = 0;
        assert_eq!(line(&goods), "Noodles: nobody offers it now.");
    }
}
