//! Units of sale: what a quantity in one of them is in sale units.

use khaacho_money::Quantity;

pub use khaacho_text::{Size, Unit};

use super::product::Product;

#[cfg(test)]
mod tests;

/// From this size on, a bare size names one pack ("tori tel 5 litre"): grams or millilitres.
const NAMES_A_PACK: i64 = 5_000;

/// Why a line cannot be sold as it was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    /// No such product.
    ProductUnknown,
    /// The product is not sold in that unit.
    UnitNotSold,
    /// The quantity is not whole in the product's sale unit.
    FractionNotSold,
}

/// A quantity with its unit understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resolved {
    /// Quantity in `unit`.
    pub quantity: Quantity,
    /// Order unit.
    pub unit: Unit,
    /// The same in sale units.
    pub sale: Quantity,
}

/// Says what `quantity` of `unit` is in sale units; `None` is the product's default unit.
///
/// Loose goods are sold in any part of a kilogram, everything else in whole sale units only.
pub fn resolve(product: &Product, quantity: Quantity, unit: Option<Unit>) -> Result<Resolved, Problem> {
    let unit = match unit {
        None => product.default_unit(),
        // a counter means one each, whatever the product is sold in
        Some(Unit::Piece) => product.base_unit,
        Some(unit) => unit,
    };
    let loose = product.base_unit == Unit::Kg;
    let resolved = if let Some(factor) = product.factor(unit) {
        let sale = quantity.times(factor).map_err(|_| Problem::UnitNotSold)?;
        Resolved { quantity, unit, sale }
    } else if unit == Unit::Gram && loose {
        if quantity.milli() % 1000 != 0 {
            return Err(Problem::FractionNotSold);
        }
        let kilograms = Quantity::from_milli(quantity.milli() / 1000);
        Resolved {
            quantity: kilograms,
            unit: Unit::Kg,
            sale: kilograms,
        }
    } else if is_the_pack(product, unit, quantity) {
        let one = Quantity::from_units(1);
        Resolved {
            quantity: one,
            unit: product.base_unit,
            sale: one,
        }
    } else {
        return Err(Problem::UnitNotSold);
    };
    if !loose && !resolved.sale.is_whole() {
        return Err(Problem::FractionNotSold);
    }
    Ok(resolved)
}

/// Whether the quantity is the size of the product's pack, so that it means one of them ("tori tel 5 litre").
fn is_the_pack(product: &Product, unit: Unit, quantity: Quantity) -> bool {
    let asked = unit.size(quantity.milli());
    asked.is_some_and(|size| size.amount >= NAMES_A_PACK) && asked == product.size()
}
