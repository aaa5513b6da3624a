use std::future::Future;

use chrono::{DateTime, Utc};
use khaacho_fault::Fault;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::tx::Tx;

/// The pure half of a write, implemented in a service's `domain/<verb>.rs`.
///
/// Its serialised form is the fingerprint of the request, so it holds what the caller asked for and nothing else.
pub trait Command: Serialize + Send + Sync + 'static {
    /// Name of the verb, such as `PlaceHold`; part of the idempotency key.
    const NAME: &'static str;
    /// Everything the decision needs to see.
    type Snapshot: Send;
    /// What shall be written.
    type Decision: Send;
    /// Why nothing shall be written.
    type Refusal: Into<Fault> + Send;

    /// Decides. No waiting, no clock, no chance: what it needs is in the arguments.
    fn decide(&self, seen: Self::Snapshot, now: DateTime<Utc>) -> Result<Self::Decision, Self::Refusal>;
}

/// The SQL half of a write, implemented in a service's `store/<verb>.rs`.
pub trait Transact: Command {
    /// What the caller learns; stored for replays.
    type Reply: Serialize + DeserializeOwned + Send + 'static;

    /// Whether the reply is remembered under the caller's request id. `false` for commands whose derived ids make a
    /// repetition harmless by themselves, and for steps of jobs.
    const REMEMBERED: bool = true;

    /// Reads what the decision needs and takes the locks, in the documented order.
    fn load(&self, tx: &mut Tx) -> impl Future<Output = Result<Self::Snapshot, Fault>> + Send;

    /// Writes the decision. It only writes: there is no second look.
    fn save(
        &self,
        decision: Self::Decision,
        tx: &mut Tx,
    ) -> impl Future<Output = Result<Self::Reply, Fault>> + Send;
}
