use khaacho_fault::Fault;
use khaacho_money::{Overflow, Quantity};
use khaacho_proto::inventory::v1 as pb;
use khaacho_proto::inventory::v1::InventoryReason as Reason;
use khaacho_rpc::{Answer, open};
use tonic::{Request, Response};

use super::{Rpc, refusal, render};
use crate::domain::quote_lines::{self, Asked, Line, Obstacle, Quote, VendorLine};
use crate::domain::sku::Sku;
use crate::domain::unit::Problem;
use crate::domain::{LINES_MAX, QUANTITY_MAX_UNITS};
use crate::store::quote_lines::Basket;

/// Units, prices and stock come from the database at this moment, never from a cache: two queries for any
/// basket, shared with those who ask at the same time.
pub(super) async fn quote_lines(
    rpc: &Rpc,
    request: Request<pb::QuoteLinesRequest>,
) -> Answer<pb::QuoteLinesResponse> {
    let (_, body) = open(request)?;
    let asked = read(body.lines)?;
    let mut skus: Vec<Sku> = asked.iter().filter_map(|line| line.sku.parse().ok()).collect();
    skus.sort_unstable();
    skus.dedup();
    let Basket { products, offered } = rpc.baskets.ask(rpc.db().pool(), skus).await?;

    let lines = quote_lines::understand(&asked, &products);
    let quotes = offered
        .vendors
        .into_iter()
        .map(|(vendor, prices)| quote_lines::price(&lines, vendor, prices));
    let quotes = quotes
        .collect::<Result<Vec<Quote>, Overflow>>()
        .map_err(too_large)?;
    Ok(Response::new(pb::QuoteLinesResponse {
        lines: lines.into_iter().map(resolved).collect(),
        vendors: quotes.into_iter().map(vendor_quote).collect(),
        price_version: offered.version,
    }))
}

fn read(lines: Vec<pb::AskedLine>) -> Result<Vec<Asked>, Fault> {
    if !(1..=LINES_MAX).contains(&lines.len()) {
        return Err(Fault::invalid("lines", "must be 1 to 100"));
    }
    let one = |(index, line): (usize, pb::AskedLine)| {
        let quantity = line.quantity.trim().parse::<Quantity>().ok();
        let most = Quantity::from_units(QUANTITY_MAX_UNITS);
        let quantity = quantity
            .filter(|q| *q > Quantity::ZERO && *q <= most)
            .ok_or_else(|| {
                let message = "must be more than 0 and at most 1,000,000, with at most three decimals";
                Fault::invalid(format!("lines[{index}].quantity"), message)
            })?;
        Ok(Asked {
            sku: line.sku,
            quantity,
            unit: line.unit,
        })
    };
    lines.into_iter().enumerate().map(one).collect()
}

fn too_large(_: Overflow) -> Fault {
    Fault::invalid("lines", "the amounts are too large to be added up")
}

fn resolved(line: Line) -> pb::ResolvedLine {
    let problem = line.resolved.err().map(|problem| match problem {
        Problem::ProductUnknown => Reason::ProductUnknown,
        Problem::UnitNotSold => Reason::UnitNotSold,
        Problem::FractionNotSold => Reason::FractionNotSold,
    });
    let (quantity, unit, sale) = match line.resolved {
        Ok(resolved) => (resolved.quantity, resolved.unit.to_string(), resolved.sale),
        Err(_) => (line.asked, line.unit, Quantity::ZERO),
    };
    pb::ResolvedLine {
        sku: line.sku,
        name: line.name,
        quantity: quantity.to_string(),
        unit,
        quantity_milli: sale.milli(),
        vat_bp: line.vat_class.map_or(0, |class| class.rate_bp()),
        problem: problem.map(refusal::text).unwrap_or_default().to_owned(),
    }
}

fn vendor_quote(quote: Quote) -> pb::VendorQuote {
    pb::VendorQuote {
        lines: quote.lines.into_iter().map(vendor_line).collect(),
        complete: quote.complete,
        subtotal_paisa: quote.subtotal.paisa(),
        vat_paisa: quote.vat.paisa(),
        lead_time_days: quote.lead_time_days,
        vendor: Some(render::vendor(quote.vendor)),
    }
}

fn vendor_line(line: VendorLine) -> pb::VendorLine {
    let problem = match line.obstacle {
        None => "",
        Some(Obstacle::OfferUnknown) => refusal::text(Reason::OfferUnknown),
        Some(Obstacle::StockShort) => refusal::text(Reason::StockShort),
        Some(Obstacle::BelowMinimum) => "BELOW_MINIMUM",
    };
    let price = line.price;
    pb::VendorLine {
        offered: price.is_some(),
        unit_price_paisa: price.as_ref().map_or(0, |p| p.price.paisa()),
        amount_paisa: line.amount.paisa(),
        available_milli: price.as_ref().map_or(0, |p| p.available.milli()),
        minimum_quantity: price.as_ref().map_or(0, |p| p.minimum_quantity),
        problem: problem.to_owned(),
    }
}
