//! Writes a whole catalogue with vendors, offers and opening stock at once. What exists already stays as it
//! is.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use khaacho_durable::Command;
use serde::{Deserialize, Serialize};

use super::import::{self, Mistake, OfferRow};
use super::product::Product;
use super::refusal::Refusal;
use super::vendor::Vendor;

/// The command.
#[derive(Debug, Clone, Serialize)]
pub struct LoadDemo {
    /// Products.
    pub products: Vec<Product>,
    /// Vendors.
    pub vendors: Vec<Vendor>,
    /// Offers with opening stock, of these products and vendors only.
    pub offers: Vec<OfferRow>,
}

/// How much was new.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Loaded {
    /// Products added.
    pub products: u64,
    /// Vendors added.
    pub vendors: u64,
    /// Offers added.
    pub offers: u64,
    /// Stock rows opened.
    pub stock: u64,
}

/// A mistake in one of the three files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadFile {
    /// `catalogue`, `vendors` or `offers`.
    pub file: &'static str,
    /// All mistakes in it, at least one.
    pub mistakes: Vec<Mistake>,
}

impl LoadDemo {
    /// Reads the three files ([`import`]); offers must name vendors and products of the other two.
    pub fn parse(catalogue: &str, vendors: &str, offers: &str) -> Result<Self, BadFile> {
        let bad = |file| move |mistakes| BadFile { file, mistakes };
        let products = import::products(catalogue).map_err(bad("catalogue"))?;
        let vendors = import::vendors(vendors).map_err(bad("vendors"))?;
        let offers = import::offers(offers).map_err(bad("offers"))?;
        let command = Self {
            products,
            vendors,
            offers,
        };
        let strays = command.strays();
        if strays.is_empty() {
            Ok(command)
        } else {
            Err(BadFile {
                file: "offers",
                mistakes: strays,
            })
        }
    }

    fn strays(&self) -> Vec<Mistake> {
        let skus: HashSet<_> = self.products.iter().map(|p| &p.sku).collect();
        let codes: HashSet<_> = self.vendors.iter().map(|v| v.code.as_str()).collect();
        let known = |o: &&OfferRow| skus.contains(&o.sku) && codes.contains(o.vendor_code.as_str());
        let strays = (2..).zip(&self.offers).filter(|(_, offer)| !known(offer));
        let told = |(line, offer): (u64, &OfferRow)| Mistake {
            line,
            field: "vendor_code, sku".to_owned(),
            message: format!("no such vendor or product: {} {}", offer.vendor_code, offer.sku),
        };
        strays.map(told).collect()
    }
}

impl Command for LoadDemo {
    const NAME: &'static str = "LoadDemo";
    type Snapshot = ();
    type Decision = ();
    type Refusal = Refusal;

    fn decide(&self, (): (), _now: DateTime<Utc>) -> Result<(), Refusal> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offers_without_vendor_or_product_are_mistakes() {
        let catalogue = include_str!("../../fixtures/catalogue.csv");
        let vendors = include_str!("../../fixtures/vendors.csv");
        let header = "vendor_code,sku,price_paisa,stock,lead_time_days,min_order_qty";
        let offers =
            format!("{header}\nV01,ATTA-20KG,100,1,1,1\nV99,ATTA-20KG,100,1,1,1\nV01,NOTHING,100,1,1,1\n");
        let bad = LoadDemo::parse(catalogue, vendors, &offers).expect_err("two strays");
        assert_eq!(
            (bad.file, bad.mistakes.iter().map(|m| m.line).collect::<Vec<_>>()),
            ("offers", vec![3, 4])
        );
        let bad = LoadDemo::parse("sku\n!\n", vendors, &offers).expect_err("a bad catalogue");
        assert_eq!(bad.file, "catalogue");
    }
}
