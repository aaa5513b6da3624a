use chrono::{DateTime, Utc};
use khaacho_fault::Fault;
use khaacho_ids::{AccountId, EntryId, OrderId, PaymentId};
use khaacho_money::Paisa;
use sqlx::{FromRow, PgPool};
use uuid::Uuid;

use super::Place;
use crate::domain::Line;

const LIST: &str = "select e.id, e.kind, e.order_id, e.payment_id, e.effective_at, e.recorded_at, e.cause_id,
        e.trace_id,
        array(select l.ledger_account from credit.entry_line l where l.entry_id = e.id order by l.n) as accounts,
        array(select l.amount_paisa from credit.entry_line l where l.entry_id = e.id order by l.n) as amounts
    from credit.entry e where e.account_id = $1 and (e.recorded_at, e.id) < ($2, $3)
    order by e.recorded_at desc, e.id desc limit $4";

/// An entry as it stands in the journal.
#[derive(Debug)]
pub(crate) struct Written {
    pub(crate) entry_id: EntryId,
    pub(crate) kind: String,
    pub(crate) order_id: Option<OrderId>,
    pub(crate) payment_id: Option<PaymentId>,
    pub(crate) effective_at: DateTime<Utc>,
    pub(crate) recorded_at: DateTime<Utc>,
    pub(crate) lines: Vec<Line>,
    pub(crate) cause: String,
    pub(crate) trace: String,
}

impl Written {
    /// Its place in the list.
    pub(crate) fn place(&self) -> Place {
        Place {
            at: self.recorded_at,
            id: self.entry_id.uuid(),
        }
    }
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    kind: String,
    order_id: Option<Uuid>,
    payment_id: Option<Uuid>,
    effective_at: DateTime<Utc>,
    recorded_at: DateTime<Utc>,
    cause_id: String,
    trace_id: String,
    accounts: Vec<String>,
    amounts: Vec<i64>,
}

impl From<Row> for Written {
    fn from(row: Row) -> Self {
        let line = |(ledger_account, amount)| Line {
            ledger_account,
            amount: Paisa::new(amount),
        };
        Self {
            entry_id: row.id.into(),
            kind: row.kind,
            order_id: row.order_id.map(OrderId::from),
            payment_id: row.payment_id.map(PaymentId::from),
            effective_at: row.effective_at,
            recorded_at: row.recorded_at,
            lines: row.accounts.into_iter().zip(row.amounts).map(line).collect(),
            cause: row.cause_id,
            trace: row.trace_id,
        }
    }
}

/// Entries of an account below a place, newest first, at most `limit`.
pub(crate) async fn page(
    pool: &PgPool,
    account_id: AccountId,
    below: Place,
    limit: i64,
) -> Result<Vec<Written>, Fault> {
    let rows: Vec<Row> = sqlx::query_as(LIST)
        .bind(account_id.uuid())
        .bind(below.at)
        .bind(below.id)
        .bind(limit)
        .fetch_all(pool)
        .await?;
    Ok(rows.into_iter().map(Written::from).collect())
}
