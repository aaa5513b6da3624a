//! One measurement: warm up, offer, and what it cost meanwhile.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use serde::{Deserialize, Serialize};

use super::chats::Chats;
use super::echo::Echoes;
use super::orders::{Mix, Orders};
use super::pace::{Arrival, Done, Plan, Workload, offer};
use super::pages::Pages;
use super::payments::Payments;
use super::sink::Sink;
use super::tally::Summary;
use super::webhooks::Webhooks;
use crate::bench::machine::{Moment, Spent};

/// What can be offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Kind {
    /// Echoes of the floor server, with `--url`.
    W0,
    /// Acknowledging signed webhooks.
    W1,
    /// Ordering by chat, from the list to the message that the order is placed.
    W2,
    /// Placing orders by REST, until credit and stock are secured.
    W3,
    /// Recording payments.
    W5,
    /// Reading lists of orders.
    W6,
    /// Idle memory and start times; nothing is offered.
    W8,
}

/// What is offered, and how.
#[derive(Debug, Clone)]
pub struct Offer {
    /// Workload.
    pub kind: Kind,
    /// Which rows it touches.
    pub mix: Mix,
    /// Percentage of orders that are meant to be refused.
    pub refused: f64,
    /// How operations arrive.
    pub arrival: Arrival,
    /// Connections.
    pub connections: usize,
    /// Counted part, in seconds.
    pub seconds: f64,
    /// Before it, in seconds.
    pub warm_up: f64,
    /// At most so many operations; 0 for no limit.
    pub count: u64,
    /// Seed of all choices.
    pub seed: u64,
}

impl Offer {
    /// As fast as `connections` take it, for `seconds` after three seconds of warm-up; 5 % of orders are refused.
    #[must_use]
    pub fn peak(kind: Kind, connections: usize, seconds: f64) -> Self {
        Self {
            kind,
            mix: Mix::Spread,
            refused: 5.0,
            arrival: Arrival::Closed,
            connections,
            seconds,
            warm_up: 3.0,
            count: 0,
            seed: 1,
        }
    }
}

/// Whom it is offered to.
#[derive(Debug, Clone)]
pub struct Target {
    /// `host:port` of the gateway.
    pub address: String,
    /// Owner's key.
    pub key: String,
    /// Where the mesh sends messages; chats need it.
    pub sink: Option<Arc<Sink>>,
}

/// What a measurement came to.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Ran {
    /// Counts and latencies.
    pub summary: Summary,
    /// All operations, refused and failed ones too.
    pub operations: u64,
    /// Those of the warm-up.
    pub warmed: u64,
    /// Processor time meanwhile; absent when the mesh's processes are not ours.
    pub spent: Option<Spent>,
}

impl Ran {
    /// Microseconds of processor time for each operation, by part.
    #[must_use]
    pub fn cpu(&self) -> BTreeMap<String, f64> {
        self.spent
            .as_ref()
            .map(|spent| spent.per_operation(self.operations))
            .unwrap_or_default()
    }

    /// Processors that everybody else kept busy.
    #[must_use]
    pub fn other_cores(&self) -> f64 {
        self.spent.as_ref().map_or(0.0, |spent| spent.other_cores)
    }
}

/// Warms up and measures. `look` reads the processors' clocks, where they can be read.
///
/// # Errors
/// When a chat has no sink, or nothing can be offered.
pub async fn measure(what: &Offer, to: &Target, look: impl Fn() -> Option<Moment>) -> anyhow::Result<Ran> {
    let tag = format!("{:?}-{:08x}", what.kind, fastrand::u32(..)).to_lowercase();
    let key = &to.key;
    let ran = match what.kind {
        Kind::W0 => run(what, to, Echoes, look).await,
        Kind::W1 => run(what, to, Webhooks::new(&tag), look).await,
        Kind::W2 => {
            let sink = to.sink.clone().context("chats need a sink, so a private mesh")?;
            run(what, to, Chats::new(sink, what.seed, &tag), look).await
        }
        Kind::W3 => {
            let orders = Orders::new(what.mix, what.refused, what.seed, &tag, key);
            run(what, to, orders, look).await
        }
        Kind::W5 => run(what, to, Payments::new(what.mix, what.seed, &tag, key), look).await,
        Kind::W6 => {
            let pages = Pages::new(what.seed, key, &to.address).await?;
            run(what, to, pages, look).await
        }
        Kind::W8 => anyhow::bail!("w8 offers nothing"),
    };
    Ok(ran)
}

/// [`measure`] of a workload that is made already.
pub async fn run<W: Workload>(what: &Offer, to: &Target, work: W, look: impl Fn() -> Option<Moment>) -> Ran {
    let work = Arc::new(work);
    let mut plan = Plan {
        arrival: what.arrival,
        connections: what.connections,
        time: Duration::from_secs_f64(what.warm_up.max(0.001)),
        count: 0,
        first: 0,
    };
    if what.warm_up > 0.0 {
        plan.first = offer(work.clone(), &to.address, &plan).await.next;
    }
    plan.time = Duration::from_secs_f64(what.seconds);
    plan.count = what.count;
    let before = look();
    let Done { tally, wall, .. } = offer(work, &to.address, &plan).await;
    let after = look();
    let summary = tally.summary(wall);
    Ran {
        operations: summary.good + summary.refused + summary.shed + summary.bad,
        warmed: plan.first,
        summary,
        spent: after.zip(before).map(|(after, before)| after.since(&before)),
    }
}
