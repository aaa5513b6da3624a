//! What somebody wants to buy.

use serde_json::{Value, json};

use super::actor::Actor;
use super::world::{Product, Shop, World};

/// Products and packets.
#[derive(Debug, Clone)]
pub(super) struct Basket {
    wanted: Vec<(String, i64)>,
}

impl Basket {
    /// For the history, in thousandths.
    pub(super) fn asked(&self) -> Value {
        self.wanted
            .iter()
            .map(|(sku, packets)| json!([sku, packets * 1000]))
            .collect()
    }

    /// For the API.
    pub(super) fn lines(&self) -> Value {
        self.wanted
            .iter()
            .map(|(sku, packets)| json!({ "sku": sku, "quantity": packets.to_string() }))
            .collect()
    }

    /// For the chat.
    pub(super) fn text(&self) -> String {
        let lines = self
            .wanted
            .iter()
            .map(|(sku, packets)| format!("{sku} x {packets}"));
        lines.collect::<Vec<_>>().join(", ")
    }
}

/// Draws a basket: small and typical ones, some just beyond the credit, some beyond any stock, some absurd.
pub(super) fn draw(actor: &mut Actor, world: &World, shop: &Shop) -> Basket {
    let scenario = actor.stage.scenario.clone();
    let products = world.products_of(shop.group);
    let mut drawn = actor.random.u32(0..1000);
    if drawn < scenario.credit.over_credit {
        return beyond_credit(actor, &products, shop.limit);
    }
    drawn -= scenario.credit.over_credit;
    if drawn < scenario.credit.over_stock {
        let most = scenario.catalog.stock.1;
        let packets = *actor.pick(&[most + 1, most * 2, 90_000]).unwrap_or(&most);
        let sku = sku(actor, &products, 0);
        return Basket {
            wanted: vec![(sku, packets)],
        };
    }
    let mut wanted: Vec<(String, i64)> = Vec::new();
    for _ in 0..actor.random.u32(1..=3) {
        let sku = sku(actor, &products, scenario.catalog.hot);
        if !wanted.iter().any(|(there, _)| *there == sku) {
            wanted.push((sku, actor.random.i64(1..=6)));
        }
    }
    Basket { wanted }
}

fn sku(actor: &mut Actor, products: &[&Product], hot: u32) -> String {
    let hottest = products
        .first()
        .map(|product| product.sku.clone())
        .unwrap_or_default();
    if actor.chance(hot) {
        return hottest;
    }
    actor
        .pick(products)
        .map_or(hottest, |product| product.sku.clone())
}

/// Just more than the whole limit, of the dearest products: of one alone no store would have enough.
fn beyond_credit(actor: &mut Actor, products: &[&Product], limit: i64) -> Basket {
    let mut dearest = products.to_vec();
    dearest.sort_by_key(|product| std::cmp::Reverse(product.price));
    dearest.truncate(3);
    let parts = i64::try_from(dearest.len()).unwrap_or(1).max(1);
    let more = actor.random.i64(1..=2);
    let wanted = dearest.iter().map(|product| {
        let packets = limit / (parts * product.price.max(1)) + more;
        (product.sku.clone(), packets)
    });
    Basket {
        wanted: wanted.collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_basket_is_the_same_in_all_three_languages() {
        let basket = Basket {
            wanted: vec![("A-1".to_owned(), 2), ("B-2".to_owned(), 10)],
        };
        assert_eq!(basket.text(), "A-1 x 2, B-2 x 10");
        assert_eq!(basket.asked(), json!([["A-1", 2000], ["B-2", 10_000]]));
        assert_eq!(basket.lines()[1], json!({ "sku": "B-2", "quantity": "10" }));
    }
}
