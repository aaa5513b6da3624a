//! Tells the catalogue what a shop calls its products, and what nobody could match.

use khaacho_durable::{Finished, JobRun};
use khaacho_fault::Fault;

use super::TeachBody;
use crate::service::Service;

/// Tells it; what it has heard from this message before changes nothing there.
pub async fn run(service: &Service, job: &JobRun) -> Result<Finished, Fault> {
    let body: TeachBody = job.body()?;
    let ctx = job.ctx().clone().caused_by(&body.inbound_id);
    service.peers.teach(&ctx, &body.inbound_id, &body.lessons).await?;
    job.finish().await
}
