//! Offers operations at a fixed rate, or as fast as a number of connections takes them.
//!
//! At a fixed rate the time of each operation is known before the run begins, whatever happens to the ones before it,
//! and its latency counts from then: a server that stalls for a second is charged for everything that should have
//! been sent during it.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinSet;

use super::client::Connection;
use super::tally::{Outcome, Tally};

/// After the end, what is still waiting for a connection may be sent for this long; then it counts as never sent.
const GRACE: Duration = Duration::from_secs(5);

/// How operations arrive.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Arrival {
    /// Each connection sends its next one when it has the answer to the last.
    Closed,
    /// So many a second, come what may.
    Rate(f64),
}

/// A run.
#[derive(Debug, Clone)]
pub struct Plan {
    /// How operations arrive.
    pub arrival: Arrival,
    /// Connections; with a rate, the most that are under way at once.
    pub connections: usize,
    /// How long.
    pub time: Duration,
    /// At most so many operations; 0 for no limit.
    pub count: u64,
    /// Number of the first operation; operations of one data set never share a number.
    pub first: u64,
}

/// A kind of operation.
pub trait Workload: Send + Sync + 'static {
    /// Carries out operation `n`, which is the same whenever and wherever it is sent.
    fn operate(&self, n: u64, connection: &mut Connection) -> impl Future<Output = Outcome> + Send;
}

/// What came of a run.
#[derive(Debug)]
pub struct Done {
    /// Counts and latencies.
    pub tally: Tally,
    /// From the first intended send to the last answer.
    pub wall: Duration,
    /// Number that the next run on the same data may begin with.
    pub next: u64,
}

/// Offers a workload to `host:port`.
///
/// # Panics
/// When an operation panics.
pub async fn offer<W: Workload>(work: Arc<W>, address: &str, plan: &Plan) -> Done {
    match plan.arrival {
        Arrival::Closed => closed(work, address, plan).await,
        Arrival::Rate(rate) => open(work, address, plan, rate).await,
    }
}

async fn closed<W: Workload>(work: Arc<W>, address: &str, plan: &Plan) -> Done {
    let next = Arc::new(AtomicU64::new(plan.first));
    let last = if plan.count == 0 {
        u64::MAX
    } else {
        plan.first + plan.count
    };
    let began = Instant::now();
    let end = began + plan.time;
    let mut connections = JoinSet::new();
    for _ in 0..plan.connections {
        let (work, next) = (work.clone(), next.clone());
        let mut connection = Connection::new(address);
        connections.spawn(async move {
            let mut tally = Tally::default();
            while Instant::now() < end {
                let n = next.fetch_add(1, Ordering::Relaxed);
                if n >= last {
                    break;
                }
                let sent = Instant::now();
                let outcome = work.operate(n, &mut connection).await;
                let took = sent.elapsed();
                tally.record(outcome, took, took);
            }
            tally
        });
    }
    gather(connections, began, || next.load(Ordering::Relaxed)).await
}

async fn open<W: Workload>(work: Arc<W>, address: &str, plan: &Plan, rate: f64) -> Done {
    let (send, receive) = mpsc::unbounded_channel::<(u64, Instant)>();
    let receive = Arc::new(Mutex::new(receive));
    let began = Instant::now();
    let over = Arc::new(AtomicBool::new(false));
    let mut connections = JoinSet::new();
    for _ in 0..plan.connections {
        let (work, receive) = (work.clone(), receive.clone());
        let mut connection = Connection::new(address);
        let give_up = began + plan.time + GRACE;
        connections.spawn(async move {
            let mut tally = Tally::default();
            loop {
                // one waits for the next operation, the others for the lock
                let due = receive.lock().await.recv().await;
                let Some((n, intended)) = due else { break };
                let sent = Instant::now();
                let outcome = if sent > give_up {
                    Outcome::Bad("never sent".to_owned())
                } else {
                    work.operate(n, &mut connection).await
                };
                tally.record(outcome, intended.elapsed(), sent.elapsed());
            }
            tally
        });
    }
    let total = operations(plan, rate);
    let pacer = Pacer {
        began,
        rate,
        first: plan.first,
        total,
        over: over.clone(),
    };
    // A thread, because the runtime's timers are no finer than a millisecond.
    let pacing = std::thread::spawn(move || pacer.run(&send));
    let done = gather(connections, began, || plan.first + total).await;
    over.store(true, Ordering::Relaxed);
    pacing.join().expect("the pacer does not panic");
    done
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a rate times seconds is a small positive number"
)]
fn operations(plan: &Plan, rate: f64) -> u64 {
    let fit = (rate * plan.time.as_secs_f64()).floor().max(1.0) as u64;
    if plan.count == 0 { fit } else { fit.min(plan.count) }
}

struct Pacer {
    began: Instant,
    rate: f64,
    first: u64,
    total: u64,
    over: Arc<AtomicBool>,
}

impl Pacer {
    /// Hands out each operation at its time; when it wakes late, all that are due at once.
    fn run(&self, send: &mpsc::UnboundedSender<(u64, Instant)>) {
        for n in 0..self.total {
            #[expect(clippy::cast_precision_loss, reason = "far fewer than 2^52 operations")]
            let intended = self.began + Duration::from_secs_f64(n as f64 / self.rate);
            loop {
                let now = Instant::now();
                if now >= intended {
                    break;
                }
                if self.over.load(Ordering::Relaxed) {
                    return;
                }
                std::thread::park_timeout(intended - now);
            }
            if send.send((self.first + n, intended)).is_err() {
                return;
            }
        }
    }
}

async fn gather(mut connections: JoinSet<Tally>, began: Instant, next: impl Fn() -> u64) -> Done {
    let mut tally = Tally::default();
    while let Some(one) = connections.join_next().await {
        tally.add(&one.expect("operations do not panic"));
    }
    Done {
        tally,
        wall: began.elapsed(),
        next: next(),
    }
}

#[cfg(test)]
mod tests;
