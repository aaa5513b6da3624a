//! Limits on this side of the connection. The server's `statement_timeout` says nothing when the network swallowed the
//! statement or its answer: without these, whoever asked would wait until the end of the process.

use std::future::Future;
use std::time::Duration;

use khaacho_fault::Fault;

/// One statement, with the wait for a connection: more than the server's own limits add up to.
const ANSWER_MAX: Duration = Duration::from_secs(10);

/// Waits for a statement's answer, ten seconds at most. The connection is closed by the pool's guard after that.
///
/// # Errors
/// Those of `work`; `Io` with `TimedOut` when no answer came.
pub async fn answered<T>(work: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, sqlx::Error> {
    match tokio::time::timeout(ANSWER_MAX, work).await {
        Ok(done) => done,
        Err(_elapsed) => Err(sqlx::Error::Io(std::io::Error::new(
            std::io::ErrorKind::TimedOut,
            "the database took a statement and gave no answer",
        ))),
    }
}

/// Waits for several statements, `limit` at most.
///
/// # Errors
/// Those of `work`; `Unavailable` when it did not end.
pub async fn answered_within<T>(
    limit: Duration,
    work: impl Future<Output = Result<T, Fault>>,
) -> Result<T, Fault> {
    tokio::time::timeout(limit, work)
        .await
        .unwrap_or_else(|_elapsed| {
            Err(Fault::unavailable(
                "the database took a statement and gave no answer",
            ))
        })
}
