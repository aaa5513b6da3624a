//! Messages that failed because their recipient had been silent for 24 hours go once more, as new messages in
//! an approved template, unless he wants no messages from us. The failed ones keep their state and the provider's
//! reason.

use khaacho_durable::Tx;
use khaacho_fault::Fault;
use khaacho_ids::NotificationId;
use uuid::Uuid;

use super::{RecipientRow, queue};

const COPY: &str = "insert into notification.notification
        (id, dedup_key, part, parts, provider, account, recipient, address, phone, user_id, template,
            language, data,
         body, order_id, escalates, window_closed, state, deadline_at, queued_at, cause, trace_id, created_at,
         updated_at)
    select c.copy_id, n.dedup_key || ':template', n.part, n.parts, n.provider, n.account, n.recipient,
        n.address,
           n.phone, n.user_id, n.template, n.language, n.data, n.body, n.order_id, n.escalates, true,
               'QUEUED',
           n.deadline_at, $4, c.cause, $5, $4, $4
    from unnest($1::uuid[], $2::uuid[], $3::text[]) as c (id, copy_id, cause)
    join notification.notification n on n.id = c.id
    where n.deadline_at > $4 and not exists (
        select from notification.consent s where s.opted_out and s.who in (n.phone, n.recipient))
    order by n.seq
    on conflict do nothing
    returning provider, account, address, phone, user_id";

/// Stores the copies and their jobs. A copy that exists stays as it is.
pub(super) async fn send(tx: &mut Tx, ids: &[NotificationId]) -> Result<(), Fault> {
    if ids.is_empty() {
        return Ok(());
    }
    let copy = |id: &NotificationId| NotificationId::derive(&[&id.to_string(), "template"]).uuid();
    let (now, trace) = (tx.now(), tx.ctx().trace().trace_id());
    let copies: Vec<RecipientRow> = sqlx::query_as(COPY)
        .bind(ids.iter().map(|id| id.uuid()).collect::<Vec<Uuid>>())
        .bind(ids.iter().map(copy).collect::<Vec<Uuid>>())
        .bind(ids.iter().map(ToString::to_string).collect::<Vec<_>>())
        .bind(now)
        .bind(trace)
        .fetch_all(tx.conn())
        .await?;
    for row in copies {
        queue::add(tx, &tx.ctx().clone(), &row.try_into()?)?;
    }
    Ok(())
}
