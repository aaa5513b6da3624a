use khaacho_fault::Fault;
use sqlx::PgPool;

use super::order_row::{Named, OrderRow, uuid, whole_order};
use crate::domain::Order;

/// Reads an order with its lines. `None` when nothing has this id or number.
pub async fn find(pool: &PgPool, named: &str) -> Result<Option<Order>, Fault> {
    let row: Option<OrderRow> = match Named::parse(named) {
        None => return Ok(None),
        Some(Named::Id(id)) => {
            sqlx::query_as(concat!(
                "select ",
                whole_order!(),
                " from orders.purchase_order o where o.id = $1"
            ))
            .bind(id)
            .fetch_optional(pool)
            .await?
        }
        Some(Named::Number(number)) => {
            sqlx::query_as(concat!(
                "select ",
                whole_order!(),
                " from orders.purchase_order o where o.number = $1"
            ))
            .bind(number)
            .fetch_optional(pool)
            .await?
        }
    };
    row.map(OrderRow::order).transpose()
}

/// Vendors that were asked for an order, in order.
pub async fn asked_vendors(pool: &PgPool, order_id: &str) -> Result<Vec<String>, Fault> {
    let rows = sqlx::query_scalar(
        "select vendor_id from orders.assignment where order_id = $1 order by attempt limit 50",
    )
    .bind(uuid(order_id)?)
    .fetch_all(pool)
    .await?;
    Ok(rows)
}

/// The vendor at whom this reservation attempt of an order was made; `None` when none of its offers made it.
pub async fn reserved_at(pool: &PgPool, order_id: &str, attempt: i32) -> Result<Option<String>, Fault> {
    let row = sqlx::query_scalar(
        "select vendor_id from orders.assignment where order_id = $1 and reservation_attempt = $2
         order by attempt limit 1",
    )
    .bind(uuid(order_id)?)
    .bind(attempt)
    .fetch_optional(pool)
    .await?;
    Ok(row)
}
