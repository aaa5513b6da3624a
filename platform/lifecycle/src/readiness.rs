use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::watch;

/// State of one dependency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Not looked at yet.
    Unknown,
    /// Works; the last probe took this long.
    Up(Duration),
    /// Does not work, since when and why. Without it the process cannot serve.
    Down(Instant, String),
    /// Does not work, but the process serves without it.
    Degraded(Instant, String),
    /// Not configured.
    Off,
}

/// Dependency states of a process, written by probes in the background and read without I/O.
#[derive(Debug, Clone)]
pub struct Readiness {
    states: Arc<Mutex<BTreeMap<String, State>>>,
    stopping: Arc<watch::Sender<bool>>,
    changed: Arc<watch::Sender<u64>>,
}

impl Default for Readiness {
    fn default() -> Self {
        Self::new()
    }
}

impl Readiness {
    /// Nothing known yet.
    pub fn new() -> Self {
        Self {
            states: Arc::default(),
            stopping: Arc::new(watch::Sender::new(false)),
            changed: Arc::new(watch::Sender::new(0)),
        }
    }

    /// Announces a dependency, so that readiness waits for its first probe.
    pub fn expect(&self, name: &str) {
        self.set(name, State::Unknown);
    }

    /// Records what a probe saw.
    pub fn set(&self, name: &str, state: State) {
        let mut states = self.states.lock().unwrap_or_else(PoisonError::into_inner);
        let state = match (states.get(name), state) {
            // The beginning of a trouble is kept.
            (Some(State::Down(since, _)), State::Down(_, why)) => State::Down(*since, why),
            (Some(State::Degraded(since, _)), State::Degraded(_, why)) => State::Degraded(*since, why),
            (_, state) => state,
        };
        states.insert(name.to_owned(), state);
        drop(states);
        self.changed.send_modify(|n| *n += 1);
    }

    /// All states by name.
    pub fn states(&self) -> BTreeMap<String, State> {
        self.states.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The process begins to stop: not ready from now on.
    pub fn stop(&self) {
        self.stopping.send_replace(true);
        self.changed.send_modify(|n| *n += 1);
    }

    /// Whether the process is stopping.
    pub fn is_stopping(&self) -> bool {
        *self.stopping.borrow()
    }

    /// `Ok` when every dependency was seen and none is down; otherwise why not, for people.
    pub fn ready(&self) -> Result<(), String> {
        if self.is_stopping() {
            return Err("stopping".to_owned());
        }
        for (name, state) in self.states() {
            match state {
                State::Unknown => return Err(format!("{name} has not been probed yet")),
                State::Down(_, why) => return Err(format!("{name} is down: {why}")),
                State::Up(_) | State::Degraded(..) | State::Off => {}
            }
        }
        Ok(())
    }

    /// Changes whenever a state may have changed.
    pub fn watch(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ready_means_all_seen_none_down_and_not_stopping() {
        let readiness = Readiness::new();
        assert!(
            readiness.ready().is_ok(),
            "a process without dependencies is ready"
        );
        readiness.expect("database");
        assert!(readiness.ready().is_err());
        readiness.set("database", State::Up(Duration::ZERO));
        readiness.set("redis", State::Off);
        assert!(readiness.ready().is_ok());
        readiness.stop();
        assert_eq!(readiness.ready(), Err("stopping".to_owned()));
    }
}
