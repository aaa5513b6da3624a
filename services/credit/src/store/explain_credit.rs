use chrono::{DateTime, Utc};
use khaacho_fault::Fault;
use khaacho_ids::OrderId;
use khaacho_money::Paisa;
use sqlx::{FromRow, PgPool};
use uuid::Uuid;

use super::unreadable;

const EXPLAIN: &str = include_str!("sql/explain_credit.sql");

/// What a row of an order's story is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// The hold was placed; `limit` was in force.
    Placed,
    /// The hold became a debt of `other`.
    Posted,
    /// The hold was given back because of `note`.
    Released,
    /// The hold was released before it was placed, because of `note`.
    Tombstone,
    /// A journal entry of kind `note`.
    Entry,
    /// Invoice `note`, `other` still open, due at `due_at`.
    Invoice,
    /// A payment by method `note` with reference `detail` paid `amount` of the order's invoice.
    Payment,
}

/// One row of an order's story.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) source: Source,
    pub(crate) at: DateTime<Utc>,
    pub(crate) id: Uuid,
    pub(crate) amount: Paisa,
    pub(crate) other: Paisa,
    pub(crate) note: String,
    pub(crate) detail: String,
    pub(crate) due_at: Option<DateTime<Utc>>,
    pub(crate) cause: String,
    pub(crate) trace: String,
}

#[derive(FromRow)]
struct Row {
    source: String,
    at: DateTime<Utc>,
    id: Uuid,
    amount_paisa: i64,
    other_paisa: i64,
    note: String,
    detail: String,
    due_at: Option<DateTime<Utc>>,
    cause_id: String,
    trace_id: String,
}

/// All rows of an order in time order, at most 1,000.
pub(crate) async fn story(pool: &PgPool, order_id: OrderId) -> Result<Vec<Told>, Fault> {
    let rows: Vec<Row> = sqlx::query_as(EXPLAIN)
        .bind(order_id.uuid())
        .fetch_all(pool)
        .await?;
    let told = |row: Row| {
        let source = match row.source.as_str() {
            "hold_placed" => Source::Placed,
            "hold_posted" => Source::Posted,
            "hold_released" => Source::Released,
            "tombstone" => Source::Tombstone,
            "entry" => Source::Entry,
            "invoice" => Source::Invoice,
            "payment" => Source::Payment,
            _ => return Err(unreadable("event of an order")),
        };
        Ok(Told {
            source,
            at: row.at,
            id: row.id,
            amount: Paisa::new(row.amount_paisa),
            other: Paisa::new(row.other_paisa),
            note: row.note,
            detail: row.detail,
            due_at: row.due_at,
            cause: row.cause_id,
            trace: row.trace_id,
        })
    };
    rows.into_iter().map(told).collect()
}
