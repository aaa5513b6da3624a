use chrono::{DateTime, Utc};
use khaacho_fault::Fault;
use khaacho_ids::{ConversationId, InboundId};
use sqlx::types::Json;
use sqlx::{PgPool, Row as _, postgres::PgRow};
use uuid::Uuid;

use super::settle_media::{Settled, settled};
use crate::domain::Contact;
use crate::domain::attached::Attached;
use crate::domain::basket::State;

/// Conversations of a page at most.
const PAGE_MAX: i32 = 100;
/// Newest messages of a conversation that are kept with it.
pub const RECENT_MAX: i32 = 20;

macro_rules! columns {
    () => {
        "id, provider, account, address, phone, user_id, party_kind, party_id, state, waits_since, waits_for,
         window_until, updated_at, recent, claimed_by, claimed_at"
    };
}

/// A conversation for people.
#[derive(Debug, Clone, PartialEq)]
pub struct Conversation {
    /// Id, `cnv_…`.
    pub id: String,
    /// The other side.
    pub contact: Contact,
    /// `retailer`, `vendor` or `unknown`.
    pub party_kind: String,
    /// Account or vendor.
    pub party_id: String,
    /// What it waits for.
    pub state: State,
    /// Since when a person has to look.
    pub waits_since: Option<DateTime<Utc>>,
    /// Why.
    pub waits_for: String,
    /// Until when texts may be sent.
    pub window_until: DateTime<Utc>,
    /// Last change.
    pub updated_at: DateTime<Utc>,
    /// Who has taken it over; empty for nobody.
    pub claimed_by: String,
    /// Since when.
    pub claimed_at: Option<DateTime<Utc>>,
    key: Uuid,
    recent: Vec<Uuid>,
}

impl Conversation {
    fn of(row: &PgRow) -> Self {
        let key: Uuid = row.get("id");
        Self {
            id: ConversationId::from(key).to_string(),
            contact: contact(row),
            party_kind: row.get("party_kind"),
            party_id: row.get("party_id"),
            state: row.get::<Json<State>, _>("state").0,
            waits_since: row.get("waits_since"),
            waits_for: row.get("waits_for"),
            window_until: row.get("window_until"),
            updated_at: row.get("updated_at"),
            claimed_by: row.get("claimed_by"),
            claimed_at: row.get("claimed_at"),
            key,
            recent: row.get("recent"),
        }
    }
}

/// How to reach the other side of a conversation row.
pub fn contact(row: &PgRow) -> Contact {
    Contact {
        provider: i32::from(row.get::<i16, _>("provider")),
        account: row.get("account"),
        address: row.get("address"),
        phone: row.get("phone"),
        user_id: row.get("user_id"),
    }
}

/// The row's key of an id; `None` when it is none.
pub fn key(conversation_id: &str) -> Option<Uuid> {
    Some(conversation_id.parse::<ConversationId>().ok()?.uuid())
}

/// A place in the list: since when it waits, and the row's key.
pub type Place = (DateTime<Utc>, Uuid);

/// Conversations that wait for a person, the one that waits longest first, and where the next page begins.
pub async fn waiting(
    pool: &PgPool,
    after: Option<Place>,
    limit: i64,
) -> Result<(Vec<Conversation>, Option<Place>), Fault> {
    let (since, id) = after.unzip();
    let rows = sqlx::query(concat!(
        "select ",
        columns!(),
        " from orders.conversation
         where waits_since is not null and ($1::timestamptz is null or (waits_since, id) > ($1, $2))
         order by waits_since, id limit $3"
    ))
    .bind(since)
    .bind(id)
    .bind(limit + 1)
    .fetch_all(pool)
    .await?;
    let limit = usize::try_from(limit).unwrap_or(1);
    let found: Vec<Conversation> = rows.iter().take(limit).map(Conversation::of).collect();
    let last = found.last().filter(|_| rows.len() > limit);
    let next = last.and_then(|last| Some((last.waits_since?, last.key)));
    Ok((found, next))
}

/// One conversation.
pub async fn find(pool: &PgPool, conversation_id: &str) -> Result<Option<Conversation>, Fault> {
    let Some(key) = key(conversation_id) else {
        return Ok(None);
    };
    let row = sqlx::query(concat!(
        "select ",
        columns!(),
        " from orders.conversation where id = $1"
    ))
    .bind(key)
    .fetch_optional(pool)
    .await?;
    Ok(row.as_ref().map(Conversation::of))
}

/// A message of a conversation, and what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// Id, `inb_…`.
    pub id: String,
    /// Kind.
    pub kind: String,
    /// Text.
    pub text: String,
    /// Tapped button or row.
    pub reply_id: String,
    /// When it came in.
    pub received_at: DateTime<Utc>,
    /// Outcome; empty while it is handled.
    pub outcome: String,
    /// What the outcome refers to.
    pub outcome_ref: String,
    /// What came with it beside its words.
    pub attached: Attached,
    /// What became of its media, as far as it is known.
    pub settled: Vec<Settled>,
    key: Uuid,
}

/// The newest messages of a conversation, newest first.
pub async fn messages(pool: &PgPool, conversation: &Conversation) -> Result<Vec<Message>, Fault> {
    by_key(pool, &conversation.recent, RECENT_MAX).await
}

/// The newest message of each of these conversations, in their order; none where nothing came in yet.
pub async fn newest(pool: &PgPool, conversations: &[Conversation]) -> Result<Vec<Option<Message>>, Fault> {
    let keys: Vec<Uuid> = conversations
        .iter()
        .filter_map(|c| c.recent.first())
        .copied()
        .collect();
    let found = by_key(pool, &keys, PAGE_MAX).await?;
    let newest = |c: &Conversation| {
        let id = InboundId::from(*c.recent.first()?).to_string();
        found.iter().find(|message| message.id == id).cloned()
    };
    Ok(conversations.iter().map(newest).collect())
}

async fn by_key(pool: &PgPool, keys: &[Uuid], limit: i32) -> Result<Vec<Message>, Fault> {
    let rows = sqlx::query(
        "select id, kind, body, reply_id, received_at, coalesce(outcome, '') as outcome,
             coalesce(outcome_ref, '') as outcome_ref, attached
         from orders.inbound_message where id = any($1)
         order by array_position($1, id) limit $2",
    )
    .bind(keys)
    .bind(i64::from(limit))
    .fetch_all(pool)
    .await?;
    let message = |row: &PgRow| Message {
        key: row.get("id"),
        id: InboundId::from(row.get::<Uuid, _>("id")).to_string(),
        kind: row.get("kind"),
        text: row.get("body"),
        reply_id: row.get("reply_id"),
        received_at: row.get("received_at"),
        outcome: row.get("outcome"),
        outcome_ref: row.get("outcome_ref"),
        attached: row
            .get::<Option<Json<Attached>>, _>("attached")
            .unwrap_or_default()
            .0,
        settled: Vec::new(),
    };
    let mut messages: Vec<Message> = rows.iter().map(message).collect();
    let with_media: Vec<Uuid> = messages
        .iter()
        .filter(|message| !message.attached.media.is_empty())
        .map(|message| message.key)
        .collect();
    if !with_media.is_empty() {
        for settled in settled(pool, &with_media).await? {
            let own = messages
                .iter_mut()
                .find(|message| message.key == settled.inbound_id);
            own.into_iter()
                .for_each(|message| message.settled.push(settled.clone()));
        }
    }
    Ok(messages)
}
