//! Compares the books with each other, over and over: limits are kept by sums that live beside the journal, and this is
//! how anybody would notice if the two parted.

use std::time::Duration;

use khaacho_durable::Door;
use khaacho_lifecycle::Stop;
use tokio::time::MissedTickBehavior;

use crate::measures;
use crate::store::ledger_drift;

/// Runs until the stop.
pub(crate) async fn run(door: Door, every: Duration, stop: Stop) {
    let mut ticks = tokio::time::interval(every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = ticks.tick() => compare(&door).await,
        }
    }
}

async fn compare(door: &Door) {
    match ledger_drift::measure(door.db().pool()).await {
        Ok(drift) => {
            measures::drift(&drift);
            if !drift.is_zero() {
                tracing::error!(ledger.drift = ?drift, "the books do not agree");
            }
        }
        Err(fault) => tracing::warn!(error = ?fault, "could not compare the books"),
    }
}
