//! What holds whatever happened, checked straight in the database once nothing is left to do.

mod rules;

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgPool};

use crate::SOON;
use crate::wait::eventually;

/// Work that is due now or is only pausing before its next try; the far timers (deadlines of vendors, completion of
/// delivered orders) are not meant.
const WAITING: &str = "
    with job as (
        select 'order' as service, kind, run_at, parked_at, last_fault from orders.job
        union all select 'credit', kind, run_at, parked_at, last_fault from credit.job
        union all select 'inventory', kind, run_at, parked_at, last_fault from inventory.job
        union all select 'notification', kind, run_at, parked_at, last_fault from notification.job)
    select format('job %s of %s waits, %s', kind, service, coalesce(last_fault, 'no fault')) from job
    where parked_at is null and run_at <= $1 + interval '1 minute'
    union all
    select format('message %s is %s', template, state) from notification.notification
    where state in ('QUEUED', 'SENDING')
    limit 20";

/// Waits until no work is left but timers.
///
/// # Panics
/// When work is left after a while; the text lists it.
pub async fn quiesce(database: &PgPool, now: DateTime<Utc>) {
    eventually("the end of all work", SOON * 2, async || {
        let left: Result<Vec<String>, _> = sqlx::query_scalar(WAITING).bind(now).fetch_all(database).await;
        match left {
            Ok(left) if left.is_empty() => Ok(()),
            Ok(left) => Err(left.join("\n")),
            Err(error) => Err(error.to_string()),
        }
    })
    .await;
}

/// Checks every rule.
///
/// # Panics
/// With each rule that is broken and what breaks it.
pub async fn all(database: &PgPool) {
    let broken = broken(database).await;
    assert!(
        broken.is_empty(),
        "the books do not agree:\n{}",
        broken.join("\n")
    );
}

/// Every breach of every rule.
pub async fn broken(database: &PgPool) -> Vec<String> {
    let mut conn = database.acquire().await.expect("the database answers");
    broken_within(&mut conn).await
}

/// [`broken`], as this session sees the database.
pub async fn broken_within(conn: &mut PgConnection) -> Vec<String> {
    let mut broken = Vec::new();
    for (rule, query) in rules::RULES.iter().copied() {
        let found: Result<Vec<String>, _> = sqlx::query_scalar(query).fetch_all(&mut *conn).await;
        let found = found.unwrap_or_else(|error| panic!("{rule}: {error}"));
        broken.extend(found.into_iter().take(5).map(|what| format!("{rule}: {what}")));
    }
    broken
}

/// Names of all rules.
pub fn names() -> impl Iterator<Item = &'static str> {
    rules::RULES.iter().map(|(name, _)| *name)
}
