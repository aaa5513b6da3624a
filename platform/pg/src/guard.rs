//! The second line behind [`crate::begin`]: a pool that does not hand out sessions with somebody else's transaction.
//!
//! Dropping a future inside sqlx 0.9.0's `begin` puts a connection with an open transaction back into the pool; what the
//! next borrower writes without a transaction of its own is then acknowledged, and vanishes. A question to the server on
//! every return finds such a connection, and was a third of all statements of an order. [`crate::begin`] is the one
//! place that begins transactions, so it knows when one was torn: the pool asks then, for as long as a torn session can
//! live. Debug builds ask always, so that every test would notice a way around `begin`.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use sqlx::{Connection as _, PgConnection, Row as _};

/// The server ends a session that is idle inside a transaction after this time.
pub(crate) const IDLE_IN_TRANSACTION: Duration = Duration::from_secs(10);
/// Asked for longer than a torn session lives, whoever borrowed it meanwhile.
const SUSPECTED_FOR: Duration = Duration::from_secs(60);
/// A connection that was used less long ago goes out without a round trip: it is hardly dead.
const TRUSTED_FOR: Duration = Duration::from_millis(100);

/// A healthy connection answers a ping at once; one that is owed an answer that never comes does not, and would be lost to
/// the pool for ever.
const PONG_WITHIN: Duration = Duration::from_secs(2);

/// When a pool asks its connections whether they are free of a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guarding {
    /// Each time that one comes back: what debug builds do.
    Always,
    /// Each time for a minute after a `begin` was torn: what release builds do.
    OnSuspicion,
}

impl Default for Guarding {
    fn default() -> Self {
        if cfg!(debug_assertions) {
            Self::Always
        } else {
            Self::OnSuspicion
        }
    }
}

/// What a pool and its `begin` share.
#[derive(Debug)]
pub(crate) struct Guard {
    guarding: Guarding,
    made: Instant,
    /// Milliseconds since `made`; zero for never.
    suspected_until: AtomicU64,
}

impl Guard {
    pub(crate) fn new(guarding: Guarding) -> Arc<Self> {
        Arc::new(Self {
            guarding,
            made: Instant::now(),
            suspected_until: AtomicU64::new(0),
        })
    }

    fn millis(&self, after: Duration) -> u64 {
        u64::try_from((self.made.elapsed() + after).as_millis()).unwrap_or(u64::MAX)
    }

    fn asks(&self) -> bool {
        self.guarding == Guarding::Always
            || self.suspected_until.load(Ordering::SeqCst) > self.millis(Duration::ZERO)
    }

    /// To be held while a transaction begins, and dropped before the connection is.
    pub(crate) fn watch(self: &Arc<Self>) -> Watch {
        Watch(Some(self.clone()))
    }

    /// May this connection stay in the pool?
    pub(crate) async fn returned(&self, conn: &mut PgConnection) -> Result<bool, sqlx::Error> {
        pong(conn).await?;
        if self.asks() {
            outside_transaction(conn).await
        } else {
            Ok(true)
        }
    }

    /// May this connection, which lay for `idle`, go out?
    pub(crate) async fn lent(&self, conn: &mut PgConnection, idle: Duration) -> Result<bool, sqlx::Error> {
        if idle >= TRUSTED_FOR {
            pong(conn).await?;
        }
        Ok(true)
    }
}

/// Reads what is left of the last answer, and one more. An error makes sqlx close the connection without farewell.
async fn pong(conn: &mut PgConnection) -> Result<(), sqlx::Error> {
    tokio::time::timeout(PONG_WITHIN, conn.ping())
        .await
        .unwrap_or_else(|_elapsed| Err(sqlx::Error::Io(std::io::ErrorKind::TimedOut.into())))
}

/// Armed while a transaction begins.
#[derive(Debug)]
pub(crate) struct Watch(Option<Arc<Guard>>);

impl Watch {
    /// The beginning came to its end, whatever that was.
    pub(crate) fn disarm(mut self) {
        self.0 = None;
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if let Some(guard) = &self.0 {
            let until = guard.millis(SUSPECTED_FOR);
            guard.suspected_until.fetch_max(until, Ordering::SeqCst);
            tracing::error!("a transaction was torn while it began");
        }
    }
}

/// Is this session inside a transaction that nobody owns? Then sqlx closes it.
///
/// The query must stay unprepared: with Parse, Bind and Execute `statement_timestamp()` moves past `now()`
/// and the guard closes healthy connections.
async fn outside_transaction(conn: &mut PgConnection) -> Result<bool, sqlx::Error> {
    let row = sqlx::raw_sql("select now() = statement_timestamp()")
        .fetch_one(conn)
        .await?;
    let free = row.try_get::<bool, _>(0)?;
    if !free {
        tracing::error!("a connection was left inside a transaction and is closed");
    }
    Ok(free)
}
