//! Questions about prices and stock.

use serde_json::{Value, json};

use super::super::handle_message::Reply;
use crate::domain::basket::{Goods, Shelf};
use crate::domain::echo::echo;
use crate::domain::interpret::Meaning;

/// Most products that one answer tells about.
const TOLD_MAX: usize = 10;

/// What the products cost that a message asks about, and whether they are there.
pub(super) fn told(meaning: &Meaning, shelf: &Shelf) -> Reply {
    let named = meaning.about.iter().flat_map(|named| &named.skus);
    let goods: Vec<&Goods> = named.filter_map(|sku| shelf.get(sku)).collect();
    let products: Vec<_> = goods.iter().take(TOLD_MAX).map(|goods| priced(goods)).collect();
    let unknown: Vec<_> = meaning.unknown.iter().map(|words| echo(words)).collect();
    let more = goods.len() - products.len();
    (
        "prices",
        json!({ "products": products, "more": more, "unknown": unknown }),
    )
}

/// What one product costs, by its sale unit and by the pack that it is usually sold in.
fn priced(goods: &Goods) -> Value {
    let pack = goods.factor(&goods.default_unit).filter(|factor| *factor > 1);
    let pack_paisa = pack.and_then(|factor| goods.price_paisa.checked_mul(i64::from(factor)));
    json!({
        "name": goods.name, "price_paisa": goods.price_paisa, "unit": goods.sale_unit(),
        "pack": pack.map(|factor| json!({ "unit": goods.default_unit, "factor": factor })),
        "pack_paisa": pack_paisa, "in_stock": goods.available_milli > 0,
    })
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
        let goods = Goods {
            sku: "NOOD".to_owned(),
            name: "Noodles".to_owned(),
            price_paisa: 2_050,
            available_milli: 1_000,
            default_unit: "carton".to_owned(),
            units: vec![sold("packet", 1), sold("carton", 30)],
        };
        assert_eq!(
            priced(&goods),
            json!({
                "name": "Noodles", "price_paisa": 2_050, "unit": "packet",
                "pack": { "unit": "carton", "factor": 30 }, "pack_paisa": 61_500, "in_stock": true,
            })
        );
        let loose = Goods {
            default_unit: "packet".to_owned(),
            available_milli: 0,
            ..goods
        };
        assert_eq!(priced(&loose)["pack"], json!(null));
        assert_eq!(priced(&loose)["in_stock"], json!(false));
    }
}
