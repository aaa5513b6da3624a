use khaacho_durable::{Finished, JobRun};
use khaacho_fault::Fault;
use khaacho_proto::credit::v1::PostHoldRequest;

use super::OrderBody;
use crate::domain::settle_delivery::SettleDelivery;
use crate::rpc::timestamp;
use crate::service::Service;
use crate::store;

/// Posts the debt and consumes the stock of a delivered order, in parallel.
pub async fn run(service: &Service, job: &JobRun) -> Result<Finished, Fault> {
    let body: OrderBody = job.body()?;
    let pool = service.door.db().pool();
    let order = store::get_order::find(pool, &body.order_id)
        .await?
        .ok_or_else(|| Fault::bug("no such order"))?;
    if order.invoice_number.is_some() {
        return job.finish().await;
    }
    let vendor = order
        .vendor
        .as_ref()
        .ok_or_else(|| Fault::bug("a delivered order without a vendor"))?;
    let delivered_at = order
        .delivered_at
        .ok_or_else(|| Fault::bug("a delivered order without a time"))?;
    let post = PostHoldRequest {
        order_id: order.order_id.clone(),
        order_number: order.number.clone(),
        amount_paisa: order.total.paisa(),
        vat_paisa: order.vat.paisa(),
        vendor_id: vendor.vendor_id.clone(),
        vendor_paisa: order.vendor_paisa.unwrap_or(order.subtotal.paisa()),
        delivered_at: Some(timestamp(delivered_at)),
    };
    let attempt = order
        .reservation_attempt
        .ok_or_else(|| Fault::bug("a delivered order without a reservation"))?;
    let ctx = job.ctx();
    let (posted, consumed) = tokio::join!(
        service.peers.post_hold(ctx, post),
        service.peers.consume(ctx, &order.order_id, attempt)
    );
    consumed?;
    let posted = posted?;
    let due_at = posted
        .due_at
        .and_then(crate::rpc::datetime)
        .ok_or_else(|| Fault::bug("a posting without a due date"))?;
    let command = SettleDelivery {
        order_id: order.order_id,
        entry_id: posted.entry_id,
        invoice_number: posted.invoice_number,
        due_at,
    };
    Ok(job.finish_with(command).await?.0)
}
