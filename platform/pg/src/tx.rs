//! Transactions that a caller who goes away cannot leave open.

use std::time::{Duration, Instant};

use futures_util::future::BoxFuture;
use khaacho_fault::Fault;
use khaacho_planted::{self as planted, Bug};
use sqlx::{AssertSqlSafe, PgConnection, Postgres, SqlSafeStr, Transaction};
use tracing::Instrument;

use crate::{Db, answered, answered_within};

/// `begin` waits for nothing in the server.
const BEGUN_WITHIN: Duration = Duration::from_secs(5);
/// A transaction without a deadline ends before this.
const WHOLE_MAX: Duration = Duration::from_secs(120);
/// What a transaction may take beyond its deadline: the server ends its statements by themselves before.
const BEYOND: Duration = Duration::from_secs(5);

/// Runs `work` in a transaction on a task of its own and waits for it: commit when it returns `Ok`, else
/// rollback. Dropping the returned future stops the waiting, not the transaction.
///
/// ```no_run
/// # async fn example(db: khaacho_pg::Db) -> Result<(), khaacho_fault::Fault> {
/// let seen = khaacho_pg::in_tx(&db, |conn| Box::pin(async move {
///     Ok(sqlx::query_scalar::<_, i64>("select count(*) from credit.account").fetch_one(conn).await?)
/// })).await?;
/// # Ok(()) }
/// ```
///
/// # Errors
/// The fault of `work`; that of a failed commit, with an unknown outcome when the connection was lost; `Bug`
/// when `work` panicked.
pub async fn in_tx<T, F>(db: &Db, work: F) -> Result<T, Fault>
where
    T: Send + 'static,
    F: for<'c> FnOnce(&'c mut PgConnection) -> BoxFuture<'c, Result<T, Fault>> + Send + 'static,
{
    in_tx_until(db, None, work).await
}

/// [`in_tx`] with a deadline: no statement may run longer than what was left of it when the transaction
/// began, and a connection that is not free in time is `Late`.
///
/// # Errors
/// As [`in_tx`].
pub async fn in_tx_until<T, F>(db: &Db, deadline: Option<Instant>, work: F) -> Result<T, Fault>
where
    T: Send + 'static,
    F: for<'c> FnOnce(&'c mut PgConnection) -> BoxFuture<'c, Result<T, Fault>> + Send + 'static,
{
    let db = db.clone();
    let whole = async move {
        let mut tx = begin(&db, deadline).await?;
        let limit = deadline.map_or(WHOLE_MAX, |at| {
            at.saturating_duration_since(Instant::now()) + BEYOND
        });
        match answered_within(limit, work(&mut tx)).await {
            Ok(value) => commit(tx).await.map(|()| value),
            Err(fault) => {
                // its own failure says nothing new: the server rolls back when the session ends
                let _ = tokio::time::timeout(BEGUN_WITHIN, tx.rollback()).await;
                Err(fault)
            }
        }
    };
    #[expect(
        clippy::disallowed_methods,
        reason = "the caller may be dropped, this task may not; it is awaited here"
    )]
    let task = tokio::spawn(whole.in_current_span());
    match task.await {
        Ok(result) => result,
        Err(error) if error.is_panic() => Err(Fault::bug(error)),
        // only the end of the runtime cancels it
        Err(error) => Err(Fault::unavailable(error).outcome_unknown()),
    }
}

/// Begins a transaction whose statements end before `deadline`, in one round trip.
///
/// **Only on a task that no caller can drop** (one that was spawned for the whole transaction): dropping the
/// future of sqlx 0.9.0's `begin` puts a connection with an open transaction back into the pool. The pool's
/// guard is told, and catches it when the connection comes back, at the price of that connection. End it with [`commit`]; dropping it
/// rolls back.
///
/// # Errors
/// `Late` when the deadline passed before a connection was free, `Unavailable` without a database.
pub async fn begin(db: &Db, deadline: Option<Instant>) -> Result<Transaction<'static, Postgres>, Fault> {
    // Every idle connection may have died since it was used, and none of them ran anything of ours.
    let mut dead = 0;
    loop {
        match begin_once(db, deadline).await {
            Err(Refused::Dead(_)) if dead < db.stats().max => dead += 1,
            Err(Refused::Dead(error)) => return Err(Fault::unavailable(error)),
            Err(Refused::Other(fault)) => return Err(fault),
            Ok(tx) => return Ok(tx),
        }
    }
}

enum Refused {
    /// The connection was gone before the transaction began.
    Dead(sqlx::Error),
    Other(Fault),
}

async fn begin_once(db: &Db, deadline: Option<Instant>) -> Result<Transaction<'static, Postgres>, Refused> {
    let acquire = db.pool().acquire();
    let conn = match deadline {
        None => acquire.await,
        Some(at) => tokio::time::timeout_at(at.into(), acquire)
            .await
            .map_err(|_| Refused::Other(Fault::late()))?,
    };
    let conn = conn.map_err(|error| Refused::Other(error.into()))?;
    let statement = match deadline.map(|at| at.saturating_duration_since(Instant::now())) {
        Some(left) if left < Duration::from_millis(1) => return Err(Refused::Other(Fault::late())),
        Some(left) if left < db.statement_timeout() => AssertSqlSafe(format!(
            "begin; set local statement_timeout = {}",
            left.as_millis()
        ))
        .into_sql_str(),
        _ => "begin".into_sql_str(),
    };
    let mut beginning = Transaction::begin(conn, Some(statement));
    // declared after it and so dropped before it: the pool knows of a torn beginning before it has the connection back
    let watch = db.watch();
    let begun = tokio::time::timeout(BEGUN_WITHIN, &mut beginning)
        .await
        .map_err(|_| Refused::Other(Fault::unavailable("the database does not answer to `begin`")))?;
    watch.disarm();
    begun.map_err(|error| {
        let gone = match &error {
            sqlx::Error::Io(_) => true,
            sqlx::Error::Database(database) => database.code().is_some_and(|code| lost(&code)),
            _ => false,
        };
        if gone {
            Refused::Dead(error)
        } else {
            Refused::Other(error.into())
        }
    })
}

/// Commits, and says so when nobody knows whether it did.
///
/// # Errors
/// `Unavailable` with an unknown outcome when the connection was lost; otherwise the commit certainly failed
/// (a deferred constraint, a serialization failure).
pub async fn commit(mut tx: Transaction<'static, Postgres>) -> Result<(), Fault> {
    if cfg!(debug_assertions) {
        // After a statement failed and the code swallowed the error, `commit` is a rollback that reports
        // success. Tests and development pay a round trip to hear of it: this fails with 25P02.
        sqlx::raw_sql("select 1").execute(&mut *tx).await?;
    }
    answered(tx.commit()).await.map_err(commit_fault)
}

fn commit_fault(error: sqlx::Error) -> Fault {
    let definite = error
        .as_database_error()
        .and_then(|database| database.code())
        .is_some_and(|code| !lost(&code));
    if planted::on(Bug::CommitErrorAsFailed) {
        Fault::conflict(khaacho_fault::reason::STALE_VERSION).cause(error)
    } else if definite {
        Fault::from(error)
    } else {
        Fault::unavailable(error).outcome_unknown()
    }
}

/// SQLSTATEs after which the session is gone, wherever the commit was: connection exceptions and shutdowns.
fn lost(code: &str) -> bool {
    code.starts_with("08") || code.starts_with("57P")
}

#[cfg(test)]
mod tests {
    use khaacho_fault::{Kind, Outcome};

    use super::{commit_fault, lost};

    #[test]
    fn a_lost_connection_leaves_the_outcome_unknown() {
        let fault = commit_fault(sqlx::Error::Io(std::io::ErrorKind::UnexpectedEof.into()));
        assert_eq!(
            (fault.kind(), fault.outcome()),
            (Kind::Unavailable, Outcome::Unknown)
        );
        let fault = commit_fault(sqlx::Error::Protocol("cut".to_owned()));
        assert_eq!(
            (fault.kind(), fault.outcome()),
            (Kind::Unavailable, Outcome::Unknown)
        );
    }

    #[test]
    fn a_refused_commit_is_certain() {
        assert!(!lost("23514"), "deferred constraint");
        assert!(!lost("40001"), "serialization failure");
        assert!(lost("57P01") && lost("08006"));
    }
}
