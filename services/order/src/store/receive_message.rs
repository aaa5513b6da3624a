use std::collections::HashSet;

use khaacho_durable::{Gathered, Item, NewJob, Transact, Tx, Verdict};
use khaacho_fault::Fault;
use sqlx::Row as _;
use sqlx::types::Json;
use uuid::Uuid;

use crate::domain::attached::Attached;
use crate::domain::receive_message::{Inbound, ReceiveMessage};
use crate::jobs::{HandleBody, kinds};

/// Messages of one transaction at most; a provider does not wait long for its answer.
const MESSAGES_MAX: usize = 256;
/// Bytes of payloads of one transaction at most.
const BYTES_MAX: usize = 4 << 20;

impl Transact for ReceiveMessage {
    /// For each message whether it is new.
    type Reply = Vec<bool>;
    /// The provider's own id makes a repetition harmless.
    const REMEMBERED: bool = false;

    async fn load(&self, _tx: &mut Tx) -> Result<(), Fault> {
        Ok(())
    }

    async fn save(&self, (): (), tx: &mut Tx) -> Result<Vec<bool>, Fault> {
        let ctx = tx.ctx().clone();
        let one = Item {
            command: self,
            ctx: &ctx,
        };
        let mut receipts = receive(&[one], tx).await?;
        Ok(receipts.pop().unwrap_or_default())
    }
}

/// Deliveries that come in at the same time: their messages in one statement, their jobs in another.
impl Gathered for ReceiveMessage {
    async fn carry_out(items: &[Item<'_, Self>], tx: &mut Tx) -> Result<Vec<Verdict<Vec<bool>>>, Fault> {
        let (mut messages, mut bytes) = (0, 0);
        let few = |item: &&Item<'_, Self>| {
            messages += item.command.messages.len();
            bytes += item.command.payload_bytes;
            messages <= MESSAGES_MAX && bytes <= BYTES_MAX
        };
        let count = items.iter().take_while(few).count();
        let receipts = receive(&items[..count], tx).await?;
        let mut verdicts: Vec<_> = receipts.into_iter().map(Verdict::Done).collect();
        verdicts.resize_with(items.len(), || Verdict::Alone);
        Ok(verdicts)
    }
}

/// For each message of each delivery whether it is new. The same message twice, in one delivery or in two, is new once.
async fn receive(items: &[Item<'_, ReceiveMessage>], tx: &mut Tx) -> Result<Vec<Vec<bool>>, Fault> {
    if items.is_empty() {
        return Ok(Vec::new());
    }
    let mut fresh = insert(tx, items).await?;
    let mut receipts = Vec::with_capacity(items.len());
    for item in items {
        let mut told = Vec::with_capacity(item.command.messages.len());
        for message in &item.command.messages {
            let id = message.inbound_id();
            let new = fresh.remove(&id.uuid());
            if new {
                let body = HandleBody {
                    again: false,
                    inbound_id: id.to_string(),
                };
                let job = NewJob::new(kinds::HANDLE_MESSAGE, &body)?.key(message.contact.sender_key());
                tx.enqueue_for(item.ctx, job.caused_by(id.to_string()));
            }
            told.push(new);
        }
        receipts.push(told);
    }
    Ok(receipts)
}

/// Writes the messages that are not there yet; the answer is their ids.
async fn insert(tx: &mut Tx, items: &[Item<'_, ReceiveMessage>]) -> Result<HashSet<Uuid>, Fault> {
    let each = || items.iter().flat_map(|item| &item.command.messages);
    let messages: Vec<&Inbound> = each().collect();
    let texts = |get: fn(&Inbound) -> &str| each().map(get).collect::<Vec<_>>();
    let mut traces = Vec::with_capacity(messages.len());
    for item in items {
        let trace = item.ctx.trace().trace_id();
        traces.extend(item.command.messages.iter().map(|_| trace.clone()));
    }
    let now = tx.now();
    let rows = sqlx::query(
        "insert into orders.inbound_message (id, provider, account, provider_message_id, address, phone, user_id,
             profile_name, kind, body, reply_id, context_id, payload, sent_at, received_at, trace_id, cart,
             attached)
         select m.id, m.provider, m.account, m.message, m.address, m.phone, m.user_id, m.profile_name, m.kind, m.body,
             m.reply_id, m.context_id, m.payload, m.sent_at, $15, m.trace_id, m.cart, m.attached from unnest($1::uuid[], $2::smallint[], $3::text[], $4::text[], $5::text[], $6::text[],
             $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::jsonb[],
             $14::timestamptz[], $16::text[], $17::jsonb[], $18::jsonb[]) with ordinality
             as m (id, provider, account, message, address, phone, user_id, profile_name, kind, body, reply_id,
                 context_id, payload, sent_at, trace_id, cart, attached, n)
         order by m.id, m.n
         on conflict do nothing
         returning id",
    )
    .bind(messages.iter().map(|m| m.inbound_id().uuid()).collect::<Vec<_>>())
    .bind(messages.iter().map(|m| i16::try_from(m.contact.provider).unwrap_or_default()).collect::<Vec<_>>())
    .bind(texts(|m| &m.contact.account))
    .bind(texts(|m| &m.provider_message_id))
    .bind(texts(|m| &m.contact.address))
    .bind(texts(|m| &m.contact.phone))
    .bind(texts(|m| &m.contact.user_id))
    .bind(texts(|m| &m.profile_name))
    .bind(texts(|m| &m.kind))
    .bind(texts(|m| &m.text))
    .bind(texts(|m| &m.reply_id))
    .bind(texts(|m| &m.context_id))
    .bind(messages.iter().map(|m| &m.payload).collect::<Vec<_>>())
    .bind(messages.iter().map(|m| m.sent_at).collect::<Vec<_>>())
    .bind(now)
    .bind(traces)
    .bind(messages.iter().map(|m| Json(&m.cart)).collect::<Vec<_>>())
    .bind(messages.iter().map(|m| attached(m)).collect::<Vec<_>>())
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// Most messages are their words and nothing else.
fn attached(message: &Inbound) -> Option<Json<&Attached>> {
    Some(Json(&message.attached)).filter(|attached| !attached.is_empty())
}
