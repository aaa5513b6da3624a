use khaacho_durable::{Finished, JobRun};
use khaacho_fault::Fault;

use super::NotifyBody;
use crate::service::Service;

/// Hands messages to the notification service. A repetition meets their keys.
pub async fn run(service: &Service, job: &JobRun) -> Result<Finished, Fault> {
    let body: NotifyBody = job.body()?;
    service.peers.enqueue(job.ctx(), &body.notices).await?;
    job.finish().await
}
