use khaacho_durable::{Finished, JobRun};
use khaacho_fault::Fault;

use super::ExpireBody;
use crate::domain::expire_offer::ExpireOffer;
use crate::service::Service;

/// Closes an offer that was not answered in time.
pub async fn run(_service: &Service, job: &JobRun) -> Result<Finished, Fault> {
    let body: ExpireBody = job.body()?;
    let command = ExpireOffer {
        order_id: body.order_id,
        offer: body.offer,
    };
    Ok(job.finish_with(command).await?.0)
}
