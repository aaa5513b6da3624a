use khaacho_fault::Fault;
use khaacho_proto::order::v1 as pb;
use khaacho_rpc::Ctx;

use super::decline_order::limited;
use super::moved;
use crate::domain::assign_vendor::AssignVendor;
use crate::domain::quote::Choice;
use crate::domain::route::{Stats, rank};
use crate::jobs::asked;
use crate::service::Service;
use crate::store::get_order::reserved_at;

/// Asks the catalogue what the vendor can supply, then runs `AssignVendor`.
pub async fn run(
    service: &Service,
    ctx: Ctx,
    body: pb::AssignVendorRequest,
) -> Result<pb::AssignVendorResponse, Fault> {
    let ctx = ctx.requested(&body.request_id)?;
    let order = service.visible_order(&ctx, &body.order).await?;
    let vendor = service.peers.vendor(&ctx, &body.vendor_id).await?;
    let market = service.peers.market(&ctx, &asked(&order)).await?;
    let ranking = rank(&market, &Stats::new(), &order.buyer);
    let found = ranking.iter().find(|c| c.vendor.vendor_id == vendor.vendor_id);
    let holds = match order.reservation_attempt {
        Some(attempt) => {
            let at = reserved_at(service.door.db().pool(), &order.order_id, attempt).await?;
            at.is_some_and(|at| at == vendor.vendor_id)
        }
        None => false,
    };
    let choice = found
        // What this order has reserved at him counts as his to sell.
        .filter(|c| c.failed.is_empty() || (holds && c.failed == ["STOCK_SHORT"]))
        .map(|c| Choice {
            vendor: c.vendor.clone(),
            vendor_paisa: c.vendor_paisa,
        });
    let lacks = match found {
        None => format!("{} offers none of the products", vendor.name),
        Some(c) => format!(
            "{} cannot supply everything: {}",
            vendor.name,
            c.failed.join(", ")
        ),
    };
    let reason = limited(body.reason)?;
    let command = AssignVendor {
        order: body.order,
        vendor_id: vendor.vendor_id,
        reason,
        choice,
        lacks,
        ranking,
    };
    let order = moved(service, &ctx, command).await?;
    Ok(pb::AssignVendorResponse { order: Some(order) })
}
