use chrono::{DateTime, Utc};
use khaacho_fault::Fault;
use khaacho_ids::InboundId;
use sqlx::{FromRow, PgPool};
use uuid::Uuid;

use super::order_row::uuid;

/// One row of an order's story in this service.
#[derive(FromRow)]
pub struct StoryRow {
    /// When.
    pub at: DateTime<Utc>,
    /// Kind.
    pub kind: String,
    /// One line for people.
    pub summary: String,
    /// Id of the row.
    pub id: String,
    /// What caused it.
    pub cause: String,
    /// Trace id.
    pub trace_id: String,
}

/// Moves, offers and messages of an order. Texts of messages stay out.
pub async fn story(pool: &PgPool, order_id: &str) -> Result<Vec<StoryRow>, Fault> {
    let id = uuid(order_id)?;
    let mut rows: Vec<StoryRow> = sqlx::query_as(
        "select s.at, s.kind, s.summary, s.id, s.cause, s.trace_id from (
         select e.at, 'status' as kind, e.n,
                coalesce(e.from_status || ' → ', '') || e.to_status || ' by ' || e.actor || ': ' || e.note as summary,
                'event ' || e.n as id, e.cause, e.trace_id
         from orders.order_event e where e.order_id = $1
         union all
         select a.decided_at, 'routing', 0,
                'offer ' || a.attempt || ' to ' || (a.vendor ->> 'name') || ' (' || a.method || '): ' || a.answer,
                'offer ' || a.attempt, e.cause, e.trace_id
         from orders.assignment a
         join orders.order_event e on e.order_id = a.order_id and e.to_status = 'ROUTED' and e.at = a.decided_at
         where a.order_id = $1
         ) s order by s.at, s.kind, s.n limit 500",
    )
    .bind(id)
    .fetch_all(pool)
    .await?;
    rows.extend(messages(pool, id, order_id).await?);
    Ok(rows)
}

/// Messages that led to the order or moved it: those that caused one of its rows, and those that ended in it.
async fn messages(pool: &PgPool, id: Uuid, order_id: &str) -> Result<Vec<StoryRow>, Fault> {
    let causes: Vec<String> = sqlx::query_scalar(
        "select distinct cause from orders.order_event where order_id = $1
         union select q.cause from orders.quote q join orders.purchase_order o on o.quote_id = q.id where o.id = $1",
    )
    .bind(id)
    .fetch_all(pool)
    .await?;
    let inbound: Vec<Uuid> = causes
        .iter()
        .filter_map(|c| c.parse::<InboundId>().ok())
        .map(InboundId::uuid)
        .collect();
    let rows: Vec<(DateTime<Utc>, String, Uuid, String, String)> = sqlx::query_as(
        "select received_at, kind, id, coalesce(outcome, 'waiting'), trace_id from orders.inbound_message
         where id = any($1) or outcome_ref = $2 order by received_at limit 200",
    )
    .bind(inbound)
    .bind(order_id)
    .fetch_all(pool)
    .await?;
    Ok(rows
        .into_iter()
        .map(|(at, kind, id, outcome, trace_id)| {
            let id = InboundId::from(id).to_string();
            let summary = format!(
                "{kind} message received, outcome {}",
                outcome_in_words(&outcome, &kind)
            );
            StoryRow {
                at,
                kind: "message_in".to_owned(),
                summary,
                cause: id.clone(),
                id,
                trace_id,
            }
        })
        .collect())
}

/// How the handling of a message ended, for people. A message that asked for no order was answered all the same, but
/// nobody answers a reaction.
fn outcome_in_words<'a>(outcome: &'a str, kind: &str) -> &'a str {
    match outcome {
        "not_an_order" if kind == "reaction" => "noted",
        "not_an_order" => "answered",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_read_what_happened_to_a_message() {
        assert_eq!(outcome_in_words("not_an_order", "text"), "answered");
        assert_eq!(outcome_in_words("not_an_order", "reaction"), "noted");
        assert_eq!(outcome_in_words("ordered", "text"), "ordered");
        assert_eq!(outcome_in_words("waiting", "text"), "waiting");
    }
}
