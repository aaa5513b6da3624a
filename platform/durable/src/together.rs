//! One statement for many callers: keys that arrive while others are being carried out go together in the next one.
//! For reads, and for writes of one statement that need no decision. Commands have [`crate::gather()`].

use std::collections::VecDeque;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use khaacho_fault::{Fault, Kind};
use sqlx::PgPool;
use tokio::sync::oneshot;

use crate::lanes::{Lanes, STUCK_AFTER};

/// A statement has to be answered within this, the wait for a connection included.
const ANSWER_MAX: Duration = Duration::from_secs(10);

/// Carries out many keys; one answer a key, in their order.
pub type Load<K, V> = fn(PgPool, Vec<K>) -> BoxFuture<'static, Result<Vec<V>, Fault>>;

/// Callers who share statements. What a caller reads was read after its call began, so it sees its own writes.
pub struct Together<K, V>(Arc<Inner<K, V>>);

struct Inner<K, V> {
    name: &'static str,
    keys_max: usize,
    load: Load<K, V>,
    queue: Mutex<Queue<K, V>>,
}

struct Waiting<K, V> {
    key: K,
    answer: oneshot::Sender<Result<V, Fault>>,
}

struct Queue<K, V> {
    waiting: VecDeque<Waiting<K, V>>,
    lanes: Lanes,
}

impl<K, V> std::fmt::Debug for Together<K, V> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Together").field(&self.0.name).finish()
    }
}

impl<K, V> Clone for Together<K, V> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<K: Clone + Send + 'static, V: Send + 'static> Together<K, V> {
    /// Statements of at most `keys_max` keys; `name` stands in metrics and logs.
    pub fn new(name: &'static str, keys_max: usize, load: Load<K, V>) -> Self {
        let queue = Queue {
            waiting: VecDeque::new(),
            lanes: Lanes::default(),
        };
        Self(Arc::new(Inner {
            name,
            keys_max,
            load,
            queue: Mutex::new(queue),
        }))
    }

    /// The answer for one key. A caller that goes away stops waiting; a statement that has begun goes on.
    ///
    /// # Errors
    /// Whatever the statement ends with. Keys whose statement failed although the server answers are carried out one by
    /// one, so that none of them fails for another one's sake.
    pub async fn ask(&self, pool: &PgPool, key: K) -> Result<V, Fault> {
        let (answer, mut answered) = oneshot::channel();
        let another = {
            let mut queue = self.queue();
            queue.waiting.push_back(Waiting { key, answer });
            queue.lanes.open()
        };
        if another {
            self.begin(pool);
        }
        loop {
            match tokio::time::timeout(STUCK_AFTER, &mut answered).await {
                Ok(Ok(answer)) => return answer,
                Ok(Err(_gone)) => {
                    return Err(Fault::bug("a shared statement panicked").outcome_unknown());
                }
                Err(_elapsed) => {
                    let another = {
                        let mut queue = self.queue();
                        !queue.waiting.is_empty() && queue.lanes.open()
                    };
                    if another {
                        self.begin(pool);
                    }
                }
            }
        }
    }

    fn begin(&self, pool: &PgPool) {
        #[expect(
            clippy::disallowed_methods,
            reason = "the caller who begins may go away, the others' statement may not"
        )]
        tokio::spawn(self.clone().lane(pool.clone()));
    }

    /// Takes what waits until nothing does.
    async fn lane(self, pool: PgPool) {
        while let Some((keys, answers)) = self.next() {
            metrics::histogram!("shared_statement_keys", "statement" => self.0.name).record(size(keys.len()));
            // a panic costs these callers their answers, and nobody else's
            let done = AssertUnwindSafe(self.carry_out(&pool, keys, answers))
                .catch_unwind()
                .await;
            if done.is_err() {
                metrics::counter!("panics_total", "where" => "statement").increment(1);
                tracing::error!(statement = self.0.name, "a shared statement panicked");
            }
        }
    }

    async fn carry_out(&self, pool: &PgPool, keys: Vec<K>, answers: Vec<oneshot::Sender<Result<V, Fault>>>) {
        let alone = if keys.len() > 1 { keys.clone() } else { Vec::new() };
        match self.load(pool, keys).await {
            Ok(values) => {
                for (answer, value) in answers.into_iter().zip(values) {
                    let _ = answer.send(Ok(value));
                }
            }
            Err(fault) if alone.is_empty() || silent(&fault) => {
                for answer in answers {
                    let _ = answer.send(Err(fault.clone()));
                }
            }
            Err(fault) => {
                tracing::debug!(statement = self.0.name, fault = %fault, "its keys go one by one");
                for (key, answer) in alone.into_iter().zip(answers) {
                    let one = self.load(pool, vec![key]).await;
                    let _ = answer.send(one.and_then(|mut values| values.pop().ok_or_else(miscounted)));
                }
            }
        }
    }

    async fn load(&self, pool: &PgPool, keys: Vec<K>) -> Result<Vec<V>, Fault> {
        let asked = keys.len();
        let loading = async { (self.0.load)(pool.clone(), keys).await };
        let values = khaacho_pg::answered_within(ANSWER_MAX, loading).await?;
        if values.len() == asked {
            Ok(values)
        } else {
            Err(miscounted())
        }
    }

    /// The next keys whose callers are still there; `None` ends the lane.
    #[expect(clippy::type_complexity, reason = "keys and who asked for them, apart")]
    fn next(&self) -> Option<(Vec<K>, Vec<oneshot::Sender<Result<V, Fault>>>)> {
        let mut queue = self.queue();
        queue.waiting.retain(|one| !one.answer.is_closed());
        if queue.waiting.is_empty() {
            queue.lanes.close();
            return None;
        }
        queue.lanes.begin();
        let count = queue.waiting.len().min(self.0.keys_max);
        Some(
            queue
                .waiting
                .drain(..count)
                .map(|one| (one.key, one.answer))
                .unzip(),
        )
    }

    fn queue(&self) -> std::sync::MutexGuard<'_, Queue<K, V>> {
        self.0.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether the server does not answer, so that asking once for each key would only make it worse.
fn silent(fault: &Fault) -> bool {
    matches!(fault.kind(), Kind::Unavailable | Kind::Late | Kind::Exhausted)
}

fn miscounted() -> Fault {
    Fault::bug("a shared statement has another number of answers than keys")
}

fn size(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::MAX, f64::from)
}
