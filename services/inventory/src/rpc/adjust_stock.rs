use khaacho_durable as durable;
use khaacho_fault::Fault;
use khaacho_money::Quantity;
use khaacho_proto::inventory::v1 as pb;
use khaacho_rpc::{Answer, open};
use tonic::{Request, Response};

use super::{Rpc, parse, render};
use crate::domain::adjust_stock::{AdjustStock, Change};
use crate::domain::refusal::Refusal;
use crate::domain::stock::STOCK_MAX;

/// Longest reason in characters.
const REASON_LENGTH_MAX: usize = 200;

pub(super) async fn adjust_stock(
    rpc: &Rpc,
    request: Request<pb::AdjustStockRequest>,
) -> Answer<pb::AdjustStockResponse> {
    let (ctx, body) = open(request)?;
    let ctx = ctx.requested(&body.request_id)?;
    let sku = parse::sku("sku", &body.sku)?;
    let change = change(&body)?;
    let reason = reason(&body.reason)?;
    let vendor_id = parse::vendor(rpc, &ctx, "vendor_id", &body.vendor_id).await?;
    let done = durable::run(
        &rpc.door,
        &ctx,
        AdjustStock {
            vendor_id,
            sku,
            change,
            reason,
        },
    )
    .await?;
    Ok(Response::new(pb::AdjustStockResponse {
        offer: Some(render::offer(done.reply)),
    }))
}

fn change(given: &pb::AdjustStockRequest) -> Result<Change, Fault> {
    let (delta, counted) = (
        Quantity::from_milli(given.delta_milli),
        Quantity::from_milli(given.counted_milli),
    );
    match (given.counted, delta.is_zero()) {
        (true, true) if counted.is_negative() || counted > STOCK_MAX => {
            Err(Fault::invalid("counted_milli", "must be 0 to 1,000,000,000,000"))
        }
        (true, true) => Ok(Change::To(counted)),
        (true, false) => Err(Fault::invalid(
            "delta_milli",
            "must be 0 when the stock was counted",
        )),
        (false, true) => Err(Fault::invalid(
            "delta_milli",
            "must not be 0, unless the stock was counted",
        )),
        (false, false) if !counted.is_zero() => Err(Fault::invalid(
            "counted_milli",
            "must be 0 unless the stock was counted",
        )),
        (false, false) => Ok(Change::By(delta)),
    }
}

fn reason(given: &str) -> Result<String, Fault> {
    let reason = given.trim();
    if reason.is_empty() {
        return Err(Refusal::ReasonMissing.into());
    }
    if reason.chars().count() > REASON_LENGTH_MAX || reason.chars().any(char::is_control) {
        return Err(Fault::invalid(
            "reason",
            "must have at most 200 characters, no control characters",
        ));
    }
    Ok(reason.to_owned())
}
