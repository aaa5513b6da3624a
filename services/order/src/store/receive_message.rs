use khaacho_durable::{NewJob, Transact, Tx};
use khaacho_fault::Fault;
use sqlx::Row as _;
use uuid::Uuid;

use crate::domain::receive_message::{Inbound, ReceiveMessage};
use crate::jobs::{HandleBody, kinds};

impl Transact for ReceiveMessage {
    /// For each message whether it is new.
    type Reply = Vec<bool>;
    /// The provider's own id makes a repetition harmless.
    const REMEMBERED: bool = false;

    async fn load(&self, _tx: &mut Tx) -> Result<(), Fault> {
        Ok(())
    }

    async fn save(&self, (): (), tx: &mut Tx) -> Result<Vec<bool>, Fault> {
        let fresh = insert(tx, &self.messages).await?;
        let mut seen = Vec::new();
        let mut receipts = Vec::new();
        for message in &self.messages {
            let id = message.inbound_id();
            // The same message twice in one delivery is new once.
            let new = fresh.contains(&id.uuid()) && !seen.contains(&id);
            if new {
                seen.push(id);
                let body = HandleBody {
                    inbound_id: id.to_string(),
                };
                let job = NewJob::new(kinds::HANDLE_MESSAGE, &body)?.key(message.sender_key());
                tx.enqueue(job.caused_by(id.to_string()));
            }
            receipts.push(new);
        }
        Ok(receipts)
    }
}

async fn insert(tx: &mut Tx, messages: &[Inbound]) -> Result<Vec<Uuid>, Fault> {
    let texts = |get: fn(&Inbound) -> &str| messages.iter().map(get).collect::<Vec<_>>();
    let now = tx.now();
    let trace = tx.ctx().trace().trace_id();
    let rows = sqlx::query(
        "insert into orders.inbound_message (id, provider, account, provider_message_id, address, phone, user_id,
             profile_name, kind, body, reply_id, context_id, payload, sent_at, received_at, trace_id)
         select m.*, $15, $16 from unnest($1::uuid[], $2::smallint[], $3::text[], $4::text[], $5::text[], $6::text[],
             $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::jsonb[],
             $14::timestamptz[]) as m
         order by 1
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
    .bind(messages.iter().map(|m| m.payload.clone()).collect::<Vec<_>>())
    .bind(messages.iter().map(|m| m.sent_at).collect::<Vec<_>>())
    .bind(now)
    .bind(trace)
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}
