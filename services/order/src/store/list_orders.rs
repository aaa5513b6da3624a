use chrono::{DateTime, Utc};
use khaacho_fault::Fault;
use sqlx::{PgPool, Postgres, QueryBuilder};
use uuid::Uuid;

use super::order_row::{OrderRow, order_columns};
use crate::domain::{Order, Status};

/// What to list.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only this status.
    pub status: Option<Status>,
    /// Only this buyer.
    pub account_id: Option<String>,
    /// Only this vendor.
    pub vendor_id: Option<String>,
    /// Placed at or after.
    pub from: Option<DateTime<Utc>>,
    /// Placed before.
    pub to: Option<DateTime<Utc>>,
    /// Only orders that wait for an operator.
    pub needs_operator: bool,
    /// Only orders that are not final.
    pub open: bool,
    /// After this place of the page before.
    pub after: Option<(DateTime<Utc>, Uuid)>,
    /// At most this many.
    pub limit: i64,
}

/// Lists orders without lines, newest first, and the place where the next page begins.
pub async fn list(
    pool: &PgPool,
    filter: &Filter,
) -> Result<(Vec<Order>, Option<(DateTime<Utc>, Uuid)>), Fault> {
    let mut query: QueryBuilder<Postgres> = QueryBuilder::new(concat!(
        "select ",
        order_columns!(),
        " from orders.purchase_order o where true"
    ));
    // Statuses and the limit are written out: plans are generic, and only a plan that knows them takes the index of
    // the status, however rare it is.
    if let Some(status) = filter.status {
        query.push(" and o.status = '").push(status.name()).push("'");
    }
    if let Some(account) = &filter.account_id {
        query.push(" and o.account_id = ").push_bind(account);
    }
    if let Some(vendor) = &filter.vendor_id {
        query.push(" and o.vendor_id = ").push_bind(vendor);
    }
    if let Some(from) = filter.from {
        query.push(" and o.placed_at >= ").push_bind(from);
    }
    if let Some(to) = filter.to {
        query.push(" and o.placed_at < ").push_bind(to);
    }
    if filter.needs_operator {
        query.push(" and o.needs_operator");
    }
    if filter.open {
        query.push(" and o.status not in ('COMPLETED', 'CANCELLED', 'REFUSED')");
    }
    if let Some((placed, id)) = filter.after {
        query
            .push(" and (o.placed_at, o.id) < (")
            .push_bind(placed)
            .push(", ")
            .push_bind(id)
            .push(")");
    }
    query
        .push(" order by o.placed_at desc, o.id desc limit ")
        .push(filter.limit + 1);
    let mut rows: Vec<OrderRow> = query.build_query_as().fetch_all(pool).await?;
    let limit = usize::try_from(filter.limit).unwrap_or(1);
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(OrderRow::key);
    let orders = rows.into_iter().map(OrderRow::order).collect::<Result<_, _>>()?;
    Ok((orders, next))
}
