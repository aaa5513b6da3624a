use std::sync::Mutex;

use tokio::time::Instant;

use crate::trouble::Trouble;

/// How Redis is doing, for health bodies. Reading it never touches the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Not configured: everything works from memory and the database.
    Off,
    /// Answers in time.
    Up,
    /// Configured, but the process currently works without it.
    Degraded {
        /// Begin of this outage.
        since: Instant,
        /// The latest reason.
        why: Why,
    },
}

/// Reason of [`State::Degraded`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// No command has been answered yet since the process started.
    Connecting,
    /// Answers too late.
    Slow,
    /// Cannot be reached.
    Unreachable,
    /// Refuses writes because its memory is full; reads still work.
    Full,
    /// Answers with errors: wrong password, loading its data, an address that does not parse.
    Refusing,
}

impl Why {
    /// Lower-case word for health bodies and logs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Connecting => "connecting",
            Self::Slow => "slow",
            Self::Unreachable => "unreachable",
            Self::Full => "full",
            Self::Refusing => "refusing",
        }
    }

    pub(crate) fn of(trouble: &Trouble) -> Self {
        match trouble {
            Trouble::Timeout | Trouble::Open => Self::Slow,
            Trouble::Io(_) => Self::Unreachable,
            Trouble::Oom => Self::Full,
            Trouble::Other(_) | Trouble::Off => Self::Refusing,
        }
    }
}

/// The current state; logs transitions only, so that an outage costs two lines and not one per command.
pub(crate) struct Status(Mutex<Known>);

struct Known {
    state: State,
    /// A write was refused and none has succeeded since; reads say nothing about it.
    full: bool,
}

impl Status {
    pub(crate) fn new() -> Self {
        let state = State::Degraded {
            since: Instant::now(),
            why: Why::Connecting,
        };
        Self(Mutex::new(Known { state, full: false }))
    }

    pub(crate) fn get(&self) -> State {
        self.lock().state
    }

    /// A command was answered.
    pub(crate) fn answered(&self) {
        let mut known = self.lock();
        let now = Instant::now();
        if known.state == State::Up || known.full {
            return;
        }
        if let State::Degraded { since, why } = known.state {
            let seconds = (now - since).as_secs_f64();
            tracing::info!(redis.was = why.as_str(), redis.seconds = seconds, "redis is up");
        }
        known.state = State::Up;
        metrics::gauge!("redis_up").set(1.0);
    }

    /// Must the next probe be a write?
    pub(crate) fn is_full(&self) -> bool {
        self.lock().full
    }

    /// A write of the probe succeeded.
    pub(crate) fn written(&self) {
        self.lock().full = false;
        self.answered();
    }

    /// Redis is in trouble; `since` of an outage already known is kept.
    pub(crate) fn degraded(&self, trouble: &Trouble) {
        let mut known = self.lock();
        let now = Instant::now();
        let why = Why::of(trouble);
        if why == Why::Full {
            known.full = true;
        }
        let since = match known.state {
            State::Degraded {
                since,
                why: Why::Connecting,
            } => Some(since),
            State::Degraded { since, why: old } => {
                known.state = State::Degraded { since, why };
                if old != why {
                    tracing::debug!(redis.why = why.as_str(), redis.error = %trouble, "still degraded");
                }
                return;
            }
            State::Up | State::Off => None,
        };
        tracing::warn!(redis.why = why.as_str(), redis.error = %trouble, "going on without redis");
        known.state = State::Degraded {
            since: since.unwrap_or(now),
            why,
        };
        metrics::gauge!("redis_up").set(0.0);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Known> {
        self.0.lock().expect("no code panics while it holds this lock")
    }
}
