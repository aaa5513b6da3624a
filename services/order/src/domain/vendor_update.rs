//! What a vendor wants of his stock and prices.

use khaacho_money::Quantity;
use khaacho_text::Unit;
use serde::{Deserialize, Serialize};

use super::basket::Shelf;
use super::interpret::{Line, Meaning};

/// Most products of one update.
const WISHES_MAX: usize = 20;
/// Highest price of a sale unit that an offer takes, in paisa.
const PRICE_PAISA_MAX: i64 = 1_000_000_000;

/// What shall become of one product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    /// Product.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// Sale unit.
    pub unit: String,
    /// Stock on hand, thousandths of the sale unit.
    pub stock_milli: Option<i64>,
    /// Price of a sale unit without VAT, in paisa.
    pub price_paisa: Option<i64>,
    /// What was there when it was shown; `None` before it is.
    #[serde(default)]
    pub shown: Option<Shown>,
}

/// What a vendor was shown of his offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// Price of a sale unit without VAT, in paisa.
    pub price_paisa: i64,
    /// Stock on hand, thousandths of the sale unit.
    pub on_hand_milli: i64,
    /// Days until it can be delivered.
    pub lead_time_days: u32,
    /// Least quantity, in sale units.
    pub minimum_quantity: u32,
}

impl Wish {
    /// How much the stock differs from what he was shown: what has left or come since then stays so.
    pub fn difference_milli(&self) -> Option<i64> {
        let wanted = self.stock_milli?;
        wanted
            .checked_sub(self.shown?.on_hand_milli)
            .filter(|difference| *difference != 0)
    }

    /// Whether the offer is another one than he was shown: other terms, or a price that neither was shown nor is wished.
    pub fn is_outdated(&self, now: &Shown) -> bool {
        let Some(shown) = self.shown else { return true };
        let terms = (now.lead_time_days, now.minimum_quantity);
        let moved = |wished: i64| now.price_paisa != shown.price_paisa && now.price_paisa != wished;
        terms != (shown.lead_time_days, shown.minimum_quantity) || self.price_paisa.is_some_and(moved)
    }
}

/// An update as a message states it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Update {
    /// What is clear, a product each.
    pub wishes: Vec<Wish>,
    /// Words that are not: they change nothing.
    pub unclear: Vec<String>,
}

/// Reads an update. Nothing is rounded: what gives no exact price or no whole stock is not clear.
pub fn update(meaning: &Meaning, shelf: &Shelf) -> Update {
    let mut out = Update::default();
    for line in &meaning.lines {
        match wish(line, shelf) {
            Some(wish) => out.take(wish, &line.phrase),
            None => out.unclear.push(line.phrase.clone()),
        }
    }
    let asks = meaning.asks.iter().map(|ask| ask.phrase.clone());
    out.unclear.extend(asks.chain(meaning.unknown.iter().cloned()));
    out
}

impl Update {
    fn take(&mut self, wish: Wish, phrase: &str) {
        if let Some(known) = self.wishes.iter_mut().find(|known| known.sku == wish.sku) {
            known.stock_milli = wish.stock_milli.or(known.stock_milli);
            known.price_paisa = wish.price_paisa.or(known.price_paisa);
        } else if self.wishes.len() < WISHES_MAX {
            self.wishes.push(wish);
        } else {
            self.unclear.push(phrase.to_owned());
        }
    }
}

fn wish(line: &Line, shelf: &Shelf) -> Option<Wish> {
    let goods = shelf.get(&line.sku)?;
    let factor = i64::from(line.factor.max(1));
    let unit = goods.sale_unit();
    let stock = match line.milli {
        Some(milli) => Some(milli.checked_mul(factor).filter(|milli| whole(*milli, unit))?),
        None => None,
    };
    let price = match line.price_paisa {
        Some(paisa) => Some(price_of_one(paisa, factor)?),
        None => None,
    };
    (stock.is_some() || price.is_some()).then(|| Wish {
        sku: line.sku.clone(),
        name: goods.name.clone(),
        unit: unit.to_owned(),
        stock_milli: stock,
        price_paisa: price,
        shown: None,
    })
}

/// The exact price of a sale unit, when an offer takes it: a price that is refused after its stock was set would leave
/// half of an update in force.
fn price_of_one(paisa: i64, factor: i64) -> Option<i64> {
    let exact = paisa > 0 && paisa % factor == 0;
    exact
        .then_some(paisa / factor)
        .filter(|price| *price <= PRICE_PAISA_MAX)
}

/// Whether there can be so much of it.
fn whole(milli: i64, unit: &str) -> bool {
    milli >= 0 && (unit == Unit::Kg.as_str() || milli % 1000 == 0)
}

/// A quantity as contracts write it.
pub fn quantity(milli: i64) -> String {
    Quantity::from_milli(milli).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::basket::{Goods, SoldIn};
    use crate::domain::interpret::Intent;

    fn shelf() -> Shelf {
        let sold = |unit: &str, factor| SoldIn {
            unit: unit.to_owned(),
            factor,
        };
        let goods = |sku: &str, units: Vec<SoldIn>| Goods {
            sku: sku.to_owned(),
            name: format!("Name {sku}"),
            default_unit: units[0].unit.clone(),
            units,
            ..Goods::default()
        };
        let all = [
            goods("NOOD", vec![sold("packet", 1), sold("carton", 30)]),
            goods("DAAL", vec![sold("kg", 1)]),
        ];
        all.into_iter().map(|g| (g.sku.clone(), g)).collect()
    }

    fn line(sku: &str, milli: Option<i64>, unit: Unit, factor: u32, price: Option<i64>) -> Line {
        Line {
            phrase: format!("words of {sku}"),
            sku: sku.to_owned(),
            milli,
            unit,
            factor,
            op: None,
            price_paisa: price,
            score: 1000,
            at: 0,
        }
    }

    fn read(lines: Vec<Line>) -> Update {
        let meaning = Meaning {
            intent: Intent::StockUpdate,
            confidence: 900,
            also: Vec::new(),
            lines,
            asks: Vec::new(),
            exclude: Vec::new(),
            about: Vec::new(),
            unknown: vec!["hmm".to_owned()],
            order_ref: None,
            amount_paisa: None,
            pay: None,
        };
        update(&meaning, &shelf())
    }

    #[test]
    fn packs_become_sale_units_and_their_price_is_divided() {
        let got = read(vec![line("NOOD", Some(2_000), Unit::Carton, 30, Some(61_500))]);
        assert_eq!(got.unclear, ["hmm"]);
        let wish = &got.wishes[0];
        assert_eq!((wish.stock_milli, wish.price_paisa), (Some(60_000), Some(2_050)));
        assert_eq!((wish.unit.as_str(), quantity(60_000).as_str()), ("packet", "60"));
    }

    #[test]
    fn nothing_is_rounded_and_nothing_is_dropped_silently() {
        let price = read(vec![line("NOOD", None, Unit::Carton, 30, Some(61_501))]);
        assert_eq!(
            (price.wishes.len(), price.unclear[0].as_str()),
            (0, "words of NOOD")
        );
        let dear = |paisa| read(vec![line("NOOD", Some(1_000), Unit::Packet, 1, Some(paisa))]);
        assert_eq!(dear(1_000_000_000).wishes.len(), 1);
        assert!(dear(1_000_000_001).wishes.is_empty(), "more than an offer takes");
        let half = read(vec![line("NOOD", Some(1_500), Unit::Packet, 1, None)]);
        assert!(half.wishes.is_empty());
        let loose = read(vec![line("DAAL", Some(1_500), Unit::Kg, 1, None)]);
        assert_eq!(loose.wishes[0].stock_milli, Some(1_500));
        let none = read(vec![line("NOOD", Some(0), Unit::Packet, 1, None)]);
        assert_eq!(none.wishes[0].stock_milli, Some(0), "sold out");
        let unknown = read(vec![line("GONE", Some(1_000), Unit::Packet, 1, None)]);
        assert_eq!(unknown.unclear.len(), 2);
    }

    #[test]
    fn stock_and_price_of_one_product_are_one_wish() {
        let got = read(vec![
            line("NOOD", Some(5_000), Unit::Packet, 1, None),
            line("NOOD", None, Unit::Packet, 1, Some(2_000)),
        ]);
        assert_eq!(got.wishes.len(), 1);
        assert_eq!(
            (got.wishes[0].stock_milli, got.wishes[0].price_paisa),
            (Some(5_000), Some(2_000))
        );
        let many = (0..30).map(|_| line("NOOD", Some(1_000), Unit::Packet, 1, None));
        assert_eq!(read(many.collect()).wishes.len(), 1);
    }

    #[test]
    fn what_has_left_since_it_was_shown_stays_gone() {
        let shown = Shown {
            price_paisa: 2_000,
            on_hand_milli: 100_000,
            lead_time_days: 1,
            minimum_quantity: 1,
        };
        let wish = Wish {
            shown: Some(shown),
            ..read(vec![line("NOOD", Some(90_000), Unit::Packet, 1, Some(2_100))])
                .wishes
                .remove(0)
        };
        assert_eq!(wish.difference_milli(), Some(-10_000));
        assert!(
            !wish.is_outdated(&Shown {
                on_hand_milli: 5,
                ..shown
            }),
            "the difference holds"
        );
        assert!(
            !wish.is_outdated(&Shown {
                price_paisa: 2_100,
                ..shown
            }),
            "it is in force already"
        );
        assert!(wish.is_outdated(&Shown {
            price_paisa: 2_200,
            ..shown
        }));
        assert!(wish.is_outdated(&Shown {
            minimum_quantity: 5,
            ..shown
        }));
        let same = Wish {
            stock_milli: Some(100_000),
            ..wish.clone()
        };
        assert_eq!(same.difference_milli(), None, "nothing to change");
        assert!(Wish { shown: None, ..wish }.is_outdated(&shown));
    }
}
