use khaacho_durable::{Finished, JobRun};
use khaacho_fault::{Fault, Kind};

use super::ReleaseBody;
use crate::service::Service;
use crate::store;

/// Gives hold and reservations back. What never came into being is made impossible, so that a late call of an earlier
/// attempt cannot leave an orphan.
pub async fn run(service: &Service, job: &JobRun) -> Result<Finished, Fault> {
    let body: ReleaseBody = job.body()?;
    let pool = service.door.db().pool();
    let order = store::get_order::find(pool, &body.order_id)
        .await?
        .ok_or_else(|| Fault::bug("no such order"))?;
    let ctx = job.ctx();
    if body.hold {
        service
            .peers
            .release_hold(ctx, &body.order_id, &order.buyer.account_id, &body.reason)
            .await?;
    }
    for attempt in body.attempts {
        match service
            .peers
            .release(ctx, &body.order_id, attempt, &body.reason)
            .await
        {
            Err(fault) if fault.kind() != Kind::Refused => return Err(fault),
            _ => {}
        }
    }
    job.finish().await
}
