//! Prices a basket at every vendor: units understood, VAT, stock and minimum checked.

use std::collections::HashMap;

use khaacho_money::{Overflow, Paisa, Quantity};
use khaacho_planted::{self as planted, Bug};

use super::product::{Product, VatClass};
use super::sku::Sku;
use super::unit::{self, Problem, Resolved, Unit};
use super::vendor::Vendor;

#[cfg(test)]
mod tests;

/// One line of a basket as it was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Product key as it was typed.
    pub sku: String,
    /// Quantity, more than zero.
    pub quantity: Quantity,
    /// Unit word as it was typed; empty for the default unit.
    pub unit: String,
}

/// One line with its unit understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Product key: the product's own spelling when it is known.
    pub sku: String,
    /// Name; empty when the product is unknown.
    pub name: String,
    /// Tax class; `None` when the product is unknown.
    pub vat_class: Option<VatClass>,
    /// The quantity, or why the line cannot be sold.
    pub resolved: Result<Resolved, Problem>,
    /// Quantity as it was asked for.
    pub asked: Quantity,
    /// Unit as it was asked for; canonical when it is one.
    pub unit: String,
}

/// Understands the lines, in their order. `products` holds the active ones among the basket's products.
pub fn understand(asked: &[Asked], products: &HashMap<Sku, Product>) -> Vec<Line> {
    asked.iter().map(|line| understand_one(line, products)).collect()
}

fn understand_one(asked: &Asked, products: &HashMap<Sku, Product>) -> Line {
    let word = asked.unit.trim();
    let unit = Unit::of_word(word);
    let product = asked.sku.parse::<Sku>().ok().and_then(|sku| products.get(&sku));
    let resolved = match (product, unit) {
        (None, _) => Err(Problem::ProductUnknown),
        (Some(_), None) if !word.is_empty() => Err(Problem::UnitNotSold),
        (Some(product), unit) => unit::resolve(product, asked.quantity, unit),
    };
    Line {
        sku: product.map_or_else(|| asked.sku.trim().to_owned(), |p| p.sku.to_string()),
        name: product.map(|p| p.name.clone()).unwrap_or_default(),
        vat_class: product.map(|p| p.vat_class),
        resolved,
        asked: asked.quantity,
        unit: unit.map_or_else(|| word.to_owned(), |unit| unit.to_string()),
    }
}

/// What one vendor asks for a product, with what is there, read together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Price {
    /// Product.
    pub sku: Sku,
    /// Price of a sale unit without VAT.
    pub price: Paisa,
    /// Days until it can be delivered.
    pub lead_time_days: u32,
    /// Least quantity in sale units.
    pub minimum_quantity: u32,
    /// Stock that is not promised.
    pub available: Quantity,
}

/// Why a vendor cannot supply a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Obstacle {
    /// It does not offer the product.
    OfferUnknown,
    /// It has less than the basket asks for.
    StockShort,
    /// The basket asks for less than it sells at once.
    BelowMinimum,
}

/// One line at one vendor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VendorLine {
    /// Price and stock; `None` when it is not offered.
    pub price: Option<Price>,
    /// Amount without VAT; zero when it is not offered or the line cannot be sold.
    pub amount: Paisa,
    /// Why it cannot be supplied; `None` when it can, and when the line itself cannot be sold.
    pub obstacle: Option<Obstacle>,
}

/// The basket at one vendor.
#[derive(Debug, Clone, PartialEq)]
pub struct Quote {
    /// The vendor.
    pub vendor: Vendor,
    /// One per line of the basket.
    pub lines: Vec<VendorLine>,
    /// Whether it can supply everything now.
    pub complete: bool,
    /// Sum of the amounts without VAT.
    pub subtotal: Paisa,
    /// VAT on it: per rate on the sum, rounded half up once.
    pub vat: Paisa,
    /// Longest lead time of the offered lines, in days.
    pub lead_time_days: u32,
}

/// Prices the basket at one vendor. `prices` holds its active offers of the basket's products.
pub fn price(lines: &[Line], vendor: Vendor, prices: Vec<Price>) -> Result<Quote, Overflow> {
    let prices: HashMap<String, Price> = prices.into_iter().map(|p| (p.sku.to_string(), p)).collect();
    let demand = demand(lines)?;
    let mut quoted = Vec::with_capacity(lines.len());
    for line in lines {
        let offered = prices.get(&line.sku);
        let wanted = demand.get(line.sku.as_str()).copied();
        let amount = match (offered, &line.resolved) {
            (Some(price), Ok(resolved)) => amount(price.price, resolved.sale)?,
            _ => Paisa::ZERO,
        };
        let obstacle = obstacle(line, offered, wanted);
        quoted.push(VendorLine {
            price: offered.cloned(),
            amount,
            obstacle,
        });
    }
    let complete = lines.iter().all(|l| l.resolved.is_ok()) && quoted.iter().all(|l| l.obstacle.is_none());
    let lead = quoted
        .iter()
        .filter_map(|l| l.price.as_ref())
        .map(|p| p.lead_time_days)
        .max();
    Ok(Quote {
        vendor,
        complete,
        subtotal: Paisa::sum(quoted.iter().map(|l| l.amount))?,
        vat: vat(lines, &quoted)?,
        lead_time_days: lead.unwrap_or_default(),
        lines: quoted,
    })
}

/// What a quantity costs.
fn amount(price: Paisa, sale: Quantity) -> Result<Paisa, Overflow> {
    if planted::on(Bug::UncheckedMultiply) {
        return Ok(Paisa::new(price.paisa() * sale.milli() / 1000));
    }
    if planted::on(Bug::FloatAmounts) {
        let rupees = price.paisa() as f64 / 100.0 * (sale.milli() as f64 / 1000.0);
        return Ok(Paisa::new((rupees * 100.0) as i64));
    }
    price.times(sale)
}

/// What the whole basket asks of each product: two lines of one product compete for the same stock.
fn demand(lines: &[Line]) -> Result<HashMap<&str, Quantity>, Overflow> {
    let mut demand: HashMap<&str, Quantity> = HashMap::new();
    for line in lines {
        if let Ok(resolved) = &line.resolved {
            let sum = demand.entry(line.sku.as_str()).or_insert(Quantity::ZERO);
            *sum = sum.checked_add(resolved.sale)?;
        }
    }
    Ok(demand)
}

fn obstacle(line: &Line, offered: Option<&Price>, wanted: Option<Quantity>) -> Option<Obstacle> {
    if line.resolved == Err(Problem::ProductUnknown) {
        return None;
    }
    let Some(price) = offered else {
        return Some(Obstacle::OfferUnknown);
    };
    let wanted = wanted.filter(|_| line.resolved.is_ok())?;
    if wanted > price.available {
        Some(Obstacle::StockShort)
    } else if wanted < Quantity::from_units(i64::from(price.minimum_quantity)) {
        Some(Obstacle::BelowMinimum)
    } else {
        None
    }
}

/// VAT of the taxable lines: on their sum, not line by line.
fn vat(lines: &[Line], quoted: &[VendorLine]) -> Result<Paisa, Overflow> {
    let taxable = lines
        .iter()
        .zip(quoted)
        .filter(|(line, _)| line.vat_class == Some(VatClass::Standard));
    Paisa::sum(taxable.map(|(_, quoted)| quoted.amount))?.share_bp(VatClass::Standard.rate_bp())
}
