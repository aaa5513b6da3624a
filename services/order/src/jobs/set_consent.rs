//! Notes that somebody wants no more messages, or wants them again.

use khaacho_durable::{Finished, JobRun};
use khaacho_fault::Fault;

use super::ConsentBody;
use crate::service::Service;

/// Tells the notification service. What was said later counts there, so that a late or repeated job undoes nothing.
pub async fn run(service: &Service, job: &JobRun) -> Result<Finished, Fault> {
    let body: ConsentBody = job.body()?;
    let ctx = job.ctx().clone().caused_by(&body.inbound_id);
    service.peers.set_consent(&ctx, &body).await?;
    job.finish().await
}
