//! Pricing a basket: which vendor's prices bind, what the shop would pay, and why it cannot be placed.

use chrono::{DateTime, Utc};
use khaacho_money::Paisa;
use serde::{Deserialize, Serialize};

use super::echo::echo;
use super::problem::Problem;
use super::route::{self, Candidate, Stats};
use super::{Asked, Buyer, Line, Vendor};

/// Prices are bound for this long.
pub const QUOTE_MINUTES: i64 = 10;
/// VAT of standard goods, in basis points.
const VAT_BP: u32 = 1300;
/// How much dearer than the bound price a vendor may be when an order moves to him. The shop never pays more than it
/// confirmed; the platform carries the difference up to here.
const REROUTE_TOLERANCE_BP: u32 = 1000;

/// A line with its unit resolved by the catalogue.
#[derive(Debug, Clone, PartialEq)]
pub struct Resolved {
    /// Product.
    pub sku: String,
    /// Name.
    pub name: String,
    /// Quantity in `unit`.
    pub quantity: String,
    /// Canonical unit.
    pub unit: String,
    /// Thousandths of the sale unit.
    pub quantity_milli: i64,
    /// VAT rate in basis points.
    pub vat_bp: u32,
    /// Reason code when it cannot be sold so; empty otherwise.
    pub problem: String,
}

/// The basket at one vendor.
#[derive(Debug, Clone, PartialEq)]
pub struct VendorBasket {
    /// Vendor.
    pub vendor: Vendor,
    /// One per line.
    pub lines: Vec<VendorLine>,
    /// Whether he can supply everything now.
    pub complete: bool,
    /// Sum without VAT.
    pub subtotal: Paisa,
    /// Longest lead time.
    pub lead_time_days: u32,
}

/// One line at one vendor.
#[derive(Debug, Clone, PartialEq)]
pub struct VendorLine {
    /// Price of a sale unit.
    pub unit_price: Paisa,
    /// Amount.
    pub amount: Paisa,
    /// Stock that is not promised.
    pub available_milli: i64,
    /// Least quantity that he sells, in sale units.
    pub minimum_quantity: u32,
    /// Why it cannot be supplied; empty when it can.
    pub problem: String,
}

/// What the catalogue says about a basket.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Market {
    /// The lines.
    pub lines: Vec<Resolved>,
    /// Vendors that offer at least one of them.
    pub vendors: Vec<VendorBasket>,
}

/// What credit says about the amount.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreditView {
    /// What may be ordered now, in paisa.
    pub available_paisa: i64,
    /// Whether the account is blocked, and why.
    pub blocked: Option<String>,
}

/// A vendor that may take the order, best first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Choice {
    /// Vendor.
    pub vendor: Vendor,
    /// What he gets without VAT.
    pub vendor_paisa: i64,
}

/// Why a basket cannot be placed now, for people and machines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Obstacle {
    /// The account may not order.
    Blocked {
        /// Why.
        why: String,
    },
    /// The lines themselves are wrong.
    BadLines {
        /// What is wrong.
        sentence: String,
        /// The same as facts; absent in quotes of before it was kept.
        #[serde(default)]
        problem: Option<Problem>,
    },
    /// Nobody has enough of one product.
    StockShort {
        /// Product, by its code; empty in quotes of before it was kept.
        #[serde(default)]
        sku: String,
        /// Product, by its name.
        name: String,
        /// Asked, thousandths of the sale unit.
        asked_milli: i64,
        /// Most that one vendor has.
        available_milli: i64,
    },
    /// Every product is somewhere, but no vendor has all.
    NoSingleVendor {
        /// Products that the nearest vendor lacks.
        names: Vec<String>,
    },
    /// It costs more than the credit that is left.
    CreditShort {
        /// Available, in paisa.
        available_paisa: i64,
        /// Missing, in paisa.
        short_paisa: i64,
    },
}

impl Obstacle {
    /// Reason code.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Blocked { .. } => "ORDERING_BLOCKED",
            Self::BadLines { .. } => "BAD_LINES",
            Self::StockShort { .. } => "STOCK_SHORT",
            Self::NoSingleVendor { .. } => "NO_SINGLE_VENDOR",
            Self::CreditShort { .. } => "CREDIT_SHORT",
        }
    }

    /// One sentence with what would cure it.
    pub fn sentence(&self) -> String {
        match self {
            Self::Blocked { why } => format!("the account may not order: {why}"),
            Self::BadLines { sentence, .. } => sentence.clone(),
            Self::StockShort {
                name,
                asked_milli,
                available_milli,
                ..
            } => {
                let count = |milli: i64| khaacho_money::Quantity::from_milli(milli).to_string();
                format!(
                    "{} of {name} were asked for, at most {} are available",
                    count(*asked_milli),
                    count(*available_milli)
                )
            }
            Self::NoSingleVendor { names } => {
                format!(
                    "no single wholesaler has everything; order separately: {}",
                    names.join(", ")
                )
            }
            Self::CreditShort {
                available_paisa,
                short_paisa,
            } => format!(
                "{} of credit is available; pay {} or order less",
                Paisa::new(*available_paisa),
                Paisa::new(*short_paisa)
            ),
        }
    }
}

/// A priced basket.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Quote {
    /// Id, `quo_…`.
    pub quote_id: String,
    /// Buyer.
    pub buyer: Buyer,
    /// What was asked.
    pub asked: Vec<Asked>,
    /// Lines at the binding prices; empty when nobody offers all of them.
    pub lines: Vec<Line>,
    /// Sum of the lines.
    pub subtotal: Paisa,
    /// VAT on the taxable ones, half-up on their sum.
    pub vat: Paisa,
    /// To pay.
    pub total: Paisa,
    /// Credit that would be left; negative when it does not suffice.
    pub credit_left_paisa: i64,
    /// Vendors that may take it, best first.
    pub choices: Vec<Choice>,
    /// All vendors with their scores, for the explanation.
    pub ranking: Vec<Candidate>,
    /// Why it cannot be placed now.
    pub obstacle: Option<Obstacle>,
    /// Prices are bound until then.
    pub expires_at: DateTime<Utc>,
}

/// Prices a basket from what the catalogue, the vendors' records and credit say.
pub fn price(
    quote_id: &str,
    buyer: Buyer,
    asked: Vec<Asked>,
    market: &Market,
    stats: &Stats,
    now: DateTime<Utc>,
) -> Result<Quote, khaacho_money::Overflow> {
    let ranking = route::rank(market, stats, &buyer);
    let best = ranking.iter().find(|c| c.failed.is_empty());
    let basis = best
        .and_then(|c| {
            market
                .vendors
                .iter()
                .find(|v| v.vendor.vendor_id == c.vendor.vendor_id)
        })
        .or_else(|| cheapest_full_offer(market));
    let lines = basis.map_or_else(Vec::new, |basket| priced_lines(market, basket));
    let subtotal = Paisa::sum(lines.iter().map(|l| l.amount))?;
    let taxable = Paisa::sum(lines.iter().filter(|l| l.vat_bp > 0).map(|l| l.amount))?;
    let vat = taxable.share_bp(VAT_BP)?;
    let dearest = dearest(subtotal)?;
    let choices = ranking
        .iter()
        .filter(|c| c.failed.is_empty() && c.vendor_paisa <= dearest.paisa())
        .map(|c| Choice {
            vendor: c.vendor.clone(),
            vendor_paisa: c.vendor_paisa,
        })
        .collect();
    Ok(Quote {
        quote_id: quote_id.to_owned(),
        obstacle: obstacle(market, best.is_some()),
        buyer,
        asked,
        subtotal,
        vat,
        total: subtotal.checked_add(vat)?,
        lines,
        credit_left_paisa: 0,
        choices,
        ranking,
        expires_at: now + chrono::Duration::minutes(QUOTE_MINUTES),
    })
}

impl Quote {
    /// Adds what credit says; an obstacle of the goods comes first.
    #[must_use]
    pub fn with_credit(mut self, credit: &CreditView) -> Self {
        self.credit_left_paisa = credit.available_paisa.saturating_sub(self.total.paisa());
        let found = if let Some(why) = &credit.blocked {
            Some(Obstacle::Blocked { why: why.clone() })
        } else if self.obstacle.is_none() && self.credit_left_paisa < 0 {
            Some(Obstacle::CreditShort {
                available_paisa: credit.available_paisa,
                short_paisa: -self.credit_left_paisa,
            })
        } else {
            None
        };
        self.obstacle = found.or(self.obstacle);
        self
    }
}

/// The most that a vendor may cost when the goods were bound at `subtotal`.
pub fn dearest(subtotal: Paisa) -> Result<Paisa, khaacho_money::Overflow> {
    subtotal.checked_add(subtotal.share_bp(REROUTE_TOLERANCE_BP)?)
}

fn cheapest_full_offer(market: &Market) -> Option<&VendorBasket> {
    let offers_all = |v: &&VendorBasket| v.lines.iter().all(|l| l.problem != "OFFER_UNKNOWN");
    market
        .vendors
        .iter()
        .filter(offers_all)
        .min_by_key(|v| v.subtotal)
}

fn priced_lines(market: &Market, basket: &VendorBasket) -> Vec<Line> {
    let pairs = market.lines.iter().zip(&basket.lines);
    pairs
        .map(|(line, at)| Line {
            sku: line.sku.clone(),
            name: line.name.clone(),
            quantity: line.quantity.clone(),
            unit: line.unit.clone(),
            quantity_milli: line.quantity_milli,
            unit_price: at.unit_price,
            amount: at.amount,
            vat_bp: line.vat_bp,
        })
        .collect()
}

fn obstacle(market: &Market, eligible: bool) -> Option<Obstacle> {
    if let Some(first) = market.lines.iter().find(|l| !l.problem.is_empty()) {
        let (sentence, problem) = not_sold(first);
        return Some(Obstacle::BadLines { sentence, problem });
    }
    if eligible {
        return None;
    }
    // A product that nobody has enough of is the plainest reason.
    for (n, line) in market.lines.iter().enumerate() {
        let demand: i64 = market
            .lines
            .iter()
            .filter(|l| l.sku == line.sku)
            .map(|l| l.quantity_milli)
            .sum();
        let most = market
            .vendors
            .iter()
            .map(|v| v.lines[n].available_milli)
            .max()
            .unwrap_or(0);
        if most < demand {
            return Some(Obstacle::StockShort {
                sku: line.sku.clone(),
                name: line.name.clone(),
                asked_milli: demand,
                available_milli: most,
            });
        }
    }
    if let Some((name, limit)) = below_minimum(market) {
        let sentence = format!("{name} is only sold from {limit} up by those who have it");
        let problem = Some(Problem::BelowMinimum { name, limit });
        return Some(Obstacle::BadLines { sentence, problem });
    }
    let lacking = |v: &VendorBasket| v.lines.iter().filter(|l| !l.problem.is_empty()).count();
    let nearest = market.vendors.iter().min_by_key(|v| lacking(v));
    let names = nearest.map_or_else(Vec::new, |v| {
        let lines = market.lines.iter().zip(&v.lines);
        lines
            .filter(|(_, at)| !at.problem.is_empty())
            .map(|(line, _)| line.name.clone())
            .collect()
    });
    Some(Obstacle::NoSingleVendor { names })
}

/// Why the catalogue does not sell a line so: as a sentence, and as facts when the reason is known.
fn not_sold(line: &Resolved) -> (String, Option<Problem>) {
    let name = if line.name.is_empty() {
        echo(&line.sku)
    } else {
        line.name.clone()
    };
    let unit = unit_in_words(&line.unit);
    let stated = echo(&line.unit);
    match line.problem.as_str() {
        "PRODUCT_UNKNOWN" => {
            let sentence = format!("there is no product {name}");
            (sentence, Some(Problem::NoProduct { name }))
        }
        "UNIT_NOT_SOLD" => {
            let by = if unit.is_empty() {
                "that unit".to_owned()
            } else {
                format!("the {unit}")
            };
            let sentence = format!("{name} is not sold by {by}");
            (sentence, Some(Problem::UnitNotSold { name, unit: stated }))
        }
        "FRACTION_NOT_SOLD" => {
            let quantity = echo(&line.quantity);
            let wanted = format!("{quantity} {unit}");
            let sentence = format!("{name} is only sold whole, not {}", wanted.trim_end());
            let problem = Problem::WholeOnly {
                name,
                quantity,
                unit: stated,
            };
            (sentence, Some(problem))
        }
        other => (format!("{name} cannot be ordered: {other}"), None),
    }
}

/// A unit as people say it: contracts abbreviate measures.
fn unit_in_words(unit: &str) -> String {
    match unit {
        "kg" => "kilo".to_owned(),
        "g" => "gram".to_owned(),
        "l" => "litre".to_owned(),
        "ml" => "millilitre".to_owned(),
        other => echo(other),
    }
}

/// A product that everybody who has it sells only in larger quantities, and the least of them.
fn below_minimum(market: &Market) -> Option<(String, u32)> {
    market.lines.iter().enumerate().find_map(|(n, line)| {
        let at: Vec<&VendorLine> = market.vendors.iter().map(|v| &v.lines[n]).collect();
        if at.iter().any(|l| l.problem.is_empty()) {
            return None;
        }
        let too_little = at.iter().filter(|l| l.problem == "BELOW_MINIMUM");
        let least = too_little.map(|l| l.minimum_quantity).min()?;
        Some((line.name.clone(), least))
    })
}

#[cfg(test)]
mod tests;
