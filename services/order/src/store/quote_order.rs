use chrono::{DateTime, Utc};
use khaacho_durable::{Transact, Tx};
use khaacho_fault::Fault;
use khaacho_ids::QuoteId;
use khaacho_rpc::Ctx;
use sqlx::postgres::PgRow;
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

async fn insert_row(
    tx: &mut Tx,
    quote: &Quote,
    used_at: Option<DateTime<Utc>>,
) -> Result<Option<i64>, Fault> {
    let ctx = tx.ctx().clone();
    let rows = insert_rows(tx, &[(quote, &ctx)], used_at).await?;
    Ok(rows.first().and_then(|(_, sequence)| *sequence))
}

/// Stores quotes that become orders in the same transaction, and draws the numbers of those. A quote that is there
/// already is left out.
pub async fn insert_all_used(tx: &mut Tx, quotes: &[(&Quote, &Ctx)]) -> Result<Vec<(String, i64)>, Fault> {
    if quotes.is_empty() {
        return Ok(Vec::new());
    }
    let now = tx.now();
    let rows = insert_rows(tx, quotes, Some(now)).await?;
    Ok(rows
        .into_iter()
        .filter_map(|(id, sequence)| Some((id, sequence?)))
        .collect())
}

/// Gaps in the sequence are fine: a number is never given twice, and no table is counted.
async fn insert_rows(
    tx: &mut Tx,
    quotes: &[(&Quote, &Ctx)],
    used_at: Option<DateTime<Utc>>,
) -> Result<Vec<(String, Option<i64>)>, Fault> {
    let now = tx.now();
    let ids = quotes
        .iter()
        .map(|(quote, _)| uuid(&quote.quote_id))
        .collect::<Result<Vec<_>, _>>()?;
    let rows = sqlx::query(
        "insert into orders.quote (id, account_id, body, total_paisa, expires_at, created_at, cause, trace_id, used_at)
         select q.id, q.account_id, q.body, q.total, q.expires_at, $8, q.cause, q.trace, $9
         from unnest($1::uuid[], $2::text[], $3::jsonb[], $4::bigint[], $5::timestamptz[], $6::text[], $7::text[])
             as q (id, account_id, body, total, expires_at, cause, trace)
         order by q.id
         on conflict on constraint quote_pkey do nothing
         returning id, case when used_at is not null then nextval('orders.order_number_seq') end",
    )
    .bind(ids)
    .bind(quotes.iter().map(|(q, _)| q.buyer.account_id.as_str()).collect::<Vec<_>>())
    .bind(quotes.iter().map(|(q, _)| Json(*q)).collect::<Vec<_>>())
    .bind(quotes.iter().map(|(q, _)| q.total.paisa()).collect::<Vec<_>>())
    .bind(quotes.iter().map(|(q, _)| q.expires_at).collect::<Vec<_>>())
    .bind(quotes.iter().map(|(_, ctx)| ctx.cause()).collect::<Vec<_>>())
    .bind(quotes.iter().map(|(_, ctx)| ctx.trace().trace_id()).collect::<Vec<_>>())
    .bind(now)
    .bind(used_at)
    .fetch_all(tx.conn())
    .await?;
    let read = |row: &PgRow| (QuoteId::from(row.get::<Uuid, _>(0)).to_string(), row.get(1));
    Ok(rows.iter().map(read).collect())
}

/// Forgets quotes of this transaction that did not become orders.
pub async fn take_back(tx: &mut Tx, quote_ids: &[&str]) -> Result<(), Fault> {
    if quote_ids.is_empty() {
        return Ok(());
    }
    let ids = quote_ids
        .iter()
        .map(|id| uuid(id))
        .collect::<Result<Vec<_>, _>>()?;
    sqlx::query("delete from orders.quote where id = any($1)")
        .bind(ids)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Reads quotes under their locks, each with a number for its order. Used and unknown ones are left out.
pub async fn lock_unused(tx: &mut Tx, quote_ids: &[&str]) -> Result<Vec<(Quote, i64)>, Fault> {
    let ids: Vec<Uuid> = quote_ids.iter().filter_map(|id| uuid(id).ok()).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = sqlx::query(
        "with locked as materialized (
             select body, used_at from orders.quote where id = any($1) order by id for no key update)
         select body, nextval('orders.order_number_seq') from locked where used_at is null",
    )
    .bind(ids)
    .fetch_all(tx.conn())
    .await?;
    let read = |row: &PgRow| (row.get::<Json<Quote>, _>(0).0, row.get(1));
    Ok(rows.iter().map(read).collect())
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
