//! The one door: claim → load → decide → save → remember → commit.

use khaacho_fault::{Fault, Kind, Outcome};
use khaacho_planted::{self as planted, Bug};
use khaacho_rpc::Ctx;
use ring::digest;
use sqlx::Row as _;
use tracing::Instrument as _;
use uuid::Uuid;

use crate::command::Transact;
use crate::door::Door;
use crate::job::lease_lost;
use crate::remembered::{self, Remembered};
use crate::tx::Tx;

/// Tries of a command whose transaction lost a deadlock or serialization conflict.
const TRIES_MAX: u32 = 4;

/// A command that was carried out, now or before.
#[derive(Debug)]
pub struct Done<R> {
    /// The reply.
    pub reply: R,
    /// Whether it was carried out by an earlier request with the same id.
    pub replayed: bool,
}

/// Carries out a command in one transaction, on a task of its own: a caller that goes away stops waiting, not the
/// transaction. With a request id in the context (and [`Transact::REMEMBERED`]) a repetition gets the first answer, a
/// refusal too: a copy of the request that arrives late must not do what somebody was told is not done.
///
/// # Errors
/// The command's refusal (nothing happened, nor will it under this request id), `REQUEST_ID_REUSED`, or a fault of the database; its outcome is unknown
/// only when the connection was lost at commit and the reply cannot be found.
pub async fn run<C: Transact>(door: &Door, ctx: &Ctx, command: C) -> Result<Done<C::Reply>, Fault> {
    run_and_finish(door, ctx, command, None).await
}

pub(crate) async fn run_and_finish<C: Transact>(
    door: &Door,
    ctx: &Ctx,
    command: C,
    job: Option<(Uuid, Uuid)>,
) -> Result<Done<C::Reply>, Fault> {
    let (span, ctx) = begin::<C>(ctx);
    let work = Work {
        door: door.clone(),
        key: Key::of(&ctx, &command)?,
        ctx,
        command,
        job,
    };
    let whole = async move { work.until_settled().await }.instrument(span);
    if planted::on(Bug::TransactionOfRequest) {
        return whole.await;
    }
    #[expect(
        clippy::disallowed_methods,
        reason = "the caller may be dropped, this task may not; it is awaited here"
    )]
    let task = tokio::spawn(whole);
    match task.await {
        Ok(done) => done,
        Err(error) if error.is_panic() => Err(Fault::bug(error)),
        Err(error) => Err(Fault::unavailable(error).outcome_unknown()),
    }
}

/// The span of a command, and the context under it, so that rows and jobs point there.
pub(crate) fn begin<C: Transact>(ctx: &Ctx) -> (tracing::Span, Ctx) {
    let span = tracing::info_span!("command", otel.name = C::NAME, command = C::NAME);
    if tracing::Span::current().is_none() {
        khaacho_telemetry::set_parent(&span, ctx.trace());
    }
    let trace = span
        .in_scope(khaacho_telemetry::Trace::current)
        .unwrap_or(*ctx.trace());
    (span, ctx.clone().in_trace(trace))
}

/// Where a reply is remembered.
#[derive(Clone)]
pub(crate) struct Key {
    pub(crate) caller: String,
    pub(crate) method: &'static str,
    pub(crate) request_id: String,
    pub(crate) fingerprint: Vec<u8>,
}

impl Key {
    pub(crate) fn of<C: Transact>(ctx: &Ctx, command: &C) -> Result<Option<Self>, Fault> {
        let Some(request_id) = ctx.request_id().filter(|_| C::REMEMBERED) else {
            return Ok(None);
        };
        let body = serde_json::to_vec(command).map_err(Fault::bug)?;
        Ok(Some(Self {
            caller: ctx.principal().subject.clone(),
            method: C::NAME,
            request_id: request_id.to_owned(),
            fingerprint: digest::digest(&digest::SHA256, &body).as_ref().to_vec(),
        }))
    }
}

/// What a transaction may take beyond its deadline: the server ends its statements by themselves before.
pub(crate) const BEYOND: std::time::Duration = std::time::Duration::from_secs(5);

/// A transaction that nobody has ended yet.
struct Open(Option<Tx>);

impl Open {
    fn tx(&mut self) -> &mut Tx {
        self.0.as_mut().expect("it is there until it is taken")
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        let Some(tx) = self.0.take().filter(|_| planted::on(Bug::TransactionOfRequest)) else {
            return;
        };
        // a bug on purpose: what a request left open is committed by whoever gets the connection next
        #[expect(clippy::disallowed_methods, reason = "a bug on purpose")]
        tokio::spawn(tx.left_to_the_next());
    }
}

/// How a transaction's work ended.
enum Ended<R> {
    /// With a reply, if it commits.
    Now(R),
    /// It found an earlier answer, and did nothing.
    Before(Remembered<R>),
}

/// Bugs on purpose that write the request id when everything else is done, or after.
fn remembers_late() -> bool {
    planted::on(Bug::FindThenCreate) || planted::on(Bug::RememberedApart)
}

struct Work<C> {
    door: Door,
    ctx: Ctx,
    key: Option<Key>,
    command: C,
    job: Option<(Uuid, Uuid)>,
}

impl<C: Transact> Work<C> {
    async fn until_settled(self) -> Result<Done<C::Reply>, Fault> {
        let mut tries = 1;
        loop {
            match self.once().await {
                Err(fault) if conflicted(&fault) && tries < TRIES_MAX => {
                    metrics::counter!("command_conflicts_total", "command" => C::NAME).increment(1);
                    tokio::time::sleep(std::time::Duration::from_millis(fastrand::u64(
                        1..=10 * u64::from(tries),
                    )))
                    .await;
                    tries += 1;
                }
                Err(fault) if fault.outcome() == Outcome::Unknown => {
                    return match &self.key {
                        Some(key) => look_again::<C>(&self.door, key, fault).await,
                        None => Err(fault),
                    };
                }
                settled => return settled,
            }
        }
    }

    async fn once(&self) -> Result<Done<C::Reply>, Fault> {
        let deadline = self.ctx.deadline().instant();
        let inner = khaacho_pg::begin(self.door.db(), Some(deadline)).await?;
        let mut open = Open(Some(Tx::new(inner, self.door.clone(), self.ctx.clone())));
        let limit = self.ctx.deadline().left() + BEYOND;
        let ended = khaacho_pg::answered_within(limit, self.inside(open.tx())).await;
        let tx = open.0.take().expect("taken once");
        match ended {
            Ok(Ended::Before(answer)) => {
                tx.rollback().await;
                self.again(answer)
            }
            Ok(Ended::Now(reply)) => {
                tx.commit().await?;
                if planted::on(Bug::RememberedApart) {
                    let reply = serde_json::to_value(&reply).unwrap_or_default();
                    self.remember_apart(reply).await;
                }
                let replayed = false;
                Ok(Done { reply, replayed })
            }
            Err(fault) => {
                tx.rollback().await;
                match (&self.key, remembered::refusal(&fault)) {
                    (Some(key), Some(no)) if self.job.is_none() && !remembers_late() => {
                        self.refuse(key, no, fault).await
                    }
                    _ => Err(fault),
                }
            }
        }
    }

    /// The answer of an earlier request with the same id.
    fn again(&self, answer: Remembered<C::Reply>) -> Result<Done<C::Reply>, Fault> {
        self.ctx.mark_replayed();
        match answer {
            Remembered::Reply(reply) => Ok(Done {
                reply,
                replayed: true,
            }),
            Remembered::Refused(fault) => Err(fault),
        }
    }

    /// Remembers a no before it is told. A twin that came in between and was carried out is the answer instead.
    async fn refuse(&self, key: &Key, no: serde_json::Value, fault: Fault) -> Result<Done<C::Reply>, Fault> {
        let mut conn = self.door.db().pool().acquire().await?;
        let writing = async {
            let written = sqlx::query(self.door.sql().remember_refusal)
                .bind(&key.caller)
                .bind(key.method)
                .bind(&key.request_id)
                .bind(&key.fingerprint)
                .bind(no)
                .execute(&mut *conn)
                .await?;
            if written.rows_affected() == 1 {
                return Ok(None);
            }
            replay::<C>(&self.door, key, &mut conn).await
        };
        match khaacho_pg::answered_within(BEYOND, writing).await? {
            Some(answer) => self.again(answer),
            None => Err(fault),
        }
    }

    async fn inside(&self, tx: &mut Tx) -> Result<Ended<C::Reply>, Fault> {
        let sql = self.door.sql();
        let late = remembers_late();
        if let Some(key) = self.key.as_ref().filter(|_| late)
            && let Some(answer) = replay::<C>(&self.door, key, tx.conn()).await?
        {
            return Ok(Ended::Before(answer));
        }
        if let Some(key) = self.key.as_ref().filter(|_| !late) {
            let claimed = sqlx::query(sql.claim_request)
                .bind(&key.caller)
                .bind(key.method)
                .bind(&key.request_id)
                .bind(&key.fingerprint)
                .execute(tx.conn())
                .await?;
            if claimed.rows_affected() == 0 {
                // A twin waited here for the first one's commit.
                return replay::<C>(&self.door, key, tx.conn())
                    .await?
                    .map(Ended::Before)
                    .ok_or_else(|| Fault::conflict(khaacho_fault::reason::CONCURRENT_UPDATE));
            }
        }
        if let Some((id, owner)) = self.job {
            let gone = sqlx::query(sql.finish_job)
                .bind(id)
                .bind(owner)
                .execute(tx.conn())
                .await?;
            if gone.rows_affected() == 0 && !planted::on(Bug::NoFencing) {
                return Err(lease_lost());
            }
        }
        let seen = self.command.load(tx).await?;
        let decision = self.command.decide(seen, tx.now()).map_err(Into::into)?;
        let reply = self.command.save(decision, tx).await?;
        if planted::on(Bug::FindThenCreate) {
            self.create(tx.conn()).await?;
        }
        if let Some(key) = self.key.as_ref().filter(|_| !planted::on(Bug::RememberedApart)) {
            tx.remember(key.clone(), serde_json::to_value(&reply).map_err(Fault::bug)?);
        }
        Ok(Ended::Now(reply))
    }

    /// A bug on purpose: the request id is written when everything else is.
    async fn create(&self, conn: &mut sqlx::PgConnection) -> Result<(), Fault> {
        let Some(key) = &self.key else { return Ok(()) };
        sqlx::query(self.door.sql().claim_request)
            .bind(&key.caller)
            .bind(key.method)
            .bind(&key.request_id)
            .bind(&key.fingerprint)
            .execute(conn)
            .await?;
        Ok(())
    }

    /// A bug on purpose: the reply is remembered after the commit, if nothing comes in between.
    async fn remember_apart(&self, reply: serde_json::Value) {
        let Some(key) = self.key.clone() else { return };
        let Ok(mut conn) = self.door.db().pool().acquire().await else {
            return;
        };
        if self.create(&mut conn).await.is_ok() {
            let names = (vec![key.caller], vec![key.method], vec![key.request_id]);
            let query = sqlx::query(self.door.sql().remember_reply);
            let query = query.bind(names.0).bind(names.1).bind(names.2).bind(vec![reply]);
            let _ = query.execute(&mut *conn).await;
        }
    }
}

/// The stored answer of this request; `None` when there is none.
async fn replay<C: Transact>(
    door: &Door,
    key: &Key,
    conn: &mut sqlx::PgConnection,
) -> Result<Option<Remembered<C::Reply>>, Fault> {
    let row = sqlx::query(door.sql().find_request)
        .bind(&key.caller)
        .bind(key.method)
        .bind(&key.request_id)
        .fetch_optional(conn)
        .await?;
    let Some(row) = row else { return Ok(None) };
    if row.get::<Vec<u8>, _>("fingerprint") != key.fingerprint && !planted::on(Bug::BodyNotCompared) {
        return Err(Fault::refused(khaacho_fault::reason::REQUEST_ID_REUSED)
            .say("the request id was used before with another body"));
    }
    let Some(reply) = row.get::<Option<serde_json::Value>, _>("reply") else {
        return Ok(None);
    };
    let answer = remembered::read(reply)?;
    metrics::counter!("requests_replayed_total", "command" => C::NAME).increment(1);
    Ok(Some(answer))
}

/// Nobody knows whether the commit arrived: the remembered reply does.
pub(crate) async fn look_again<C: Transact>(
    door: &Door,
    key: &Key,
    fault: Fault,
) -> Result<Done<C::Reply>, Fault> {
    let Ok(mut conn) = door.db().pool().acquire().await else {
        return Err(fault);
    };
    match khaacho_pg::answered_within(BEYOND, replay::<C>(door, key, &mut conn)).await {
        Ok(Some(Remembered::Reply(reply))) => Ok(Done {
            reply,
            replayed: false,
        }),
        Ok(Some(Remembered::Refused(refused))) => Err(refused),
        _ => Err(fault),
    }
}

/// A deadlock or serialization failure, as opposed to a conflict that the command itself reports.
fn conflicted(fault: &Fault) -> bool {
    fault.kind() == Kind::Conflict && fault.reason() == khaacho_fault::reason::CONCURRENT_UPDATE
}
