use khaacho_durable::{Finished, JobRun};
use khaacho_fault::Fault;

use super::OrderBody;
use crate::domain::quote::{Choice, dearest};
use crate::domain::route::rank;
use crate::domain::route_order::RouteOrder;
use crate::domain::status::Status;
use crate::domain::{Asked, Order};
use crate::service::Service;
use crate::store;

/// Looks for the best vendor that was not asked yet, at today's stock, and no dearer than the bound price allows.
pub async fn run(service: &Service, job: &JobRun) -> Result<Finished, Fault> {
    let body: OrderBody = job.body()?;
    let pool = service.door.db().pool();
    let order = store::get_order::find(pool, &body.order_id)
        .await?
        .ok_or_else(|| Fault::bug("no such order"))?;
    if order.status != Status::Pending {
        return job.finish().await;
    }
    let tried = store::get_order::asked_vendors(pool, &order.order_id).await?;
    let market = service.peers.market(job.ctx(), &asked(&order)).await?;
    let vendors: Vec<String> = market
        .vendors
        .iter()
        .map(|v| v.vendor.vendor_id.clone())
        .collect();
    let stats = store::vendor_stats::of(pool, &vendors).await?;
    let mut ranking = rank(&market, &stats, &order.buyer);
    let dearest = dearest(order.subtotal).map_err(Fault::bug)?;
    for candidate in &mut ranking {
        if tried.contains(&candidate.vendor.vendor_id) {
            candidate.failed.push("ASKED_BEFORE".to_owned());
        }
        if candidate.vendor_paisa > dearest.paisa() {
            candidate.failed.push("TOO_DEAR".to_owned());
        }
    }
    let choice = ranking.iter().find(|c| c.failed.is_empty()).map(|c| Choice {
        vendor: c.vendor.clone(),
        vendor_paisa: c.vendor_paisa,
    });
    let command = RouteOrder {
        order_id: order.order_id,
        choice,
        ranking,
        operator_phone: service.config.operator_phone.clone(),
    };
    Ok(job.finish_with(command).await?.0)
}

/// The lines of an order as a basket.
pub fn asked(order: &Order) -> Vec<Asked> {
    let line = |l: &crate::domain::Line| Asked {
        sku: l.sku.clone(),
        quantity: l.quantity.clone(),
        unit: l.unit.clone(),
        called: Vec::new(),
    };
    order.lines.iter().map(line).collect()
}
