//! Rows of products with their units and aliases.

use khaacho_fault::Fault;
use khaacho_money::Paisa;
use sqlx::FromRow;

use super::unreadable;
use crate::domain::product::{OrderUnit, Product, VatClass};
use crate::domain::sku::Sku;
use crate::domain::unit::Unit;

/// `select` of whole products from `inventory.product p`; a condition and an order follow.
macro_rules! select_products {
    ($rest:literal) => {
        concat!(
            "select p.sku, p.name, p.name_ne, p.category, p.brand, p.base_unit, p.pack_label, ",
            "p.pack_quantity, p.vat_class, p.mrp_paisa, p.typical_wholesale_paisa, p.active, p.version, ",
            "array(select u.unit from inventory.product_unit u ",
            "where u.sku = p.sku order by u.position) as units, ",
            "array(select u.factor from inventory.product_unit u ",
            "where u.sku = p.sku order by u.position) as factors, ",
            "array(select a.alias from inventory.product_alias a ",
            "where a.sku = p.sku order by a.position) || ",
            "array(select l.phrase from inventory.alias l ",
            "where l.sku = p.sku and l.active and l.account_id = '' and l.source = 'operator' ",
            "order by l.key) as aliases ",
            "from inventory.product p ",
            $rest
        )
    };
}
pub(super) use select_products;

/// A product as it is stored.
#[derive(Debug, FromRow)]
pub(super) struct ProductRow {
    sku: String,
    name: String,
    name_ne: String,
    category: String,
    brand: String,
    base_unit: String,
    pack_label: String,
    pack_quantity: i32,
    vat_class: String,
    mrp_paisa: i64,
    typical_wholesale_paisa: i64,
    active: bool,
    version: i64,
    units: Vec<String>,
    factors: Vec<i32>,
    aliases: Vec<String>,
}

impl TryFrom<ProductRow> for Product {
    type Error = Fault;

    fn try_from(row: ProductRow) -> Result<Self, Fault> {
        let order_units = row.units.iter().zip(&row.factors).map(|(unit, factor)| {
            Ok(OrderUnit {
                unit: unit_of(unit)?,
                factor: factor.unsigned_abs(),
            })
        });
        Ok(Self {
            order_units: order_units.collect::<Result<_, Fault>>()?,
            base_unit: unit_of(&row.base_unit)?,
            vat_class: VatClass::of_word(&row.vat_class)
                .ok_or_else(|| unreadable("vat_class", &row.vat_class))?,
            sku: Sku::stored(row.sku),
            name: row.name,
            name_ne: row.name_ne,
            category: row.category,
            brand: row.brand,
            pack_label: row.pack_label,
            pack_quantity: row.pack_quantity.unsigned_abs(),
            mrp: Paisa::new(row.mrp_paisa),
            typical_wholesale: Paisa::new(row.typical_wholesale_paisa),
            aliases: row.aliases,
            active: row.active,
            version: row.version,
        })
    }
}

/// Reads all rows.
pub(super) fn products(rows: Vec<ProductRow>) -> Result<Vec<Product>, Fault> {
    rows.into_iter().map(Product::try_from).collect()
}

/// Reads a stored unit.
pub(super) fn unit_of(word: &str) -> Result<Unit, Fault> {
    Unit::of_word(word).ok_or_else(|| unreadable("unit", word))
}
