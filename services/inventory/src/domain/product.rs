//! Products of the catalogue.

use khaacho_money::Paisa;
use serde::{Deserialize, Serialize};

use super::flaw::Flaws;
use super::size::Size;
use super::sku::Sku;
use super::unit::Unit;
use super::words;

#[cfg(test)]
mod tests;

/// Most sale units in one order unit.
pub const FACTOR_MAX: u32 = 100_000;
/// Most order units of one product.
pub const ORDER_UNITS_MAX: usize = 10;
/// Most aliases of one product.
pub const ALIASES_MAX: usize = 100;
/// Highest price of a sale unit: ten million rupees.
pub const PRICE_MAX: Paisa = Paisa::new(1_000_000_000);

/// How goods are taxed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VatClass {
    /// 13 %.
    Standard,
    /// No VAT.
    Exempt,
}

impl VatClass {
    /// The rate in basis points.
    pub const fn rate_bp(self) -> u32 {
        match self {
            Self::Standard => 1300,
            Self::Exempt => 0,
        }
    }

    /// The word in tables and files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Exempt => "exempt",
        }
    }

    /// Reads the word; `None` when it is another.
    pub fn of_word(word: &str) -> Option<Self> {
        [Self::Standard, Self::Exempt]
            .into_iter()
            .find(|class| class.as_str() == word)
    }
}

/// A unit that a product can be ordered in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderUnit {
    /// The unit.
    pub unit: Unit,
    /// Sale units in it.
    pub factor: u32,
}

/// A product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    /// Key.
    pub sku: Sku,
    /// Name.
    pub name: String,
    /// Name in Nepali; may be empty.
    pub name_ne: String,
    /// Category.
    pub category: String,
    /// Brand; empty for none.
    pub brand: String,
    /// Sale unit: the smallest thing that can be ordered.
    pub base_unit: Unit,
    /// Label of the usual pack.
    pub pack_label: String,
    /// Sale units in the usual pack.
    pub pack_quantity: u32,
    /// Units it can be ordered in, the preferred ones first.
    pub order_units: Vec<OrderUnit>,
    /// Tax class.
    pub vat_class: VatClass,
    /// Printed maximum retail price of a sale unit; zero for none.
    pub mrp: Paisa,
    /// Usual wholesale price of a sale unit; zero when unknown.
    pub typical_wholesale: Paisa,
    /// Spellings that people type, as they were entered.
    pub aliases: Vec<String>,
    /// Whether it can be ordered.
    pub active: bool,
    /// Grows with every change.
    pub version: i64,
}

impl Product {
    /// Sale units in one of `unit`; `None` when it is not sold so.
    pub fn factor(&self, unit: Unit) -> Option<u32> {
        self.order_units.iter().find(|u| u.unit == unit).map(|u| u.factor)
    }

    /// The unit when none is given: the first one that holds the usual pack, else the sale unit.
    pub fn default_unit(&self) -> Unit {
        let pack = self.order_units.iter().find(|u| u.factor == self.pack_quantity);
        pack.map_or(self.base_unit, |u| u.unit)
    }

    /// The size that the name gives, if any: `Mustard oil 5 L jar, carton of 4` → 5 litres.
    pub fn size(&self) -> Option<Size> {
        words::words(self.short_name())
            .iter()
            .find_map(|word| Size::parse(word))
    }

    /// The name without how it is packed: `…, carton of 30` says nothing about the product.
    pub fn short_name(&self) -> &str {
        match self.name.rsplit_once(',') {
            Some((head, tail)) if tail.contains(" of ") => head,
            _ => &self.name,
        }
    }

    /// Everything that is wrong with it; paths begin with `product.`.
    pub fn flaws(&self) -> Flaws {
        let mut flaws = Flaws::new();
        flaws.text("product.name", &self.name, 120);
        flaws.text("product.category", &self.category, 40);
        flaws.text("product.pack_label", &self.pack_label, 80);
        flaws.unless(
            self.name_ne.chars().count() <= 120,
            "product.name_ne",
            "at most 120 characters",
        );
        flaws.unless(
            self.brand.chars().count() <= 60,
            "product.brand",
            "at most 60 characters",
        );
        let price = Paisa::ZERO..=PRICE_MAX;
        flaws.unless(
            price.contains(&self.mrp),
            "product.mrp_paisa",
            "0 to 1,000,000,000 paisa",
        );
        let wholesale = price.contains(&self.typical_wholesale);
        flaws.unless(
            wholesale,
            "product.typical_wholesale_paisa",
            "0 to 1,000,000,000 paisa",
        );
        self.unit_flaws(&mut flaws);
        self.alias_flaws(&mut flaws);
        flaws
    }

    fn unit_flaws(&self, flaws: &mut Flaws) {
        const FIELD: &str = "product.order_units";
        flaws.unless(
            !self.base_unit.is_measure(),
            "product.base_unit",
            "a unit that goods are sold in",
        );
        flaws.unless(
            self.factor(self.base_unit) == Some(1),
            FIELD,
            "the sale unit itself, with factor 1",
        );
        flaws.unless(
            self.order_units.len() <= ORDER_UNITS_MAX,
            FIELD,
            "at most 10 units",
        );
        let pack = self.order_units.iter().any(|u| u.factor == self.pack_quantity);
        flaws.unless(
            pack,
            "product.pack_quantity",
            "the factor of one of the order units",
        );
        for (index, unit) in self.order_units.iter().enumerate() {
            let field = format!("product.order_units[{index}]");
            flaws.unless(!unit.unit.is_measure(), &field, "a unit that goods are sold in");
            flaws.unless(
                (1..=FACTOR_MAX).contains(&unit.factor),
                &field,
                "a factor from 1 to 100,000",
            );
            let again = self.order_units[..index]
                .iter()
                .any(|other| other.unit == unit.unit);
            flaws.unless(!again, &field, "every unit once");
        }
    }

    fn alias_flaws(&self, flaws: &mut Flaws) {
        flaws.unless(
            self.aliases.len() <= ALIASES_MAX,
            "product.aliases",
            "at most 100 aliases",
        );
        for (index, alias) in self.aliases.iter().enumerate() {
            let field = format!("product.aliases[{index}]");
            let good = alias.chars().count() <= 60 && !words::key(alias).is_empty();
            flaws.unless(
                good,
                &field,
                "1 to 60 characters with at least one letter or digit",
            );
            flaws.unless(!self.aliases[..index].contains(alias), &field, "every alias once");
        }
    }
}

#[cfg(test)]
pub(crate) mod examples {
    use super::*;

    /// A product with the given name, units (the first is the sale unit) and pack quantity.
    pub(crate) fn product(sku: &str, name: &str, units: &[(Unit, u32)], pack: u32, aliases: &str) -> Product {
        Product {
            sku: sku.parse().expect("a sku"),
            name: name.to_owned(),
            name_ne: String::new(),
            category: "test".to_owned(),
            brand: String::new(),
            base_unit: units[0].0,
            pack_label: name.to_owned(),
            pack_quantity: pack,
            order_units: units
                .iter()
                .map(|(unit, factor)| OrderUnit {
                    unit: *unit,
                    factor: *factor,
                })
                .collect(),
            vat_class: VatClass::Standard,
            mrp: Paisa::new(12_000),
            typical_wholesale: Paisa::new(10_000),
            aliases: aliases
                .split(';')
                .filter(|a| !a.is_empty())
                .map(str::to_owned)
                .collect(),
            active: true,
            version: 1,
        }
    }
}
