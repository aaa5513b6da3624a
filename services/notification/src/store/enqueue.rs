use std::collections::HashSet;

use chrono::{DateTime, Utc};
use khaacho_durable::{Command as _, Gathered, Item, Transact, Tx, Verdict};
use khaacho_fault::Fault;
use khaacho_ids::NotificationId;
use khaacho_rpc::Ctx;
use serde_json::Value;
use uuid::Uuid;

use super::queue;
use crate::domain::enqueue::{Enqueue, Enqueued, NewMessage, notification_id};
use crate::domain::{Moved, State};

// Later parts look at the first one: a known key gets no new parts, even if it would be cut differently
// today.
const INSERT: &str = "insert into notification.notification
        (id, dedup_key, part, parts, provider, account, recipient, address, phone, user_id, template,
            language, data,
         body, order_id, escalates, state, deadline_at, queued_at, cause, trace_id, created_at, updated_at)
    select m.id, m.dedup_key, m.part, m.parts, m.provider, m.account, m.recipient, m.address, m.phone,
        m.user_id,
           m.template, m.language, m.data, m.body, m.order_id, m.escalates, 'QUEUED', m.deadline_at, $18,
               m.cause, m.trace,
           $18, $18
    from unnest($1::uuid[], $2::text[], $3::integer[], $4::integer[], $5::text[], $6::text[], $7::text[],
        $8::text[],
                $9::text[], $10::text[], $11::text[], $12::text[], $13::jsonb[], $14::jsonb[], $15::uuid[],
                $16::boolean[], $17::timestamptz[], $19::text[], $20::text[]) with ordinality
        as m (id, dedup_key, part, parts, provider, account, recipient, address, phone, user_id, template,
            language,
              data, body, order_id, escalates, deadline_at, cause, trace, n)
    where m.part = 1 or not exists (
        select from notification.notification k where k.dedup_key = m.dedup_key and k.part = 1)
    order by m.n
    on conflict do nothing
    returning id";

impl Transact for Enqueue {
    type Reply = Enqueued;
    const REMEMBERED: bool = false;

    async fn load(&self, _tx: &mut Tx) -> Result<(), Fault> {
        Ok(())
    }

    async fn save(&self, messages: Vec<NewMessage>, tx: &mut Tx) -> Result<Enqueued, Fault> {
        let ctx = tx.ctx().clone();
        let mut stored = store(tx, vec![(self, messages, &ctx)]).await?;
        stored
            .pop()
            .ok_or_else(|| Fault::bug("a request without an answer"))
    }
}

/// Requests of many orders in one transaction.
impl Gathered for Enqueue {
    async fn carry_out(items: &[Item<'_, Self>], tx: &mut Tx) -> Result<Vec<Verdict<Enqueued>>, Fault> {
        let mut verdicts = Vec::with_capacity(items.len());
        let mut requests = Vec::with_capacity(items.len());
        for item in items {
            verdicts.push(match item.command.decide((), tx.now()) {
                Ok(messages) => {
                    requests.push((item.command, messages, item.ctx));
                    None
                }
                Err(refusal) => Some(Verdict::Refused(refusal.into())),
            });
        }
        let mut stored = store(tx, requests).await?.into_iter();
        let verdicts = verdicts.into_iter().map(|verdict| match verdict {
            Some(refused) => refused,
            None => stored.next().map_or(Verdict::Alone, Verdict::Done),
        });
        Ok(verdicts.collect())
    }
}

/// Stores the messages of requests; an answer each.
async fn store(
    tx: &mut Tx,
    requests: Vec<(&Enqueue, Vec<NewMessage>, &Ctx)>,
) -> Result<Vec<Enqueued>, Fault> {
    let all: Vec<(&NewMessage, &Ctx)> = requests
        .iter()
        .flat_map(|(_, messages, ctx)| messages.iter().map(|message| (message, *ctx)))
        .collect();
    let mut new: HashSet<Uuid> = insert(tx, &all).await?.into_iter().collect();
    let mut answers = Vec::with_capacity(requests.len());
    for (request, messages, ctx) in &requests {
        let ids: Vec<NotificationId> = request
            .notices
            .iter()
            .map(|notice| notification_id(&notice.dedup_key, 1))
            .collect();
        let firsts = messages
            .iter()
            .filter(|m| m.part == 1 && new.contains(&m.id.uuid()));
        let sent: HashSet<NotificationId> = firsts.map(|message| message.id).collect();
        let mut stored = Vec::with_capacity(messages.len());
        for message in messages {
            // The same key twice is one message.
            if !new.remove(&message.id.uuid()) {
                continue;
            }
            queue::add(tx, ctx, &message.recipient)?;
            stored.push(Moved {
                id: message.id,
                template: message.template.to_owned(),
                state: State::Queued,
            });
        }
        let duplicates = u32::try_from(ids.len() - sent.len()).unwrap_or(u32::MAX);
        answers.push(Enqueued {
            ids,
            duplicates,
            stored,
        });
    }
    Ok(answers)
}

async fn insert(tx: &mut Tx, messages: &[(&NewMessage, &Ctx)]) -> Result<Vec<Uuid>, Fault> {
    fn all<'m, T>(messages: &[(&'m NewMessage, &Ctx)], pick: impl Fn(&'m NewMessage) -> T) -> Vec<T> {
        messages.iter().map(|(message, _)| pick(message)).collect()
    }
    let bodies = messages
        .iter()
        .map(|(m, _)| serde_json::to_value(&m.body))
        .collect::<Result<Vec<Value>, _>>();
    let now = tx.now();
    let causes: Vec<&str> = messages.iter().map(|(_, ctx)| ctx.cause()).collect();
    let traces: Vec<String> = messages.iter().map(|(_, ctx)| ctx.trace().trace_id()).collect();
    let ids = sqlx::query_scalar(INSERT)
        .bind(all(messages, |m| m.id.uuid()))
        .bind(all(messages, |m| m.dedup_key.as_str()))
        .bind(all(messages, |m| m.part))
        .bind(all(messages, |m| m.parts))
        .bind(all(messages, |m| m.recipient.provider.as_str()))
        .bind(all(messages, |m| m.recipient.account.as_str()))
        .bind(all(messages, |m| m.recipient.line()))
        .bind(all(messages, |m| m.recipient.address.as_str()))
        .bind(all(messages, |m| {
            m.recipient.phone.as_ref().map(|phone| phone.as_str())
        }))
        .bind(all(messages, |m| m.recipient.user_id.as_deref()))
        .bind(all(messages, |m| m.template))
        .bind(all(messages, |m| m.language.as_str()))
        .bind(all(messages, |m| m.data.clone()))
        .bind(bodies.map_err(Fault::bug)?)
        .bind(all(messages, |m| m.order_id.map(|id| id.uuid())))
        .bind(all(messages, |m| m.escalates))
        .bind(all::<DateTime<Utc>>(messages, |m| m.deadline_at))
        .bind(now)
        .bind(causes)
        .bind(traces)
        .fetch_all(tx.conn())
        .await?;
    Ok(ids)
}
