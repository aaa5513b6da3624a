use chrono::{DateTime, Utc};
use khaacho_durable::{NewJob, Transact, Tx};
use khaacho_fault::Fault;
use khaacho_ids::{ConversationId, InboundId};
use sqlx::types::Json;
use sqlx::{PgPool, Row as _};

use super::conversations::RECENT_MAX;
use super::{enqueue_notices, settle_media};
use crate::domain::attached::Attached;
use crate::domain::basket::State;
use crate::domain::finish_message::{After, FinishMessage, Outcome, Step};
use crate::domain::language::Speech;
use crate::domain::receive_message::{CartItem, Inbound};
use crate::domain::settle_media::SettleMedia;
use crate::domain::which_shop::Last;
use crate::domain::{Contact, Refusal};
use crate::jobs::{ConsentBody, HandleBody, MediaBody, TeachBody, kinds};

/// Free-form messages may be sent for this long after the sender's last one.
const WINDOW_HOURS: i64 = 24;

impl Transact for FinishMessage {
    type Reply = ();
    const REMEMBERED: bool = false;

    async fn load(&self, _tx: &mut Tx) -> Result<(), Fault> {
        Ok(())
    }

    async fn save(&self, (): (), _tx: &mut Tx) -> Result<(), Fault> {
        Ok(())
    }
}

/// The conversation with a sender at one of our numbers.
pub fn conversation_id(contact: &Contact) -> ConversationId {
    let who = if contact.address.is_empty() {
        &contact.user_id
    } else {
        &contact.address
    };
    ConversationId::derive(&[&contact.provider.to_string(), &contact.account, who])
}

/// Writes the end of a message: outcome, conversation, replies. Refuses when the conversation moved on.
pub async fn save_step(tx: &mut Tx, step: &Step) -> Result<(), Fault> {
    let id = conversation_id(&step.contact);
    let now = tx.now();
    let window = step.heard_at + chrono::Duration::hours(WINDOW_HOURS);
    let inbound = step.inbound_id.parse::<InboundId>().map_err(Fault::bug)?.uuid();
    let person = match &step.outcome {
        Outcome::NeedsHuman(reason) => Some(reason.as_str()),
        _ => step.looked_at.as_deref(),
    };
    let moved = sqlx::query(
        "insert into orders.conversation as c (id, provider, account, address, party_kind, party_id, state, version,
             window_until, updated_at, phone, user_id, recent, waits_since, waits_for, speech)
         values ($1, $2, $3, $4, $5, $6, $7, 1, $8, $9, $11, $12, array[$13::uuid], $14, $15, $17)
         on conflict on constraint conversation_pkey do update set party_kind = $5, party_id = $6, state = $7,
             version = c.version + 1, window_until = greatest(c.window_until, $8), updated_at = $9, phone = $11, user_id = $12,
             recent = (array_prepend($13::uuid, c.recent))[1:$16],
             waits_since = coalesce(c.waits_since, $14),
             waits_for = case when c.waits_since is null then $15 else c.waits_for end, speech = $17
         where c.version = $10",
    )
    .bind(id.uuid())
    .bind(i16::try_from(step.contact.provider).unwrap_or_default())
    .bind(&step.contact.account)
    .bind(&step.contact.address)
    .bind(&step.party_kind)
    .bind(&step.party_id)
    .bind(Json(&step.state))
    .bind(window)
    .bind(now)
    .bind(step.seen_version)
    .bind(&step.contact.phone)
    .bind(&step.contact.user_id)
    .bind(inbound)
    .bind(person.map(|_| now))
    .bind(person.unwrap_or_default())
    .bind(RECENT_MAX)
    .bind(Json(&step.speech))
    .execute(tx.conn())
    .await?;
    if moved.rows_affected() == 0 {
        return Err(Refusal::ConversationMoved.into());
    }
    sqlx::query(
        "update orders.inbound_message set outcome = $2, outcome_ref = $3, handled_at = $4
         where id = $1 and (outcome is null or $5)",
    )
    .bind(inbound)
    .bind(step.outcome.name())
    .bind(step.outcome.reference())
    .bind(now)
    .bind(step.again)
    .execute(tx.conn())
    .await?;
    metrics::counter!("messages_handled_total", "outcome" => step.outcome.name()).increment(1);
    let ctx = tx.ctx().clone();
    if !step.again {
        media(tx, step).await?;
    }
    let After {
        lessons,
        opted_out,
        again,
        spoken,
    } = &step.after;
    for inbound_id in again {
        let body = HandleBody {
            inbound_id: inbound_id.clone(),
            again: true,
        };
        let job = NewJob::new(kinds::HANDLE_MESSAGE, &body)?.key(step.contact.sender_key());
        tx.enqueue_for(&ctx, job);
    }
    if let Some(spoken) = spoken {
        super::spoken::save(tx, spoken, &step.state).await?;
    }
    if !lessons.is_empty() {
        let body = TeachBody {
            inbound_id: step.inbound_id.clone(),
            lessons: lessons.clone(),
        };
        tx.enqueue_for(
            &ctx,
            NewJob::new(kinds::TEACH_CATALOGUE, &body)?.key(format!("teach:{id}")),
        );
    }
    if let Some(opted_out) = *opted_out {
        let body = ConsentBody {
            inbound_id: step.inbound_id.clone(),
            contact: step.contact.clone(),
            opted_out,
            said_at: step.heard_at,
        };
        tx.enqueue_for(
            &ctx,
            NewJob::new(kinds::SET_CONSENT, &body)?.key(format!("consent:{id}")),
        );
    }
    enqueue_notices(tx, &ctx, &id.to_string(), &step.replies)
}

/// What becomes of the media of a message. Nothing is fetched for somebody whom nobody knows: he could fill our disks.
async fn media(tx: &mut Tx, step: &Step) -> Result<(), Fault> {
    let ctx = tx.ctx().clone();
    for position in 0..step.media {
        if step.party_kind == "unknown" {
            let refused = SettleMedia {
                inbound_id: step.inbound_id.clone(),
                position,
                media_id: None,
                reason: Some("UNKNOWN_SENDER".to_owned()),
            };
            settle_media::write(tx, &refused).await?;
            continue;
        }
        let body = MediaBody {
            inbound_id: step.inbound_id.clone(),
            position,
        };
        tx.enqueue_for(&ctx, NewJob::new(kinds::FETCH_MEDIA, &body)?);
    }
    Ok(())
}

/// A message and where its conversation stands.
pub struct Waiting {
    /// The message.
    pub inbound: Inbound,
    /// State of the conversation.
    pub state: State,
    /// Version of the conversation; 0 when there is none yet.
    pub version: i64,
    /// What the conversation shows of the sender's language so far.
    pub speech: Speech,
    /// Who was acted for last, and when; `None` when there is no conversation yet.
    pub last: Option<Last>,
    /// A person has taken the conversation over.
    pub claimed: bool,
    /// Whether the message was handled before.
    pub handled: bool,
    /// When the sender wrote it; when it came in where his clock is ahead or unknown.
    pub heard_at: DateTime<Utc>,
}

/// Reads a message and its conversation.
pub async fn load(pool: &PgPool, inbound_id: &str) -> Result<Waiting, Fault> {
    let id = inbound_id.parse::<InboundId>().map_err(Fault::bug)?;
    let row = sqlx::query(
        "select provider, account, provider_message_id, address, phone, user_id, profile_name, kind, body, reply_id,
             context_id, sent_at, received_at, outcome, cart, attached
         from orders.inbound_message where id = $1",
    )
    .bind(id.uuid())
    .fetch_one(pool)
    .await?;
    let contact = Contact {
        provider: i32::from(row.get::<i16, _>("provider")),
        account: row.get("account"),
        address: row.get("address"),
        phone: row.get("phone"),
        user_id: row.get("user_id"),
    };
    let inbound = Inbound {
        contact,
        provider_message_id: row.get("provider_message_id"),
        profile_name: row.get("profile_name"),
        kind: row.get("kind"),
        text: row.get("body"),
        reply_id: row.get("reply_id"),
        context_id: row.get("context_id"),
        sent_at: row.get("sent_at"),
        payload: serde_json::Value::Null,
        cart: row.get::<Json<Vec<CartItem>>, _>("cart").0,
        attached: row
            .get::<Option<Json<Attached>>, _>("attached")
            .unwrap_or_default()
            .0,
    };
    let handled = row.get::<Option<String>, _>("outcome").is_some();
    let received_at: DateTime<Utc> = row.get("received_at");
    let heard_at = inbound.sent_at.map_or(received_at, |sent| sent.min(received_at));
    let known = sqlx::query(
        "select state, version, claimed_by <> '' as claimed, party_id, updated_at, speech
         from orders.conversation where id = $1",
    )
    .bind(conversation_id(&inbound.contact).uuid())
    .fetch_optional(pool)
    .await?;
    let last = known.as_ref().map(|row| Last {
        party_id: row.get("party_id"),
        at: row.get("updated_at"),
    });
    let speech = known.as_ref().map(|row| row.get::<Json<Speech>, _>("speech").0);
    let (state, version, claimed) = known.map_or((State::Idle, 0, false), |row| {
        let state = row.get::<Json<State>, _>("state").0;
        (state, row.get("version"), row.get("claimed"))
    });
    Ok(Waiting {
        inbound,
        state,
        version,
        speech: speech.unwrap_or_default(),
        last,
        claimed,
        handled,
        heard_at,
    })
}
