use khaacho_durable::{Finished, JobRun};
use khaacho_fault::{Fault, Kind};

use super::RehomeBody;
use crate::domain::rehome_order::RehomeOrder;
use crate::domain::status::Status;
use crate::service::Service;
use crate::store;

/// Moves the reservation to the chosen vendor, then asks him.
pub async fn run(service: &Service, job: &JobRun) -> Result<Finished, Fault> {
    let body: RehomeBody = job.body()?;
    let pool = service.door.db().pool();
    let order = store::get_order::find(pool, &body.order_id)
        .await?
        .ok_or_else(|| Fault::bug("no such order"))?;
    let offer = store::rehome_order::offer(pool, &body.order_id, body.offer).await?;
    let mut moved = false;
    if order.status == Status::Routed && order.offers == body.offer {
        let replaces = order.reservation_attempt.unwrap_or(0);
        let ctx = job.ctx();
        let reserved = service
            .peers
            .reserve(
                ctx,
                &order.order_id,
                offer.reservation_attempt,
                &offer.vendor_id,
                &order.lines,
                replaces,
            )
            .await;
        moved = match reserved {
            Ok(()) => true,
            Err(fault) if matches!(fault.kind(), Kind::Refused | Kind::NotFound) => false,
            Err(fault) => return Err(fault),
        };
    }
    let command = RehomeOrder {
        order_id: body.order_id,
        offer: body.offer,
        moved,
        deadline_minutes: service.config.vendor_deadline_minutes,
    };
    Ok(job.finish_with(command).await?.0)
}
