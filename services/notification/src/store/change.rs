//! Writing what was decided about messages, many at once.

use chrono::{DateTime, Utc};
use khaacho_durable::Tx;
use khaacho_fault::Fault;
use uuid::Uuid;

use super::stored;
use crate::domain::{Change, Moved};

const APPLY: &str = "update notification.notification n
    set state = c.state, next_try_at = c.next_try_at, looks = c.looks, updated_at = $8,
        provider_message_id = coalesce(n.provider_message_id, c.provider_message_id),
        error_code = case when n.error_text is null then c.error_code else n.error_code end,
        error_text = coalesce(n.error_text, c.error_text)
    from unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::integer[], $5::text[], $6::text[], $7::text[])
        as c (id, state, next_try_at, looks, provider_message_id, error_code, error_text)
    where n.id = c.id";

/// Writes changes of locked messages. The first known message id and the first failure stay.
pub(super) async fn apply(tx: &mut Tx, changes: &[Change]) -> Result<Vec<Moved>, Fault> {
    if changes.is_empty() {
        return Ok(Vec::new());
    }
    let now = tx.now();
    let problems = || changes.iter().map(|change| change.problem.as_ref());
    sqlx::query(APPLY)
        .bind(changes.iter().map(|c| c.id.uuid()).collect::<Vec<Uuid>>())
        .bind(changes.iter().map(|c| c.state.as_str()).collect::<Vec<_>>())
        .bind(
            changes
                .iter()
                .map(|c| c.next_try_at)
                .collect::<Vec<Option<DateTime<Utc>>>>(),
        )
        .bind(changes.iter().map(|c| stored(c.looks)).collect::<Vec<_>>())
        .bind(
            changes
                .iter()
                .map(|c| c.provider_message_id.clone())
                .collect::<Vec<_>>(),
        )
        .bind(
            problems()
                .map(|p| p.and_then(|p| p.code.clone()))
                .collect::<Vec<_>>(),
        )
        .bind(problems().map(|p| p.map(|p| p.text.clone())).collect::<Vec<_>>())
        .bind(now)
        .execute(tx.conn())
        .await?;
    Ok(changes.iter().filter_map(Change::moved).collect())
}
