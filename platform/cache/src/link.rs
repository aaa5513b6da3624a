use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ::redis::aio::{ConnectionManager, ConnectionManagerConfig};
use ::redis::{Client, RedisResult};
use khaacho_lifecycle::Breaker;

use crate::debts::Debts;
use crate::state::Status;
use crate::trouble::Trouble;

/// Limit of one command on a request's path, connecting included.
pub(crate) const COMMAND: Duration = Duration::from_millis(50);
/// Limit of making a connection: TCP, TLS, authentication.
pub(crate) const CONNECT: Duration = Duration::from_secs(1);
/// Commands that may wait for the socket before callers wait for room.
const PIPELINE: usize = 1024;

/// Failures in a row after which requests are spared the wait.
const FAILURES_MAX: u32 = 5;
/// For how long they then are; afterwards one command at a time may try.
const SPARED: Duration = Duration::from_secs(1);

/// Pause before the `n`-th try in a row, from 50 ms up to 2 s.
pub(crate) fn backoff(n: u32) -> Duration {
    Duration::from_millis(u64::from(n).saturating_mul(50).min(2000))
}

/// Who asks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gate {
    /// A request: refused while the breaker is open, never waits longer than [`COMMAND`].
    Request,
    /// The probe: passes the breaker (its success closes it) and waits for a connection that is being made.
    Probe,
}

/// The connection to one server and what is known about it.
pub(crate) struct Link {
    client: Result<Client, Trouble>,
    slot: Mutex<Option<Arc<Slot>>>,
    breaker: Breaker,
    pub(crate) status: Status,
    pub(crate) debts: Debts,
    /// Tells our own invalidations from those of other processes.
    pub(crate) id: String,
}

/// One connection manager. It reconnects by itself when a connection drops, but it keeps a connection that
/// is merely silent (a frozen server, a dropped route) for as long as TCP does, and it keeps the error of a
/// refused handshake for ever. Those are replaced as a whole: see [`Link::learn`].
struct Slot {
    manager: ConnectionManager,
    /// The server answered something over the current connection.
    heard: AtomicBool,
}

impl Link {
    pub(crate) fn new(url: &str) -> Self {
        let client = Client::open(url).map_err(Trouble::from);
        if let Err(trouble) = &client {
            tracing::error!(redis.error = %trouble, "the redis address is unusable");
        }
        Self {
            client,
            slot: Mutex::new(None),
            breaker: Breaker::new(FAILURES_MAX, SPARED),
            status: Status::new(),
            debts: Debts::default(),
            id: format!("{:016x}", fastrand::u64(..)),
        }
    }

    pub(crate) fn client(&self) -> Result<&Client, Trouble> {
        self.client.as_ref().map_err(Clone::clone)
    }

    /// Sends what `command` sends and learns from the outcome.
    pub(crate) async fn ask<T, F, Answer>(&self, gate: Gate, command: F) -> Result<T, Trouble>
    where
        F: FnOnce(ConnectionManager) -> Answer,
        Answer: Future<Output = RedisResult<T>>,
    {
        if gate == Gate::Request && !self.breaker.admits() {
            return Err(Trouble::Open);
        }
        let slot = self.slot().inspect_err(|trouble| self.status.degraded(trouble))?;
        let limit = match gate {
            Gate::Probe if !slot.heard.load(SeqCst) => CONNECT + COMMAND,
            _ => COMMAND,
        };
        let (answer, cut) = match tokio::time::timeout(limit, command(slot.manager.clone())).await {
            Ok(answer) => (answer.map_err(Trouble::from), false),
            Err(_) => (Err(Trouble::Timeout), true),
        };
        self.learn(&slot, answer.as_ref().err(), cut);
        answer
    }

    /// `cut`: we stopped waiting; the manager itself reported nothing.
    fn learn(&self, slot: &Arc<Slot>, trouble: Option<&Trouble>, cut: bool) {
        if let Some(kind) = trouble.and_then(Trouble::kind) {
            metrics::counter!("redis_errors_total", "kind" => kind).increment(1);
        }
        let heard = slot.heard.load(SeqCst);
        match trouble {
            None => {
                slot.heard.store(true, SeqCst);
                self.breaker.succeeded();
                self.status.answered();
            }
            // An answer, only not the wanted one: the server is there and quick.
            Some(full @ Trouble::Oom) => {
                slot.heard.store(true, SeqCst);
                self.breaker.succeeded();
                self.status.degraded(full);
            }
            Some(Trouble::Other(_)) if heard => self.breaker.succeeded(),
            // One broken connection fails everything in flight on it; that is one event, not many.
            Some(_) if !self.is_current(slot) => {}
            Some(trouble) => {
                let open = self.breaker.failed();
                let dropped = matches!(trouble, Trouble::Io(_)) && heard;
                let silent = heard && !dropped && open;
                // A connection never heard of whose failure the manager reported: the handshake failed.
                // Without a report it is still being made, and taking it away would mean that a slow
                // handshake never ends.
                let unmade = !heard && !cut;
                if dropped {
                    slot.heard.store(false, SeqCst);
                } else if silent || unmade {
                    self.discard(slot);
                }
                if open {
                    self.status.degraded(trouble);
                }
            }
        }
    }

    fn slot(&self) -> Result<Arc<Slot>, Trouble> {
        let mut current = self.lock();
        if let Some(slot) = &*current {
            return Ok(slot.clone());
        }
        let config = ConnectionManagerConfig::new()
            .set_number_of_retries(0)
            .set_connection_timeout(Some(CONNECT))
            .set_response_timeout(Some(COMMAND))
            .set_pipeline_buffer_size(PIPELINE);
        let manager = ConnectionManager::new_lazy_with_config(self.client()?.clone(), config)?;
        let slot = Arc::new(Slot {
            manager,
            heard: AtomicBool::new(false),
        });
        *current = Some(slot.clone());
        Ok(slot)
    }

    fn is_current(&self, slot: &Arc<Slot>) -> bool {
        self.lock()
            .as_ref()
            .is_some_and(|current| Arc::ptr_eq(current, slot))
    }

    fn discard(&self, slot: &Arc<Slot>) {
        let mut current = self.lock();
        if current.as_ref().is_some_and(|now| Arc::ptr_eq(now, slot)) {
            *current = None;
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Arc<Slot>>> {
        self.slot.lock().expect("no code panics while it holds this lock")
    }
}
