use chrono::{DateTime, Utc};
use khaacho_durable::{Transact, Tx};
use khaacho_fault::Fault;
use khaacho_ids::QuoteId;
use sqlx::types::Json;
use sqlx::{PgConnection, Row as _};
use uuid::Uuid;

use crate::domain::quote::Quote;
use crate::domain::quote_order::QuoteOrder;

impl Transact for QuoteOrder {
    type Reply = Quote;

    async fn load(&self, _tx: &mut Tx) -> Result<(), Fault> {
        Ok(())
    }

    async fn save(&self, quote: Quote, tx: &mut Tx) -> Result<Quote, Fault> {
        insert(tx, &quote).await?;
        Ok(quote)
    }
}

/// Stores a quote; one with the same id stays as it is.
pub async fn insert(tx: &mut Tx, quote: &Quote) -> Result<(), Fault> {
    insert_row(tx, quote, None).await.map(drop)
}

/// Stores a quote that becomes an order in the same transaction, and draws the number of that order. `None` when a
/// quote has this id already.
pub async fn insert_used(tx: &mut Tx, quote: &Quote) -> Result<Option<i64>, Fault> {
    let now = tx.now();
    insert_row(tx, quote, Some(now)).await
}

/// Gaps in the sequence are fine: a number is never given twice, and no table is counted.
async fn insert_row(
    tx: &mut Tx,
    quote: &Quote,
    used_at: Option<DateTime<Utc>>,
) -> Result<Option<i64>, Fault> {
    let (now, cause, trace) = (tx.now(), tx.ctx().cause().to_owned(), tx.ctx().trace().trace_id());
    let row = sqlx::query(
        "insert into orders.quote (id, account_id, body, total_paisa, expires_at, created_at, cause, trace_id, used_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict on constraint quote_pkey do nothing
         returning case when used_at is not null then nextval('orders.order_number_seq') end",
    )
    .bind(uuid(&quote.quote_id)?)
    .bind(&quote.buyer.account_id)
    .bind(Json(quote))
    .bind(quote.total.paisa())
    .bind(quote.expires_at)
    .bind(now)
    .bind(cause)
    .bind(trace)
    .bind(used_at)
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.and_then(|row| row.get(0)))
}

/// Reads a quote under its lock, and whether it was used.
pub async fn lock(
    conn: &mut PgConnection,
    quote_id: &str,
) -> Result<Option<(Quote, Option<DateTime<Utc>>)>, Fault> {
    let Ok(id) = uuid(quote_id) else { return Ok(None) };
    let row = sqlx::query("select body, used_at from orders.quote where id = $1 for no key update")
        .bind(id)
        .fetch_optional(conn)
        .await?;
    Ok(row.map(|row| (row.get::<Json<Quote>, _>("body").0, row.get("used_at"))))
}

/// Reads a quote. `None` when there is none.
pub async fn find(pool: &sqlx::PgPool, quote_id: &str) -> Result<Option<Quote>, Fault> {
    let Ok(id) = uuid(quote_id) else { return Ok(None) };
    let row = sqlx::query("select body from orders.quote where id = $1")
        .bind(id)
        .fetch_optional(pool)
        .await?;
    Ok(row.map(|row| row.get::<Json<Quote>, _>("body").0))
}

/// The id as the database knows it. Errors when the text is none of ours.
pub fn uuid(quote_id: &str) -> Result<Uuid, Fault> {
    quote_id
        .parse::<QuoteId>()
        .map(QuoteId::uuid)
        .map_err(|_| Fault::not_found("QUOTE_UNKNOWN"))
}
