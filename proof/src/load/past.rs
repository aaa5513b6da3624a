//! Past orders for the list pages: a few real ones, multiplied in the database.

use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

/// Orders that are copied.
const ORIGINALS: u32 = 100;

/// Copies some orders, each so many times, every copy for another shop and a minute earlier, with its lines. What
/// triggers and foreign keys would check holds by construction.
const MULTIPLY: [&str; 6] = [
    "set local session_replication_role = replica",
    "set local statement_timeout = '10min'",
    "create temporary table given on commit drop as
         select *, row_number() over (order by placed_at, id) as k from orders.purchase_order
         order by placed_at, id limit ORIGINALS",
    "with shops as (
         select array_agg('acc_' || replace(id::text, '-', '') order by code) as ids from credit.account
     )
     insert into orders.purchase_order
     select made.* from given g cross join shops cross join generate_series(1, TIMES) as copy
     cross join lateral jsonb_populate_record(null::orders.purchase_order, to_jsonb(g) || jsonb_build_object(
         'id', md5(g.id::text || copy)::uuid, 'quote_id', md5('quote' || g.id::text || copy)::uuid,
         'number', 'OLD' || g.k || '-' || copy,
         'account_id', shops.ids[1 + (g.k * 7919 + copy) % cardinality(shops.ids)],
         'placed_at', g.placed_at - copy * interval '1 minute')) as made",
    "insert into orders.order_line
     select made.* from orders.order_line l join given g on g.id = l.order_id
     cross join generate_series(1, TIMES) as copy
     cross join lateral jsonb_populate_record(null::orders.order_line, to_jsonb(l) || jsonb_build_object(
         'order_id', md5(l.order_id::text || copy)::uuid)) as made",
    "analyze orders.purchase_order, orders.order_line",
];

/// Adds so many thousands of past orders to the mesh's database, which has a hundred real ones; how many there are
/// then.
///
/// # Errors
/// When the tables of orders are other ones.
pub async fn multiply(database: &mut PgConnection, thousands: u32) -> anyhow::Result<i64> {
    let mut transaction = database.begin().await?;
    for statement in MULTIPLY {
        let times = thousands * 1_000 / ORIGINALS;
        let sql = statement
            .replace("TIMES", &times.to_string())
            .replace("ORIGINALS", &ORIGINALS.to_string());
        sqlx::query(AssertSqlSafe(sql)).execute(&mut *transaction).await?;
    }
    let (orders,): (i64,) = sqlx::query_as("select count(*) from orders.purchase_order")
        .fetch_one(&mut *transaction)
        .await?;
    transaction.commit().await?;
    Ok(orders)
}
