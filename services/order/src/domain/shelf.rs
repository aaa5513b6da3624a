//! What a product costs and how much of it there is, in words.

use khaacho_money::{Paisa, Quantity};

use super::quote::{Market, Resolved, VendorLine};

/// Says of each product of a market in which one default unit of each was asked for: the lowest price of those who have
/// it, and the most that one wholesaler has.
pub fn sentences(market: &Market) -> Vec<String> {
    let of = |(n, line): (usize, &Resolved)| {
        let offers = market.vendors.iter().filter_map(|v| v.lines.get(n));
        let offers: Vec<&VendorLine> = offers.filter(|l| l.problem != "OFFER_UNKNOWN").collect();
        sentence(line, &offers)
    };
    market.lines.iter().enumerate().map(of).collect()
}

fn sentence(line: &Resolved, offers: &[&VendorLine]) -> String {
    let name = if line.name.is_empty() {
        &line.sku
    } else {
        &line.name
    };
    if line.problem == "PRODUCT_UNKNOWN" {
        return format!("{name}: not in the catalogue any more");
    }
    let there = |l: &&&VendorLine| l.available_milli > 0;
    let lowest = |l: &[&VendorLine]| l.iter().map(|l| price_of_unit(line, l)).min();
    let stocked: Vec<&VendorLine> = offers.iter().filter(there).copied().collect();
    let vat = if line.vat_bp > 0 { " plus VAT" } else { "" };
    let unit = &line.unit;
    match (lowest(&stocked), lowest(offers)) {
        (Some(price), _) => {
            let most = stocked.iter().map(|l| l.available_milli).max().unwrap_or(0);
            let stock = in_units(line, most);
            format!("{name}: from {price} a {unit}{vat}; {stock}")
        }
        (None, Some(price)) => format!("{name}: out of stock now; it was from {price} a {unit}{vat}"),
        (None, None) => format!("{name}: nobody offers it now"),
    }
}

/// Price of the unit that was asked for, where offers hold that of the sale unit.
fn price_of_unit(line: &Resolved, offer: &VendorLine) -> Paisa {
    offer
        .unit_price
        .times(Quantity::from_milli(line.quantity_milli))
        .unwrap_or(offer.unit_price)
}

/// Whole units of a stock in sale units.
fn in_units(line: &Resolved, available_milli: i64) -> String {
    let unit = &line.unit;
    match available_milli / line.quantity_milli.max(1) {
        0 => format!("less than one {unit} in stock"),
        count => format!("up to {count} {unit} in stock at one wholesaler"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixtures;
    use crate::domain::quote::VendorBasket;

    fn offer(price: i64, available_milli: i64, problem: &str) -> VendorBasket {
        let line = VendorLine {
            unit_price: Paisa::new(price),
            amount: Paisa::ZERO,
            available_milli,
            minimum_quantity: 1,
            problem: problem.to_owned(),
        };
        VendorBasket {
            vendor: fixtures::vendor(1),
            lines: vec![line],
            complete: true,
            subtotal: Paisa::ZERO,
            lead_time_days: 1,
        }
    }

    fn told(vat_bp: u32, vendors: Vec<VendorBasket>) -> String {
        // one carton of 30 packets
        let line = Resolved {
            sku: "WAI".to_owned(),
            name: "Wai Wai".to_owned(),
            quantity: "1".to_owned(),
            unit: "carton".to_owned(),
            quantity_milli: 30_000,
            vat_bp,
            problem: String::new(),
        };
        let market = Market {
            lines: vec![line],
            vendors,
        };
        sentences(&market).remove(0)
    }

    #[test]
    fn the_price_is_that_of_somebody_who_has_it() {
        let cheap_and_empty = || offer(1_000, 0, "STOCK_SHORT");
        let dear = || offer(1_200, 95_000, "");
        let elsewhere = || offer(1, 999_000, "OFFER_UNKNOWN");
        assert_eq!(
            told(1300, vec![cheap_and_empty(), dear(), elsewhere()]),
            "Wai Wai: from Rs 360 a carton plus VAT; up to 3 carton in stock at one wholesaler"
        );
        assert_eq!(
            told(0, vec![offer(1_200, 12_000, "STOCK_SHORT")]),
            "Wai Wai: from Rs 360 a carton; less than one carton in stock"
        );
        assert_eq!(
            told(0, vec![cheap_and_empty()]),
            "Wai Wai: out of stock now; it was from Rs 300 a carton"
        );
        assert_eq!(told(0, vec![elsewhere()]), "Wai Wai: nobody offers it now");
    }
}
