use khaacho_fault::Fault;
use khaacho_ids::OrderId;
use sqlx::PgPool;

use super::view::{Row, select_view};
use crate::domain::State;
use crate::domain::view::View;

const ALL: &str =
    select_view!("where n.seq < $1 and ($3::text is null or n.state = $3) order by n.seq desc limit $2");
// The condition of the partial index, word for word.
const TROUBLED: &str = select_view!(
    "where n.seq < $1 and n.state in ('FAILED', 'ESCALATED') and n.state = $3 order by n.seq desc limit $2"
);
const OF_ORDER: &str = select_view!(
    "where n.seq < $1 and n.order_id = $4 and ($3::text is null or n.state = $3) order by n.seq desc limit $2"
);
// Two halves, so that each reads its own index.
const STORY: &str = select_view!(
    "where n.id in (
         select o.id from notification.notification o where o.order_id = $1
         union all
         select c.id from notification.notification c where c.order_id is null and c.cause = any($2))
     order by n.seq limit 500"
);

/// Notifications stored before `below`, newest first.
pub(crate) async fn page(
    pool: &PgPool,
    below: i64,
    limit: i64,
    state: Option<State>,
    order_id: Option<OrderId>,
) -> Result<Vec<View>, Fault> {
    let name = state.map(State::as_str);
    let query = match (order_id, state) {
        (Some(id), _) => sqlx::query_as(OF_ORDER)
            .bind(below)
            .bind(limit)
            .bind(name)
            .bind(id.uuid()),
        (None, Some(State::Failed | State::Escalated)) => {
            sqlx::query_as(TROUBLED).bind(below).bind(limit).bind(name)
        }
        (None, _) => sqlx::query_as(ALL).bind(below).bind(limit).bind(name),
    };
    let rows: Vec<Row> = query.fetch_all(pool).await?;
    rows.into_iter().map(View::try_from).collect()
}

/// All notifications of an order, and those of these causes that belong to no order, oldest first.
pub(crate) async fn of_story(
    pool: &PgPool,
    order_id: OrderId,
    causes: &[String],
) -> Result<Vec<View>, Fault> {
    let rows: Vec<Row> = sqlx::query_as(STORY)
        .bind(order_id.uuid())
        .bind(causes)
        .fetch_all(pool)
        .await?;
    rows.into_iter().map(View::try_from).collect()
}
