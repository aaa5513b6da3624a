//! Work that nobody asks for.

pub(crate) mod drift;
pub(crate) mod release_stale;

use std::sync::Arc;

use khaacho_durable::{Door, JobKind, Runner, Schedule};
use khaacho_rpc::Peers;

use crate::config::Config;

/// The runner of the service's durable jobs.
pub(crate) fn runner(door: &Door, peers: &Peers, config: &Config) -> Runner {
    let (peers, pending_max) = (peers.clone(), config.pending_max);
    let stale = JobKind::new(release_stale::KIND, move |job: Arc<khaacho_durable::JobRun>| {
        let peers = peers.clone();
        async move { release_stale::run(&job, &peers, pending_max).await }
    });
    let every = Schedule {
        kind: release_stale::KIND,
        every: release_stale::EVERY,
    };
    Runner::new(door.clone(), vec![stale]).schedule(every)
}
