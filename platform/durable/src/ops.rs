//! What an operator sees of the queue, and what he may do.

use chrono::{DateTime, Utc};
use khaacho_fault::Fault;
use khaacho_ids::JobId;
use khaacho_pg::in_tx;
use sqlx::FromRow;
use uuid::Uuid;

use crate::door::Door;

/// A job as an operator sees it; bodies stay hidden.
#[derive(Debug, Clone, FromRow)]
pub struct JobRow {
    /// Id.
    pub id: Uuid,
    /// Kind.
    pub kind: String,
    /// Ordering key; may hold a phone number and must be masked.
    pub ordering_key: Option<String>,
    /// How often it was tried.
    pub attempts: i32,
    /// How many of those were faults that count.
    pub faults: i32,
    /// Reason and sentence of the last fault.
    pub last_fault: Option<String>,
    /// When it runs next.
    pub run_at: DateTime<Utc>,
    /// When it was enqueued.
    pub created_at: DateTime<Utc>,
    /// When it was parked.
    pub parked_at: Option<DateTime<Utc>>,
    /// What caused it.
    pub cause: String,
    /// Trace that enqueued it.
    pub trace_parent: String,
}

/// Figures of a queue.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Depth {
    /// Jobs that are due, run, or run later.
    pub waiting: i64,
    /// Jobs that wait for an operator.
    pub parked: i64,
    /// For how long the oldest waiting job has been due, in seconds.
    pub oldest_seconds: f64,
}

impl Door {
    /// Lists jobs, oldest first, after the given (created, id).
    pub async fn list_jobs(
        &self,
        parked: bool,
        after: Option<(DateTime<Utc>, Uuid)>,
        limit: i64,
    ) -> Result<Vec<JobRow>, Fault> {
        let (created, id) = after.unwrap_or((DateTime::UNIX_EPOCH, Uuid::nil()));
        let rows = sqlx::query_as(self.sql().list_jobs)
            .bind(parked)
            .bind(created)
            .bind(id)
            .bind(limit)
            .fetch_all(self.db().pool())
            .await?;
        Ok(rows)
    }

    /// Lets a parked job run again. `None` when no such job is parked.
    pub async fn retry_job(&self, id: JobId) -> Result<Option<JobRow>, Fault> {
        let (sql, now) = (self.sql().retry_job, self.clock().now());
        let row = in_tx(self.db(), move |conn| {
            Box::pin(async move {
                Ok(sqlx::query_as(sql)
                    .bind(id.uuid())
                    .bind(now)
                    .fetch_optional(conn)
                    .await?)
            })
        })
        .await?;
        self.ring();
        Ok(row)
    }

    /// Removes a parked job for good. `None` when no such job is parked.
    pub async fn drop_job(&self, id: JobId) -> Result<Option<JobRow>, Fault> {
        let sql = self.sql().drop_job;
        in_tx(self.db(), move |conn| {
            Box::pin(async move { Ok(sqlx::query_as(sql).bind(id.uuid()).fetch_optional(conn).await?) })
        })
        .await
    }

    /// How many jobs wait, how many are parked, how old the oldest is.
    pub async fn depth(&self) -> Result<Depth, Fault> {
        let asked = sqlx::query_as(self.sql().depth)
            .bind(self.clock().now())
            .fetch_one(self.db().pool());
        let (waiting, parked, oldest): (i64, i64, f64) = khaacho_pg::answered(asked).await?;
        let service = self.service();
        metrics::gauge!("queue_depth", "service" => service, "state" => "waiting").set(waiting as f64);
        metrics::gauge!("queue_depth", "service" => service, "state" => "parked").set(parked as f64);
        metrics::gauge!("queue_oldest_age_seconds", "service" => service).set(oldest.max(0.0));
        metrics::gauge!("outbox_pending", "service" => service).set(waiting as f64);
        Ok(Depth {
            waiting,
            parked,
            oldest_seconds: oldest.max(0.0),
        })
    }
}
