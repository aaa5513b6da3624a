//! One statement for many callers: keys that arrive while others are being carried out go together in the next one.
//! For reads, and for writes of one statement that need no decision. Commands have [`crate::gather()`].

use std::collections::VecDeque;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use khaacho_fault::Fault;
use sqlx::PgPool;
use tokio::sync::oneshot;

use crate::lanes::Lanes;

/// Keys of one statement at most.
const KEYS_MAX: usize = 64;

/// A statement has to be answered within this, the wait for a connection included.
const ANSWER_MAX: Duration = Duration::from_secs(10);

/// Carries out many keys; one answer a key, in their order.
pub type Load<K, V> = fn(PgPool, Vec<K>) -> BoxFuture<'static, Result<Vec<V>, Fault>>;

/// Callers who share statements. What a caller reads was read after its call began, so it sees its own writes.
pub struct Together<K, V>(Arc<Inner<K, V>>);

struct Inner<K, V> {
    load: Load<K, V>,
    queue: Mutex<Queue<K, V>>,
}

struct Queue<K, V> {
    waiting: VecDeque<(K, oneshot::Sender<Result<V, Fault>>)>,
    lanes: Lanes,
}

impl<K, V> std::fmt::Debug for Together<K, V> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Together")
    }
}

impl<K, V> Clone for Together<K, V> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<K: Send + 'static, V: Send + 'static> Together<K, V> {
    /// Nobody is there yet.
    pub fn new(load: Load<K, V>) -> Self {
        let queue = Queue {
            waiting: VecDeque::new(),
            lanes: Lanes::default(),
        };
        Self(Arc::new(Inner {
            load,
            queue: Mutex::new(queue),
        }))
    }

    /// The answer for one key. A caller that goes away stops waiting; its statement goes on.
    ///
    /// # Errors
    /// Whatever the statement ends with, the same for everybody in it.
    pub async fn ask(&self, pool: &PgPool, key: K) -> Result<V, Fault> {
        let (answer, answered) = oneshot::channel();
        let another = {
            let mut queue = self.queue();
            queue.waiting.push_back((key, answer));
            queue.lanes.open()
        };
        if another {
            #[expect(
                clippy::disallowed_methods,
                reason = "the first caller may go away, the others' statement may not"
            )]
            tokio::spawn(self.clone().carry_out(pool.clone()));
        }
        match answered.await {
            Ok(answer) => answer,
            Err(_gone) => Err(Fault::bug("a shared statement panicked").outcome_unknown()),
        }
    }

    /// Takes what waits until nothing does.
    async fn carry_out(self, pool: PgPool) {
        while let Some((keys, answers)) = self.next() {
            let asked = keys.len();
            let load = self.0.load;
            // a panic costs these callers their answers, and nobody else's
            let loading = khaacho_pg::answered_within(ANSWER_MAX, load(pool.clone(), keys));
            let loaded = AssertUnwindSafe(loading).catch_unwind().await;
            let loaded = match loaded {
                Ok(Ok(values)) if values.len() != asked => Err(Fault::bug(
                    "a shared statement has another number of answers than keys",
                )),
                Ok(loaded) => loaded,
                Err(_panic) => {
                    metrics::counter!("panics_total", "where" => "statement").increment(1);
                    continue;
                }
            };
            match loaded {
                Ok(values) => {
                    for (answer, value) in answers.into_iter().zip(values) {
                        let _ = answer.send(Ok(value));
                    }
                }
                Err(fault) => {
                    for answer in answers {
                        let _ = answer.send(Err(fault.clone()));
                    }
                }
            }
        }
    }

    #[expect(clippy::type_complexity, reason = "keys and who asked for them, apart")]
    fn next(&self) -> Option<(Vec<K>, Vec<oneshot::Sender<Result<V, Fault>>>)> {
        let mut queue = self.queue();
        if queue.waiting.is_empty() {
            queue.lanes.close();
            return None;
        }
        queue.lanes.begin();
        let count = queue.waiting.len().min(KEYS_MAX);
        Some(queue.waiting.drain(..count).unzip())
    }

    fn queue(&self) -> std::sync::MutexGuard<'_, Queue<K, V>> {
        self.0.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
