use chrono::{DateTime, Utc};
use khaacho_fault::Fault;
use sqlx::types::Json;
use sqlx::{FromRow, PgPool};

use super::order_row::uuid;
use crate::domain::route::Candidate;

/// One choice of a vendor.
#[derive(FromRow)]
pub struct DecisionRow {
    /// Which one, from 1.
    pub attempt: i32,
    /// Vendor.
    pub vendor_id: String,
    /// `scored` or `operator`.
    pub method: String,
    /// Version of the weights.
    pub weights_version: String,
    /// All candidates.
    pub candidates: Json<Vec<Candidate>>,
    /// Answer.
    pub answer: String,
    /// Reason of the answer.
    pub answer_reason: String,
    /// When it was decided.
    pub decided_at: DateTime<Utc>,
}

/// Every choice for an order, oldest first.
pub async fn decisions(pool: &PgPool, order_id: &str) -> Result<Vec<DecisionRow>, Fault> {
    let rows = sqlx::query_as(
        "select attempt, vendor_id, method, weights_version, candidates, answer, answer_reason, decided_at
         from orders.assignment where order_id = $1 order by attempt limit 50",
    )
    .bind(uuid(order_id)?)
    .fetch_all(pool)
    .await?;
    Ok(rows)
}
