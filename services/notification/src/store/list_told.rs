use chrono::{DateTime, Utc};
use khaacho_fault::Fault;
use khaacho_ids::{NotificationId, OrderId};
use sqlx::types::Json;
use sqlx::{FromRow, PgPool};
use uuid::Uuid;

use super::state;
use crate::domain::State;
use crate::domain::message::Body;

/// A message to a person, with its words.
pub(crate) struct Told {
    pub id: NotificationId,
    pub template: String,
    pub state: State,
    pub body: Body,
    pub order_id: Option<OrderId>,
    pub cause: String,
    pub created_at: DateTime<Utc>,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    template: String,
    state: String,
    body: Json<Body>,
    order_id: Option<Uuid>,
    cause: String,
    created_at: DateTime<Utc>,
}

/// The newest messages of a line, newest first.
pub(crate) async fn newest(pool: &PgPool, line: &str, limit: i64) -> Result<Vec<Told>, Fault> {
    let rows: Vec<Row> = sqlx::query_as(
        "select id, template, state, body, order_id, cause, created_at
         from notification.notification where recipient = $1 order by seq desc limit $2",
    )
    .bind(line)
    .bind(limit)
    .fetch_all(pool)
    .await?;
    let told = |row: Row| {
        Ok(Told {
            id: row.id.into(),
            template: row.template,
            state: state(&row.state)?,
            body: row.body.0,
            order_id: row.order_id.map(Into::into),
            cause: row.cause,
            created_at: row.created_at,
        })
    };
    rows.into_iter().map(told).collect()
}
