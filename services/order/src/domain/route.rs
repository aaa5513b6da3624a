//! The first explained score of vendors. Weights are versioned; every component says what it came from.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::quote::{Market, VendorBasket};
use super::{Buyer, Vendor};

/// Version of the weights below, stored with every decision.
pub const WEIGHTS_VERSION: &str = "2026-11-first";
/// Vendors that are asked for one order before an operator takes over.
pub const OFFERS_MAX: i32 = 3;
/// A vendor with this many orders under way gets no further ones.
pub const ACTIVE_ORDERS_MAX: i64 = 40;

const AVAILABILITY: u32 = 30;
const PRICE: u32 = 20;
const PROXIMITY: u32 = 20;
const WORKLOAD: u32 = 15;
const RELIABILITY: u32 = 15;
/// A newcomer counts as if he had answered this many offers, …
const PRIOR_OFFERS: f64 = 5.0;
/// … and had accepted this share of them.
const PRIOR_SHARE: f64 = 0.6;
/// Beyond this distance proximity counts nothing.
const FAR_KM: f64 = 50.0;

/// What is known of a vendor from past orders.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct VendorRecord {
    /// Orders accepted and not yet delivered.
    pub active: i64,
    /// Offers that he answered or let expire.
    pub offered: i64,
    /// Offers that he accepted.
    pub accepted: i64,
}

/// Records by vendor id.
pub type Stats = BTreeMap<String, VendorRecord>;

/// One part of a score.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Component {
    /// Name.
    pub name: String,
    /// Weight in per cent.
    pub weight: u32,
    /// 0–1000.
    pub value: u32,
    /// What it came from.
    pub because: String,
}

/// A vendor with his score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// Vendor.
    pub vendor: Vendor,
    /// Filters that he failed; empty when eligible.
    pub failed: Vec<String>,
    /// 0–1000; 0 when not eligible.
    pub score: u32,
    /// Components.
    pub components: Vec<Component>,
    /// His own price of everything without VAT, in paisa.
    pub vendor_paisa: i64,
}

/// Ranks all vendors: eligible ones first, by score, then by price, then by id, so that the order is the same each time.
pub fn rank(market: &Market, stats: &Stats, buyer: &Buyer) -> Vec<Candidate> {
    let cheapest = market
        .vendors
        .iter()
        .filter(|v| v.complete)
        .map(|v| v.subtotal.paisa())
        .min()
        .unwrap_or(0);
    let mut ranked: Vec<Candidate> = market
        .vendors
        .iter()
        .map(|basket| {
            let record = stats.get(&basket.vendor.vendor_id).copied().unwrap_or_default();
            candidate(market, basket, record, buyer, cheapest)
        })
        .collect();
    ranked.sort_by(|a, b| {
        let key = |c: &Candidate| (!c.failed.is_empty(), u32::MAX - c.score, c.vendor_paisa);
        key(a)
            .cmp(&key(b))
            .then_with(|| a.vendor.vendor_id.cmp(&b.vendor.vendor_id))
    });
    ranked
}

fn candidate(
    market: &Market,
    basket: &VendorBasket,
    record: VendorRecord,
    buyer: &Buyer,
    cheapest: i64,
) -> Candidate {
    let mut failed: Vec<String> = Vec::new();
    for problem in basket.lines.iter().map(|l| &l.problem).filter(|p| !p.is_empty()) {
        if !failed.contains(problem) {
            failed.push(problem.clone());
        }
    }
    if !basket.complete && failed.is_empty() {
        // Two lines of one product fit alone but not together.
        failed.push("STOCK_SHORT".to_owned());
    }
    if record.active >= ACTIVE_ORDERS_MAX {
        failed.push("TOO_MANY_ORDERS".to_owned());
    }
    let components = vec![
        availability(market, basket),
        price(basket, cheapest),
        proximity(&basket.vendor, buyer),
        workload(record),
        reliability(record),
    ];
    let score = components.iter().map(|c| c.weight * c.value).sum::<u32>() / 100;
    Candidate {
        vendor: basket.vendor.clone(),
        score: if failed.is_empty() { score } else { 0 },
        failed,
        components,
        vendor_paisa: basket.subtotal.paisa(),
    }
}

fn component(name: &str, weight: u32, value: f64, because: String) -> Component {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to 0–1000"
    )]
    let value = value.clamp(0.0, 1000.0).round() as u32;
    Component {
        name: name.to_owned(),
        weight,
        value,
        because,
    }
}

fn availability(market: &Market, basket: &VendorBasket) -> Component {
    let ratio = |(line, at): (&super::quote::Resolved, &super::quote::VendorLine)| {
        at.available_milli as f64 / line.quantity_milli.max(1) as f64
    };
    let least = market
        .lines
        .iter()
        .zip(&basket.lines)
        .map(ratio)
        .fold(f64::INFINITY, f64::min);
    let value = if least >= 2.0 {
        1000.0
    } else if least >= 1.0 {
        700.0 + (least - 1.0) * 300.0
    } else {
        least * 700.0
    };
    component(
        "availability",
        AVAILABILITY,
        value,
        format!("holds {least:.1} times the scarcest line"),
    )
}

fn price(basket: &VendorBasket, cheapest: i64) -> Component {
    let own = basket.subtotal.paisa().max(1);
    // 10 % dearer than the cheapest counts nothing.
    let value = 1000.0 - (own as f64 / cheapest.max(1) as f64 - 1.0) * 10_000.0;
    component(
        "price",
        PRICE,
        value,
        format!(
            "{} against {} at best",
            basket.subtotal,
            khaacho_money::Paisa::new(cheapest)
        ),
    )
}

fn proximity(vendor: &Vendor, buyer: &Buyer) -> Component {
    let known = |lat: f64, lon: f64| lat != 0.0 || lon != 0.0;
    if known(vendor.latitude, vendor.longitude) && known(buyer.latitude, buyer.longitude) {
        let km = distance_km(
            (vendor.latitude, vendor.longitude),
            (buyer.latitude, buyer.longitude),
        );
        return component(
            "proximity",
            PROXIMITY,
            1000.0 * (1.0 - km / FAR_KM),
            format!("{km:.1} km away"),
        );
    }
    let same = !vendor.municipality.is_empty() && vendor.municipality == buyer.municipality;
    let (value, because) = if same {
        (700.0, "same municipality")
    } else {
        (500.0, "distance unknown")
    };
    component("proximity", PROXIMITY, value, because.to_owned())
}

fn workload(record: VendorRecord) -> Component {
    let value = match record.active {
        ..=5 => 1000.0,
        6..=10 => 800.0,
        11..=20 => 600.0,
        21..=30 => 400.0,
        _ => 200.0,
    };
    component(
        "workload",
        WORKLOAD,
        value,
        format!("{} orders under way", record.active),
    )
}

fn reliability(record: VendorRecord) -> Component {
    let share =
        (record.accepted as f64 + PRIOR_OFFERS * PRIOR_SHARE) / (record.offered as f64 + PRIOR_OFFERS);
    let because = format!("accepted {} of {} offers", record.accepted, record.offered);
    component("reliability", RELIABILITY, share * 1000.0, because)
}

/// Great-circle distance of two points in degrees.
fn distance_km(a: (f64, f64), b: (f64, f64)) -> f64 {
    let (lat1, lat2) = (a.0.to_radians(), b.0.to_radians());
    let (dlat, dlon) = ((b.0 - a.0).to_radians(), (b.1 - a.1).to_radians());
    let h = (dlat / 2.0).sin().powi(2) + lat1.cos() * lat2.cos() * (dlon / 2.0).sin().powi(2);
    2.0 * 6371.0 * h.sqrt().asin()
}

#[cfg(test)]
mod tests;
