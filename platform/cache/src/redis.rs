use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

use ::redis::{Cmd, FromRedisValue, Pipeline, Script, ToRedisArgs};
use tokio_util::sync::CancellationToken;

use crate::debts::Owed;
use crate::generations::Generations;
use crate::link::{Gate, Link, backoff};
use crate::state::State;
use crate::trouble::Trouble;
use crate::{listen, shelf};

/// Pause between two probes of a healthy server.
const PROBE_EVERY: Duration = Duration::from_secs(2);

/// The optional accelerator. Cheap to clone; all clones share one connection, one breaker and one state.
///
/// Every command ends within 50 ms, after five failures in a row at once; nothing that must not be lost may
/// depend on it. Spawn [`Redis::probe`] and [`Redis::listen_invalidations`] once per handle.
#[derive(Clone)]
pub struct Redis {
    pub(crate) link: Option<Arc<Link>>,
    /// Memory layers of this process's caches.
    caches: Arc<Mutex<Vec<Weak<Generations>>>>,
}

impl Redis {
    /// A handle for `redis://`, `rediss://` (the process-wide rustls provider must be installed) or
    /// `redis+unix://`; `None` = off.
    ///
    /// Returns at once and never fails: connecting begins with the first command or probe. An address that
    /// does not parse is logged and stays [`State::Degraded`]; use [`Redis::check`] to refuse it in the
    /// configuration.
    pub fn connect(url: Option<&str>) -> Self {
        Self {
            link: url.map(|url| Arc::new(Link::new(url))),
            caches: Arc::default(),
        }
    }

    /// Is this an address that [`Redis::connect`] can use?
    ///
    /// # Errors
    /// A sentence without the address (it may hold a password).
    pub fn check(url: &str) -> Result<(), Trouble> {
        ::redis::Client::open(url).map(drop).map_err(Trouble::from)
    }

    /// How Redis is doing; never touches the network.
    pub fn state(&self) -> State {
        self.link.as_ref().map_or(State::Off, |link| link.status.get())
    }

    /// Sends one command.
    ///
    /// # Errors
    /// [`Trouble`] after at most 50 ms. After `Timeout` and `Io` the command may have been carried out.
    pub async fn run<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, Trouble> {
        let send = |mut manager| async move { command.query_async(&mut manager).await };
        self.link()?.ask(Gate::Request, send).await
    }

    /// Sends several commands in one round trip; `T` is a tuple or list of their answers.
    ///
    /// # Errors
    /// As [`Redis::run`]. An error of one command does not stop the others.
    pub async fn run_all<T: FromRedisValue>(&self, commands: &Pipeline) -> Result<T, Trouble> {
        let send = |mut manager| async move { commands.query_async(&mut manager).await };
        self.link()?.ask(Gate::Request, send).await
    }

    /// Runs a Lua script by its hash, uploading it when the server does not know it.
    ///
    /// # Errors
    /// As [`Redis::run`]; the 50 ms include the upload.
    pub async fn eval<T: FromRedisValue>(
        &self,
        script: &Script,
        keys: &[impl ToRedisArgs],
        args: &[impl ToRedisArgs],
    ) -> Result<T, Trouble> {
        let mut call = script.prepare_invoke();
        for key in keys {
            call.key(key);
        }
        for arg in args {
            call.arg(arg);
        }
        let call = &call;
        let send = |mut manager| async move { call.invoke_async(&mut manager).await };
        self.link()?.ask(Gate::Request, send).await
    }

    /// Keeps [`Redis::state`] fresh, drives connecting and repeats unconfirmed invalidations, until `stop`.
    ///
    /// PING every 2 s (while the server is full a small SET, the only way to learn that it no longer is);
    /// after the `n`-th failure in a row again in `min(n × 50, 2000)` ms.
    pub fn probe(&self, stop: CancellationToken) -> impl Future<Output = ()> + Send + 'static + use<> {
        let redis = self.clone();
        async move {
            let Some(link) = &redis.link else {
                return stop.cancelled().await;
            };
            let rounds = async {
                let mut failures = 0_u32;
                loop {
                    let rest = match probe_once(link).await {
                        Ok(()) => {
                            failures = 0;
                            redis.settle_debts(link).await;
                            PROBE_EVERY
                        }
                        Err(trouble) => {
                            failures = failures.saturating_add(1);
                            // Loading its data or a changed password: quick answers, so the breaker stays
                            // closed.
                            if matches!(trouble, Trouble::Other(_)) {
                                link.status.degraded(&trouble);
                            }
                            tracing::debug!(redis.error = %trouble, redis.failures = failures, "no ping");
                            backoff(failures)
                        }
                    };
                    tokio::time::sleep(rest).await;
                }
            };
            let _stopped: Option<()> = stop.run_until_cancelled(rounds).await;
        }
    }

    /// Drops this process's memory copies when another process invalidates a key, until `stop`.
    ///
    /// Whenever the subscription is made anew everything is dropped once, because messages may have been
    /// missed.
    pub fn listen_invalidations(
        &self,
        stop: CancellationToken,
    ) -> impl Future<Output = ()> + Send + 'static + use<> {
        listen::invalidations(self.clone(), stop)
    }

    pub(crate) fn link(&self) -> Result<&Arc<Link>, Trouble> {
        self.link.as_ref().ok_or(Trouble::Off)
    }

    pub(crate) fn register(&self, cache: &Arc<Generations>) {
        let mut caches = self.lock();
        caches.retain(|known| known.strong_count() > 0);
        caches.push(Arc::downgrade(cache));
    }

    /// Drops memory copies: of one key, of one cache (`key` is `None`) or of all caches (`namespace` is
    /// `None`).
    pub(crate) fn forget(&self, namespace: Option<&str>, key: Option<&str>) {
        for cache in self.lock().iter().filter_map(Weak::upgrade) {
            if namespace.is_none_or(|name| name == cache.namespace()) {
                match key {
                    Some(key) => cache.forget(key),
                    None => cache.forget_all(),
                }
            }
        }
    }

    /// Drops memory copies here, then tells Redis and, through it, the other processes.
    ///
    /// The debt is noted before memory forgets: a reader who sees the new generation also sees the debt and
    /// keeps away from the old value in Redis until Redis confirmed.
    pub(crate) async fn invalidate(&self, namespace: &'static str, version: u8, key: Option<&str>) {
        let Some(link) = &self.link else {
            return self.forget(Some(namespace), key);
        };
        let owed = link.debts.owe(namespace, key);
        self.forget(Some(namespace), key);
        self.settle(link, &owed, Some(version)).await;
    }

    async fn settle_debts(&self, link: &Link) {
        while let Some(owed) = link.debts.some() {
            if !self.settle(link, &owed, None).await {
                return;
            }
        }
    }

    async fn settle(&self, link: &Link, owed: &Owed, version: Option<u8>) -> bool {
        let key = owed.key.as_deref();
        let message = listen::Message {
            from: &link.id,
            cache: owed.namespace,
            key: key.map(Into::into),
        };
        let commands = shelf::forgetting(owed.namespace, version, key, &message.to_json());
        let paid = self.run_all::<()>(&commands).await;
        match &paid {
            Ok(()) => link.debts.settle(owed),
            Err(trouble) => {
                tracing::debug!(cache.name = owed.namespace, redis.error = %trouble, "invalidation is owed")
            }
        }
        paid.is_ok()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Weak<Generations>>> {
        self.caches
            .lock()
            .expect("no code panics while it holds this lock")
    }
}

async fn probe_once(link: &Link) -> Result<(), Trouble> {
    let full = link.status.is_full();
    let mut command = ::redis::cmd(if full { "SET" } else { "PING" });
    if full {
        command.arg("khaacho:probe").arg("writable").arg("EX").arg(10);
    }
    let command = &command;
    let send = |mut manager| async move { command.query_async::<()>(&mut manager).await };
    link.ask(Gate::Probe, send).await?;
    if full {
        link.status.written();
    }
    Ok(())
}

impl std::fmt::Debug for Redis {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Redis")
            .field("state", &self.state())
            .finish_non_exhaustive()
    }
}
