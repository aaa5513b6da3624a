use khaacho_durable::{Finished, JobRun};
use khaacho_fault::{Fault, Kind};

use super::OrderBody;
use crate::domain::complete_order::CompleteOrder;
use crate::service::Service;

/// Completes a delivered order that nobody confirmed or disputed in time.
pub async fn run(_service: &Service, job: &JobRun) -> Result<Finished, Fault> {
    let body: OrderBody = job.body()?;
    let command = CompleteOrder {
        order: body.order_id,
        own_account: None,
        own_vendor: None,
        expected_version: 0,
    };
    match job.finish_with(command).await {
        Ok((finished, _)) => Ok(finished),
        // Somebody has completed it meanwhile.
        Err(fault) if fault.kind() == Kind::Refused => job.finish().await,
        Err(fault) => Err(fault),
    }
}
