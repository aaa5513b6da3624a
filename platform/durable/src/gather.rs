//! The batched door. Commands of a hot verb that arrive while others are in their transaction are carried out
//! together in the next one: one row update and one commit for all of them. Without load a command goes alone and
//! nothing waits.

use std::any::{Any, TypeId};
use std::collections::{HashMap, VecDeque};
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::{FutureExt as _, StreamExt as _, stream};
use khaacho_fault::{Fault, Outcome, reason};
use khaacho_planted::{self as planted, Bug};
use khaacho_rpc::Ctx;
use tokio::sync::oneshot;
use tracing::Instrument as _;
use uuid::Uuid;

use crate::command::Transact;
use crate::door::Door;
use crate::lanes::{Lanes, STUCK_AFTER};
use crate::remembered;
use crate::run::{Done, Key, begin, run_and_finish};
use crate::tx::Tx;

/// Commands of one transaction at most: a batch has to be over long before somebody's patience is.
const BATCH_MAX: usize = 64;
/// A batch that takes longer than this holds up everybody behind it: it goes one by one.
const TOGETHER_MAX: std::time::Duration = std::time::Duration::from_secs(5);
/// Commands of a batch that have to go alone after all do so this many at a time.
const ALONE_AT_ONCE: usize = 4;

/// One command of a batch.
#[derive(Debug)]
pub struct Item<'a, C> {
    /// What is asked.
    pub command: &'a C,
    /// Who asked, in which trace, caused by what; rows carry its ids, not those of the batch.
    pub ctx: &'a Ctx,
}

/// What became of one command of a batch.
#[derive(Debug)]
pub enum Verdict<R> {
    /// It is carried out, if the transaction commits.
    Done(R),
    /// It was refused, and nothing of it is written but the refusal.
    Refused(Fault),
    /// It does not fit the batch, and nothing of it is written; it is carried out alone afterwards. The command of a job
    /// that is not done, for this or another reason, breaks the batch up: its job must stay.
    Alone,
}

/// A verb whose concurrent commands share transactions.
pub trait Gathered: Transact {
    /// Loads, decides (each command by its own [`crate::Command::decide`], in their order, later ones seeing what earlier
    /// ones leave) and saves with set-based statements. The answer has one verdict a command. `Err` rolls everything
    /// back, and each command goes alone.
    fn carry_out(
        items: &[Item<'_, Self>],
        tx: &mut Tx,
    ) -> impl Future<Output = Result<Vec<Verdict<Self::Reply>>, Fault>> + Send
    where
        Self: Sized;
}

/// Bugs of commands that go by themselves.
const APART: [Bug; 8] = [
    Bug::FindThenCreate,
    Bug::RememberedApart,
    Bug::TransactionOfRequest,
    Bug::NoFencing,
    Bug::LimitReadThenWrite,
    Bug::StaleDecision,
    Bug::HoldPerAttempt,
    Bug::CommitErrorAsFailed,
];

/// [`crate::run()`] through the batched door.
///
/// # Errors
/// As [`crate::run()`].
pub async fn gather<C: Gathered>(door: &Door, ctx: &Ctx, command: C) -> Result<Done<C::Reply>, Fault> {
    gather_and_finish(door, ctx, command, None).await
}

pub(crate) async fn gather_and_finish<C: Gathered>(
    door: &Door,
    ctx: &Ctx,
    command: C,
    job: Option<(Uuid, Uuid)>,
) -> Result<Done<C::Reply>, Fault> {
    if APART.into_iter().any(planted::on) {
        return run_and_finish(door, ctx, command, job).await;
    }
    let (span, ctx) = begin::<C>(ctx);
    let key = Key::of(&ctx, &command)?;
    let (answer, mut answered) = oneshot::channel();
    let waiting = Waiting {
        command,
        ctx,
        key,
        job,
        answer,
    };
    let gatherer = door.gatherers().of::<C>();
    gatherer.clone().add(door, waiting);
    let answering = async {
        loop {
            match tokio::time::timeout(STUCK_AFTER, &mut answered).await {
                Ok(Ok(done)) => return done,
                Ok(Err(_gone)) => return Err(Fault::bug("a batch panicked").outcome_unknown()),
                Err(_elapsed) => gatherer.clone().help(door),
            }
        }
    };
    answering.instrument(span).await
}

struct Waiting<C: Transact> {
    command: C,
    ctx: Ctx,
    key: Option<Key>,
    job: Option<(Uuid, Uuid)>,
    answer: oneshot::Sender<Result<Done<C::Reply>, Fault>>,
}

/// The gatherers of a door, one a verb.
#[derive(Default)]
pub(crate) struct Gatherers(Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>);

impl std::fmt::Debug for Gatherers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Gatherers")
    }
}

impl Gatherers {
    fn of<C: Gathered>(&self) -> Arc<Gatherer<C>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let one = all
            .entry(TypeId::of::<C>())
            .or_insert_with(|| Arc::new(Gatherer::<C>::default()));
        one.clone().downcast().expect("kept under its own type")
    }
}

struct Gatherer<C: Transact>(Mutex<Queue<C>>);

struct Queue<C: Transact> {
    waiting: VecDeque<Waiting<C>>,
    lanes: Lanes,
}

impl<C: Transact> Default for Gatherer<C> {
    fn default() -> Self {
        Self(Mutex::new(Queue {
            waiting: VecDeque::new(),
            lanes: Lanes::default(),
        }))
    }
}

impl<C: Gathered> Gatherer<C> {
    fn add(self: Arc<Self>, door: &Door, one: Waiting<C>) {
        let mut queue = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        queue.waiting.push_back(one);
        let another = queue.lanes.open();
        drop(queue);
        if another {
            self.begin(door);
        }
    }

    /// Whoever waits for long looks whether anybody is at work.
    fn help(self: Arc<Self>, door: &Door) {
        let mut queue = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let another = !queue.waiting.is_empty() && queue.lanes.open();
        drop(queue);
        if another {
            self.begin(door);
        }
    }

    fn begin(self: Arc<Self>, door: &Door) {
        let lane = self.lane(door.clone());
        #[expect(
            clippy::disallowed_methods,
            reason = "callers may be dropped, the transaction may not; they wait for their answers, and so does a stop"
        )]
        tokio::spawn(lane);
    }

    /// Takes what waits until nothing does.
    async fn lane(self: Arc<Self>, door: Door) {
        while let Some(batch) = self.next() {
            // a panic costs the batch its answers, not the verb its lane
            let done = std::panic::AssertUnwindSafe(carry_out(&door, batch))
                .catch_unwind()
                .await;
            if done.is_err() {
                metrics::counter!("panics_total", "where" => "batch").increment(1);
                tracing::error!(command = C::NAME, "a batch panicked");
            }
        }
    }

    /// The next batch; `None` ends the lane.
    fn next(&self) -> Option<Vec<Waiting<C>>> {
        let mut queue = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if queue.waiting.is_empty() {
            queue.lanes.close();
            return None;
        }
        queue.lanes.begin();
        let count = queue.waiting.len().min(BATCH_MAX);
        Some(queue.waiting.drain(..count).collect())
    }
}

async fn carry_out<C: Gathered>(door: &Door, batch: Vec<Waiting<C>>) {
    let (batch, late): (Vec<_>, Vec<_>) = batch
        .into_iter()
        .partition(|w| !w.ctx.deadline().left().is_zero());
    for one in late {
        let _ = one.answer.send(Err(Fault::late()));
    }
    metrics::histogram!("command_batch_size", "command" => C::NAME).record(size(batch.len()));
    if batch.len() < 2 {
        return each_alone(door, batch).await;
    }
    let span = tracing::debug_span!("batch", command = C::NAME, batch.size = batch.len());
    match together(door, &batch).instrument(span).await {
        Ok(verdicts) => {
            let mut alone = Vec::new();
            for (one, verdict) in batch.into_iter().zip(verdicts) {
                match verdict {
                    Verdict::Done(reply) => {
                        let replayed = false;
                        let _ = one.answer.send(Ok(Done { reply, replayed }));
                    }
                    Verdict::Refused(fault) => {
                        let _ = one.answer.send(Err(fault));
                    }
                    Verdict::Alone => alone.push(one),
                }
            }
            each_alone(door, alone).await;
        }
        Err(fault) if fault.outcome() == Outcome::Unknown => {
            for one in batch {
                let done = match &one.key {
                    Some(key) => crate::run::look_again::<C>(door, key, fault.clone()).await,
                    None => Err(fault.clone()),
                };
                let _ = one.answer.send(done);
            }
        }
        Err(fault) => {
            metrics::counter!("command_batches_split_total", "command" => C::NAME).increment(1);
            tracing::debug!(command = C::NAME, fault = %fault, "a batch goes one by one");
            each_alone(door, batch).await;
        }
    }
}

async fn each_alone<C: Gathered>(door: &Door, batch: Vec<Waiting<C>>) {
    stream::iter(batch)
        .for_each_concurrent(ALONE_AT_ONCE, |one| async move {
            let done = run_and_finish(door, &one.ctx, one.command, one.job).await;
            let _ = one.answer.send(done);
        })
        .await;
}

/// All of them in one transaction.
async fn together<C: Gathered>(door: &Door, batch: &[Waiting<C>]) -> Result<Vec<Verdict<C::Reply>>, Fault> {
    let longest = batch
        .iter()
        .map(|w| w.ctx.deadline().left())
        .max()
        .unwrap_or_default();
    // whoever has to go alone after all needs the rest
    let limit = (longest / 3).min(TOGETHER_MAX);
    let inner = khaacho_pg::begin(door.db(), Some(std::time::Instant::now() + limit)).await?;
    let mut tx = Tx::new(inner, door.clone(), batch[0].ctx.clone());
    match khaacho_pg::answered_within(limit * 2, inside(batch, &mut tx)).await {
        Ok(verdicts) if tx.answers() || verdicts.iter().any(|v| matches!(v, Verdict::Done(_))) => {
            tx.commit().await.map(|()| verdicts)
        }
        Ok(verdicts) => {
            tx.rollback().await;
            Ok(verdicts)
        }
        Err(fault) => {
            tx.rollback().await;
            Err(fault)
        }
    }
}

async fn inside<C: Gathered>(batch: &[Waiting<C>], tx: &mut Tx) -> Result<Vec<Verdict<C::Reply>>, Fault> {
    let keys: Vec<Option<&Key>> = batch.iter().map(|w| w.key.as_ref()).collect();
    let first = claims::claim(tx, &keys).await?;
    // Before anything is looked at, as when they go alone: who adds work for a job that ends here waits for us.
    let jobs: Vec<(Uuid, Uuid)> = batch
        .iter()
        .zip(&first)
        .filter(|(_, first)| **first)
        .filter_map(|(w, _)| w.job)
        .collect();
    claims::finish(tx, &jobs).await?;
    let items: Vec<Item<'_, C>> = batch
        .iter()
        .zip(&first)
        .filter(|(_, first)| **first)
        .map(|(w, _)| Item {
            command: &w.command,
            ctx: &w.ctx,
        })
        .collect();
    let made = C::carry_out(&items, tx).await?;
    if made.len() != items.len() {
        return Err(Fault::bug("a batch has another number of verdicts than commands"));
    }
    // Somebody with the same request id was first, before the batch or in it.
    let mut made = made.into_iter();
    let verdicts: Vec<_> = first
        .iter()
        .map(|first| {
            if *first {
                made.next().unwrap_or(Verdict::Alone)
            } else {
                Verdict::Alone
            }
        })
        .collect();
    let mut undone = Vec::new();
    for ((one, verdict), first) in batch.iter().zip(&verdicts).zip(&first) {
        match (verdict, &one.key) {
            (Verdict::Done(reply), Some(key)) => {
                tx.remember(key.clone(), serde_json::to_value(reply).map_err(Fault::bug)?);
            }
            (Verdict::Done(_), None) => {}
            (_, _) if *first && one.job.is_some() => {
                return Err(
                    Fault::conflict(reason::CONCURRENT_UPDATE).cause("a job of the batch is not done")
                );
            }
            (Verdict::Refused(fault), Some(key)) if *first => match remembered::refusal(fault) {
                // a copy of the request that arrives late must not do what somebody was told is not done
                Some(no) => tx.remember(key.clone(), no),
                None => undone.push(key),
            },
            (_, Some(key)) if *first => undone.push(key),
            _ => {}
        }
    }
    claims::give_back(tx, &undone).await?;
    Ok(verdicts)
}

fn size(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::MAX, f64::from)
}

mod claims {
    //! Request ids and jobs of a batch.

    use std::collections::HashSet;

    use khaacho_fault::{Fault, reason};
    use sqlx::Row as _;
    use uuid::Uuid;

    use crate::run::Key;
    use crate::tx::Tx;

    type Name<'a> = (&'a str, &'a str, &'a str);

    fn name(key: &Key) -> Name<'_> {
        (&key.caller, key.method, &key.request_id)
    }

    /// Claims request ids; the answer tells which commands may go on with the batch.
    pub(super) async fn claim(tx: &mut Tx, keys: &[Option<&Key>]) -> Result<Vec<bool>, Fault> {
        let mut seen = HashSet::new();
        let mut first: Vec<bool> = keys
            .iter()
            .map(|key| key.is_none_or(|key| seen.insert(name(key))))
            .collect();
        let mut mine: Vec<&Key> = keys
            .iter()
            .zip(&first)
            .filter(|(_, f)| **f)
            .filter_map(|(k, _)| *k)
            .collect();
        if mine.is_empty() {
            return Ok(first);
        }
        // always in the same order: two batches with the same ids would else wait for each other
        mine.sort_by_key(|key| name(key));
        let sql = tx.sql().claim_requests;
        let rows = sqlx::query(sql)
            .bind(mine.iter().map(|k| k.caller.as_str()).collect::<Vec<_>>())
            .bind(mine.iter().map(|k| k.method).collect::<Vec<_>>())
            .bind(mine.iter().map(|k| k.request_id.as_str()).collect::<Vec<_>>())
            .bind(mine.iter().map(|k| k.fingerprint.as_slice()).collect::<Vec<_>>())
            .fetch_all(tx.conn())
            .await?;
        let claimed: HashSet<(String, String, String)> = rows
            .iter()
            .map(|row| (row.get(0), row.get(1), row.get(2)))
            .collect();
        for (key, first) in keys.iter().zip(&mut first) {
            if let Some(key) = key {
                let name = (key.caller.clone(), key.method.to_owned(), key.request_id.clone());
                *first = *first && claimed.contains(&name);
            }
        }
        Ok(first)
    }

    /// Forgets request ids of commands that were not carried out.
    pub(super) async fn give_back(tx: &mut Tx, keys: &[&Key]) -> Result<(), Fault> {
        if keys.is_empty() {
            return Ok(());
        }
        let sql = tx.sql().forget_requests;
        sqlx::query(sql)
            .bind(keys.iter().map(|k| k.caller.as_str()).collect::<Vec<_>>())
            .bind(keys.iter().map(|k| k.method).collect::<Vec<_>>())
            .bind(keys.iter().map(|k| k.request_id.as_str()).collect::<Vec<_>>())
            .execute(tx.conn())
            .await?;
        Ok(())
    }

    /// Removes the jobs whose effects are in the batch. One that somebody else has taken over breaks the batch up.
    pub(super) async fn finish(tx: &mut Tx, jobs: &[(Uuid, Uuid)]) -> Result<(), Fault> {
        if jobs.is_empty() {
            return Ok(());
        }
        let sql = tx.sql().finish_jobs;
        let (ids, owners): (Vec<Uuid>, Vec<Uuid>) = jobs.iter().copied().unzip();
        let gone = sqlx::query(sql).bind(ids).bind(owners).execute(tx.conn()).await?;
        if usize::try_from(gone.rows_affected()) != Ok(jobs.len()) {
            return Err(Fault::conflict(reason::CONCURRENT_UPDATE).cause("a job of the batch is gone"));
        }
        Ok(())
    }
}
