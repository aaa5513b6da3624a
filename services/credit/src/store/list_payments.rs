use chrono::{DateTime, Utc};
use khaacho_fault::Fault;
use khaacho_ids::AccountId;
use khaacho_money::Paisa;
use sqlx::{FromRow, PgPool};
use uuid::Uuid;

use super::{Place, unreadable};
use crate::domain::{Allocated, Method, Payment};

/// Columns of [`Row`] from `credit.payment y`. One invoice order everywhere: as it was paid, oldest due first.
macro_rules! columns {
    () => {
        "select y.id, y.account_id, y.amount_paisa, y.method, y.reference, y.received_at, y.entry_id, y.recorded_by,
        array(select i.number from credit.allocation l join credit.invoice i on i.id = l.invoice_id
              where l.payment_id = y.id order by l.at, i.due_at, i.number) as numbers,
        array(select l.amount_paisa from credit.allocation l join credit.invoice i on i.id = l.invoice_id
              where l.payment_id = y.id order by l.at, i.due_at, i.number) as amounts
    from credit.payment y "
    };
}

const ALL: &str = concat!(
    columns!(),
    "where (y.received_at, y.id) < ($1, $2) order by y.received_at desc, y.id desc limit $3"
);
const OF_ACCOUNT: &str = concat!(
    columns!(),
    "where y.account_id = $4 and (y.received_at, y.id) < ($1, $2) order by y.received_at desc, y.id desc limit $3"
);

#[derive(FromRow)]
struct Row {
    id: Uuid,
    account_id: Uuid,
    amount_paisa: i64,
    method: String,
    reference: String,
    received_at: DateTime<Utc>,
    entry_id: Uuid,
    recorded_by: String,
    numbers: Vec<String>,
    amounts: Vec<i64>,
}

impl TryFrom<Row> for Payment {
    type Error = Fault;

    fn try_from(row: Row) -> Result<Self, Fault> {
        let allocated = |(invoice_number, amount)| Allocated {
            invoice_number,
            amount: Paisa::new(amount),
        };
        Ok(Self {
            payment_id: row.id.into(),
            account_id: row.account_id.into(),
            amount: Paisa::new(row.amount_paisa),
            method: Method::parse(&row.method).ok_or_else(|| unreadable("payment method"))?,
            reference: row.reference,
            received_at: row.received_at,
            entry_id: row.entry_id.into(),
            recorded_by: row.recorded_by,
            allocations: row.numbers.into_iter().zip(row.amounts).map(allocated).collect(),
        })
    }
}

/// The place of a payment in the list.
pub(crate) fn place(payment: &Payment) -> Place {
    Place {
        at: payment.received_at,
        id: payment.payment_id.uuid(),
    }
}

/// Payments below a place, newest first, at most `limit`; of one account or of all.
pub(crate) async fn page(
    pool: &PgPool,
    account_id: Option<AccountId>,
    below: Place,
    limit: i64,
) -> Result<Vec<Payment>, Fault> {
    let query = match account_id {
        None => sqlx::query_as(ALL).bind(below.at).bind(below.id).bind(limit),
        Some(id) => sqlx::query_as(OF_ACCOUNT)
            .bind(below.at)
            .bind(below.id)
            .bind(limit)
            .bind(id.uuid()),
    };
    let rows: Vec<Row> = query.fetch_all(pool).await?;
    rows.into_iter().map(Payment::try_from).collect()
}
