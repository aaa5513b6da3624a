use khaacho_durable as durable;
use khaacho_fault::Fault;
use khaacho_money::Quantity;
use khaacho_proto::inventory::v1 as pb;
use khaacho_rpc::{Answer, open};
use tonic::{Request, Response};

use super::{Rpc, parse, refusal, render};
use crate::domain::LINES_MAX;
use crate::domain::reservation::{Attempt, Line, summed};
use crate::domain::reserve::Reserve;
use crate::domain::stock::STOCK_MAX;
use crate::metrics;

pub(super) async fn reserve(rpc: &Rpc, request: Request<pb::ReserveRequest>) -> Answer<pb::ReserveResponse> {
    let (ctx, body) = open(request)?;
    let command = read(body)?;
    match durable::gather(&rpc.door, &ctx, command).await {
        Ok(done) => {
            metrics::reservation(if done.reply.fresh {
                metrics::MADE
            } else {
                metrics::REPEATED
            });
            let reservation = Some(render::reservation(done.reply.reservation));
            Ok(Response::new(pb::ReserveResponse { reservation }))
        }
        Err(fault) => {
            if fault.reason() == refusal::text(pb::InventoryReason::StockShort) {
                metrics::reservation(metrics::REFUSED);
            }
            Err(fault.into())
        }
    }
}

fn read(given: pb::ReserveRequest) -> Result<Reserve, Fault> {
    let attempt = parse::attempt(&given.order_id, given.attempt)?;
    let vendor_id = parse::field("vendor_id", &given.vendor_id)?;
    if !(1..=LINES_MAX).contains(&given.lines.len()) {
        return Err(Fault::invalid("lines", "must be 1 to 100"));
    }
    let lines = given
        .lines
        .iter()
        .enumerate()
        .map(line)
        .collect::<Result<Vec<_>, _>>()?;
    let lines =
        summed(lines).map_err(|_| Fault::invalid("lines", "the quantities are too large to be added up"))?;
    let replaces = match given.replaces_attempt {
        0 => None,
        number if number < given.attempt => Some(Attempt { number, ..attempt }),
        // attempts only ever replace earlier ones: two that replace each other would wait for each other
        _ => {
            return Err(Fault::invalid(
                "replaces_attempt",
                "must be an earlier attempt, or 0",
            ));
        }
    };
    Ok(Reserve {
        attempt,
        vendor_id,
        lines,
        replaces,
    })
}

fn line((index, given): (usize, &pb::ReservedLine)) -> Result<Line, Fault> {
    let sku = parse::sku(&format!("lines[{index}].sku"), &given.sku)?;
    let quantity = Quantity::from_milli(given.quantity_milli);
    if quantity <= Quantity::ZERO || quantity > STOCK_MAX {
        let field = format!("lines[{index}].quantity_milli");
        return Err(Fault::invalid(field, "must be 1 to 1,000,000,000,000"));
    }
    Ok(Line { sku, quantity })
}
