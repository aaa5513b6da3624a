//! Reads the files `catalogue.csv`, `vendors.csv` and `offers.csv` (UTF-8, RFC 4180, `;` within lists) into
//! typed rows. Every mistake is found, with its line.

use std::fmt;
use std::str::FromStr;

use khaacho_money::{Paisa, Quantity};
use khaacho_phone::Phone;
use serde::Serialize;

use super::flaw::Flaw;
use super::offer::{LEAD_TIME_DAYS_MAX, MINIMUM_QUANTITY_MAX, Terms};
use super::product::{OrderUnit, PRICE_MAX, Product, VatClass};
use super::sku::Sku;
use super::stock::STOCK_MAX;
use super::unit::Unit;
use super::vendor::{self, Particulars, Vendor};

#[cfg(test)]
mod tests;

/// One mistake in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// Line in the file, from 1 (the header).
    pub line: u64,
    /// Column or field.
    pub field: String,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}: {}", self.line, self.field, self.message)
    }
}

/// An offer of a file, with its opening stock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OfferRow {
    /// Code of the vendor.
    pub vendor_code: String,
    /// Product.
    pub sku: Sku,
    /// Price and terms.
    pub terms: Terms,
    /// Opening stock.
    pub stock: Quantity,
}

/// Reads `sku,name,name_ne,category,brand,base_unit,pack_label,pack_qty,order_units,vat_class,mrp_paisa,`
/// `typical_wholesale_paisa,aliases`.
pub fn products(text: &str) -> Result<Vec<Product>, Vec<Mistake>> {
    read(text, |row| {
        let product = Product {
            sku: row.parsed("sku")?,
            name: row.text("name")?,
            name_ne: row.text("name_ne")?,
            category: row.text("category")?,
            brand: row.text("brand")?,
            base_unit: row.word("base_unit", canonical)?,
            pack_label: row.text("pack_label")?,
            pack_quantity: row.parsed("pack_qty")?,
            order_units: order_units(row)?,
            vat_class: row.word("vat_class", VatClass::of_word)?,
            mrp: Paisa::new(row.parsed("mrp_paisa")?),
            typical_wholesale: Paisa::new(row.parsed("typical_wholesale_paisa")?),
            aliases: row
                .text("aliases")?
                .split(';')
                .filter(|a| !a.is_empty())
                .map(str::to_owned)
                .collect(),
            active: true,
            version: 1,
        };
        match product.flaws().into_vec().into_iter().next() {
            Some(flaw) => Err(flaw),
            None => Ok(product),
        }
    })
}

/// Reads `code,name,phone,municipality,lat,lon,opens,closes`. Nobody has set their languages.
pub fn vendors(text: &str) -> Result<Vec<Vendor>, Vec<Mistake>> {
    read(text, |row| {
        let code = row.word("code", vendor::code_of)?;
        let particulars = Particulars {
            name: row.text("name")?,
            phone: row.parsed::<Phone>("phone")?,
            municipality: row.text("municipality")?,
            latitude: row.parsed("lat")?,
            longitude: row.parsed("lon")?,
            opens: row.parsed("opens")?,
            closes: row.parsed("closes")?,
            language: None,
        };
        match particulars.flaws().into_vec().into_iter().next() {
            Some(flaw) => Err(flaw),
            None => Ok(particulars.with_code(&code)),
        }
    })
}

/// Reads `vendor_code,sku,price_paisa,stock,lead_time_days,min_order_qty`. Stock is in sale units.
pub fn offers(text: &str) -> Result<Vec<OfferRow>, Vec<Mistake>> {
    read(text, |row| {
        let terms = Terms {
            price: row
                .within("price_paisa", |p: &i64| (1..=PRICE_MAX.paisa()).contains(p))
                .map(Paisa::new)?,
            lead_time_days: row.within("lead_time_days", |d| *d <= LEAD_TIME_DAYS_MAX)?,
            minimum_quantity: row.within("min_order_qty", |m| (1..=MINIMUM_QUANTITY_MAX).contains(m))?,
            active: true,
        };
        Ok(OfferRow {
            vendor_code: row.word("vendor_code", vendor::code_of)?,
            sku: row.parsed("sku")?,
            terms,
            stock: row.within("stock", |s: &Quantity| !s.is_negative() && *s <= STOCK_MAX)?,
        })
    })
}

fn canonical(word: &str) -> Option<Unit> {
    Unit::of_word(word).filter(|unit| unit.as_str() == word)
}

/// `packet=1;carton=30`.
fn order_units(row: &Row<'_>) -> Result<Vec<OrderUnit>, Flaw> {
    let one = |pair: &str| {
        let (unit, factor) = pair.split_once('=')?;
        Some(OrderUnit {
            unit: canonical(unit)?,
            factor: factor.parse().ok()?,
        })
    };
    row.word("order_units", |text| text.split(';').map(one).collect())
}

/// One row of a file, by column.
struct Row<'a> {
    headers: &'a csv::StringRecord,
    values: &'a csv::StringRecord,
}

impl Row<'_> {
    fn value(&self, column: &str) -> Result<&str, Flaw> {
        let at = self.headers.iter().position(|header| header == column);
        at.and_then(|at| self.values.get(at))
            .map(str::trim)
            .ok_or_else(|| flaw(column, "no such column"))
    }

    fn text(&self, column: &str) -> Result<String, Flaw> {
        self.value(column).map(str::to_owned)
    }

    fn parsed<T: FromStr>(&self, column: &str) -> Result<T, Flaw>
    where
        T::Err: fmt::Display,
    {
        self.value(column)?
            .parse()
            .map_err(|error: T::Err| flaw(column, &error.to_string()))
    }

    fn within<T: FromStr>(&self, column: &str, good: impl FnOnce(&T) -> bool) -> Result<T, Flaw>
    where
        T::Err: fmt::Display,
    {
        let value = self.parsed(column)?;
        if good(&value) {
            Ok(value)
        } else {
            Err(flaw(column, "out of range"))
        }
    }

    fn word<T>(&self, column: &str, read: impl FnOnce(&str) -> Option<T>) -> Result<T, Flaw> {
        read(self.value(column)?).ok_or_else(|| flaw(column, "not one of the possible values"))
    }
}

fn flaw(field: &str, message: &str) -> Flaw {
    Flaw {
        field: field.to_owned(),
        message: message.to_owned(),
    }
}

/// Reads all rows, or all mistakes.
fn read<T>(text: &str, row: impl Fn(&Row<'_>) -> Result<T, Flaw>) -> Result<Vec<T>, Vec<Mistake>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let broken = |line: u64, error: csv::Error| Mistake {
        line,
        field: "row".to_owned(),
        message: error.to_string(),
    };
    let headers = reader.headers().map_err(|error| vec![broken(1, error)])?.clone();
    let (mut rows, mut mistakes) = (Vec::new(), Vec::new());
    for record in reader.records() {
        let values = match record {
            Ok(values) => values,
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                mistakes.push(broken(line, error));
                continue;
            }
        };
        let line = values.position().map_or(0, csv::Position::line);
        match row(&Row {
            headers: &headers,
            values: &values,
        }) {
            Ok(value) => rows.push(value),
            Err(Flaw { field, message }) => mistakes.push(Mistake { line, field, message }),
        }
    }
    if mistakes.is_empty() {
        Ok(rows)
    } else {
        Err(mistakes)
    }
}
