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
    /// Products of which two different things are said: they change nothing.
    pub twice: Vec<Twice>,
    /// Words that are not clear: they change nothing.
    pub unclear: Vec<String>,
}

/// A product of which a message says two different things.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Twice {
    /// Product.
    #[serde(skip)]
    sku: String,
    /// Its name.
    pub name: String,
    /// Sale unit.
    pub unit: String,
    /// Stock, in the order of the message; as contracts write it.
    pub stock: Vec<String>,
    /// Prices of a sale unit without VAT in paisa, in the order of the message.
    pub price_paisa: Vec<i64>,
}

/// Reads an update. Nothing is rounded: what gives no exact price or no whole stock is not clear. Of two figures for one
/// product none counts.
pub fn update(meaning: &Meaning, shelf: &Shelf) -> Update {
    let mut out = Update::default();
    let words = |at: usize, phrase: &str| {
        let said = meaning.said.iter().find(|said| said.at == at);
        said.map_or_else(|| phrase.to_owned(), |said| said.words.clone())
    };
    for line in &meaning.lines {
        match wish(line, shelf) {
            Some(wish) => out.take(wish, &words(line.at, &line.phrase)),
            None => out.unclear.push(words(line.at, &line.phrase)),
        }
    }
    let asks = meaning.asks.iter().map(|ask| words(ask.at, &ask.phrase));
    let mut unclear: Vec<String> = asks.collect();
    // Words that are named with their item are not named again.
    let inside = |words: &String, item: &String| {
        let mut words = words.split_whitespace();
        words.all(|word| item.split_whitespace().any(|other| other == word))
    };
    let unknown = meaning.unknown.iter();
    let unknown = unknown.filter(|words| !unclear.iter().any(|item| inside(words, item)));
    let unknown: Vec<String> = unknown.cloned().collect();
    unclear.extend(unknown);
    out.unclear.extend(unclear);
    out
}

impl Update {
    fn take(&mut self, wish: Wish, phrase: &str) {
        if let Some(twice) = self.twice.iter_mut().find(|twice| twice.sku == wish.sku) {
            twice.add(&wish);
            return;
        }
        let Some(at) = self.wishes.iter().position(|known| known.sku == wish.sku) else {
            if self.wishes.len() < WISHES_MAX {
                self.wishes.push(wish);
            } else {
                self.unclear.push(phrase.to_owned());
            }
            return;
        };
        let known = &mut self.wishes[at];
        if differ(known.stock_milli, wish.stock_milli) || differ(known.price_paisa, wish.price_paisa) {
            let known = self.wishes.remove(at);
            let mut twice = Twice {
                sku: known.sku.clone(),
                name: known.name.clone(),
                unit: known.unit.clone(),
                stock: Vec::new(),
                price_paisa: Vec::new(),
            };
            twice.add(&known);
            twice.add(&wish);
            self.twice.push(twice);
        } else {
            known.stock_milli = wish.stock_milli.or(known.stock_milli);
            known.price_paisa = wish.price_paisa.or(known.price_paisa);
        }
    }
}

impl Twice {
    fn add(&mut self, wish: &Wish) {
        let stock = wish.stock_milli.map(quantity);
        self.stock
            .extend(stock.filter(|stock| !self.stock.contains(stock)));
        let price = wish.price_paisa;
        self.price_paisa
            .extend(price.filter(|price| !self.price_paisa.contains(price)));
    }
}

/// Whether both are said, and not the same.
fn differ(one: Option<i64>, other: Option<i64>) -> bool {
    one.zip(other).is_some_and(|(one, other)| one != other)
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
mod tests;
