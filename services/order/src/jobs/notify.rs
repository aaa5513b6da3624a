use khaacho_durable::{Finished, JobRun};
use khaacho_fault::{Fault, Kind};

use super::NotifyBody;
use crate::service::Service;

/// Hands messages to the notification service. A repetition meets their keys.
pub async fn run(service: &Service, job: &JobRun) -> Result<Finished, Fault> {
    let body: NotifyBody = job.body()?;
    let Err(fault) = service.peers.enqueue(job.ctx(), &body.notices).await else {
        return job.finish().await;
    };
    if hopeless(&fault) && body.notices.len() > 1 {
        // The one that cannot be sent must not keep the others back; the job is parked with it all the same.
        for notice in body.notices.chunks(1) {
            let alone = service.peers.enqueue(job.ctx(), notice).await;
            alone.or_else(|fault| if hopeless(&fault) { Ok(()) } else { Err(fault) })?;
        }
    }
    Err(fault)
}

/// Whether asking again would change nothing.
fn hopeless(fault: &Fault) -> bool {
    matches!(fault.kind(), Kind::Invalid | Kind::Refused | Kind::NotFound)
}
