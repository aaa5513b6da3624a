//! Events that nobody acts upon. They are proven and acknowledged, so they are kept for a while: a provider's
//! new kind of event shows up here first.

use khaacho_fault::Fault;
use ring::digest;

use crate::App;
use crate::edge::Arrival;
use crate::webhooks::Provider;

/// Keeps one event for thirty days. A repeated delivery is one row.
///
/// # Errors
/// `Unavailable` without a database.
pub(super) async fn keep(
    app: &App,
    arrival: &Arrival,
    provider: Provider,
    kind: &str,
    payload: String,
) -> Result<(), Fault> {
    let text = format!("{}\n{kind}\n{payload}", provider.as_str());
    let hash = digest::digest(&digest::SHA256, text.as_bytes());
    let id = hash
        .as_ref()
        .iter()
        .fold(String::new(), |id, byte| format!("{id}{byte:02x}"));
    // A payload that is no JSON is kept as a JSON text.
    let payload = serde_json::from_str(&payload).unwrap_or(serde_json::Value::String(payload));
    let kind = kind.to_owned();
    let (now, cause, trace) = (app.clock.now(), arrival.id.to_string(), arrival.trace.trace_id());
    khaacho_pg::in_tx(&app.db, move |conn| {
        Box::pin(async move {
            sqlx::query(
                "insert into gateway.ignored_event (id, provider, kind, payload, received_at, cause, trace_id)
                 values ($1, $2, $3, $4, $5, $6, $7) on conflict on constraint ignored_event_pkey do nothing",
            )
            .bind(id)
            .bind(provider.as_str())
            .bind(kind)
            .bind(payload)
            .bind(now)
            .bind(cause)
            .bind(trace)
            .execute(&mut *conn)
            .await?;
            sqlx::query(
                "delete from gateway.ignored_event where id in (
                     select id from gateway.ignored_event where received_at < $1 - interval '30 days'
                     order by received_at limit 10)",
            )
            .bind(now)
            .execute(conn)
            .await?;
            Ok(())
        })
    })
    .await
}
