//! What the service does on its own.

pub(crate) mod notify_payment;
pub(crate) mod watch_ledger;

use khaacho_durable::JobKind;
use khaacho_rpc::Peers;

/// All kinds of durable jobs.
pub(crate) fn kinds(peers: &Peers) -> Vec<JobKind> {
    vec![notify_payment::kind(peers)]
}
