//! Units of sale: the words that people use for them, and what a quantity in one of them is in sale units.

use khaacho_money::Quantity;
use serde::{Deserialize, Serialize};

use super::product::Product;
use super::size::{Measure, Size};

#[cfg(test)]
mod tests;

/// A canonical unit. The last four are measures: people write them, but no product lists them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Kilogram.
    Kg,
    /// One each. As a word of a message: the sale unit, whatever that is.
    Piece,
    /// Packet.
    Packet,
    /// Bottle.
    Bottle,
    /// Jar.
    Jar,
    /// Tin.
    Tin,
    /// Sack.
    Sack,
    /// Carton.
    Carton,
    /// Crate; never the same as a carton.
    Crate,
    /// Box.
    Box,
    /// Strip.
    Strip,
    /// Bundle.
    Bundle,
    /// Twelve, only where a product lists it.
    Dozen,
    /// Two, only where a product lists it.
    Pair,
    /// A hundred kilograms, only where a product lists it.
    Quintal,
    /// Gram.
    #[serde(rename = "g")]
    Gram,
    /// Litre.
    #[serde(rename = "l")]
    Litre,
    /// Millilitre.
    #[serde(rename = "ml")]
    Millilitre,
    /// A quarter of a seer, a measure of the market.
    Pau,
}

/// Words of each unit, lower case without dots. The canonical word comes first.
const WORDS: [(Unit, &[&str]); 19] = [
    (Unit::Kg, &["kg", "kgs", "kilo", "kilogram", "केजी", "किलो"]),
    (
        Unit::Piece,
        &["piece", "pieces", "pcs", "pc", "ota", "wota", "वटा", "ओटा"],
    ),
    (
        Unit::Packet,
        &[
            "packet",
            "packets",
            "pkt",
            "pkts",
            "pack",
            "packs",
            "poka",
            "pouch",
            "pouches",
            "प्याकेट",
        ],
    ),
    (Unit::Bottle, &["bottle", "bottles", "बोतल"]),
    (Unit::Jar, &["jar", "jars", "जार"]),
    (Unit::Tin, &["tin", "tins", "टिन"]),
    (
        Unit::Sack,
        &[
            "sack",
            "sacks",
            "bora",
            "bori",
            "bhora",
            "katta",
            "bag",
            "bags",
            "बोरा",
            "बोरी",
        ],
    ),
    (
        Unit::Carton,
        &[
            "carton",
            "cartons",
            "ctn",
            "ctns",
            "cartoon",
            "katun",
            "petti",
            "peti",
            "case",
            "cases",
            "कार्टुन",
            "पेटी",
        ],
    ),
    (Unit::Crate, &["crate", "crates", "kret", "tray", "trays", "क्रेट"]),
    (Unit::Box, &["box", "boxes", "bakas", "बाकस"]),
    (Unit::Strip, &["strip", "strips", "patta", "lari"]),
    (Unit::Bundle, &["bundle", "bundles", "बन्डल"]),
    (Unit::Dozen, &["dozen", "dozens", "darjan", "दर्जन"]),
    (Unit::Pair, &["pair", "pairs", "jodi", "जोडी"]),
    (Unit::Quintal, &["quintal", "quintals"]),
    (Unit::Gram, &["g", "gm", "gms", "gram", "grams", "ग्राम"]),
    (
        Unit::Litre,
        &[
            "l",
            "ltr",
            "ltrs",
            "litre",
            "litres",
            "liter",
            "liters",
            "लिटर",
            "लीटर",
        ],
    ),
    (Unit::Millilitre, &["ml", "mls"]),
    (Unit::Pau, &["pau", "पाउ"]),
];

impl Unit {
    /// The canonical word.
    pub fn as_str(self) -> &'static str {
        WORDS
            .iter()
            .find(|(unit, _)| *unit == self)
            .map_or("?", |(_, words)| words[0])
    }

    /// The unit that a word means, in any case, with or without dots; `None` when it is no unit.
    pub fn of_word(word: &str) -> Option<Self> {
        let word: String = word.trim().to_lowercase().chars().filter(|c| *c != '.').collect();
        WORDS
            .iter()
            .find(|(_, words)| words.contains(&word.as_str()))
            .map(|(unit, _)| *unit)
    }

    /// Whether people use it but products never list it.
    pub fn is_measure(self) -> bool {
        matches!(self, Self::Gram | Self::Litre | Self::Millilitre | Self::Pau)
    }

    /// The size that so much of this unit is, when the unit measures weight or volume.
    pub fn size(self, quantity: Quantity) -> Option<Size> {
        Size::of(quantity.milli(), self.as_str())
    }
}

impl std::fmt::Display for Unit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

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
    let asked = unit.size(quantity);
    asked.is_some_and(Size::names_a_pack) && asked == product.size()
}

/// Whether the unit measures what the size measures.
pub fn measures(unit: Unit) -> Option<Measure> {
    match unit {
        Unit::Kg | Unit::Gram => Some(Measure::Weight),
        Unit::Litre | Unit::Millilitre => Some(Measure::Volume),
        _ => None,
    }
}
