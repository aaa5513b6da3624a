use khaacho_fault::Fault;
use khaacho_proto::notification::v1 as notification;
use khaacho_proto::order::v1 as pb;
use khaacho_rpc::Ctx;

use super::render;
use crate::domain::Refusal;
use crate::service::Service;
use crate::store::conversations::{Conversation, find, messages};

/// Newest messages to the other side that are shown.
const SENT_MAX: u32 = 20;

/// Reads a conversation with its newest messages.
pub async fn run(
    service: &Service,
    ctx: Ctx,
    body: pb::GetConversationRequest,
) -> Result<pb::GetConversationResponse, Fault> {
    let conversation = known(service, &body.conversation).await?;
    let messages = messages(service.door.db().pool(), &conversation).await?;
    // What came in can be read while the notification service is away.
    let told = service.peers.told(&ctx, &conversation.contact, SENT_MAX).await;
    let mut messages: Vec<_> = messages.into_iter().map(render::message).collect();
    let heard = write_in_words(service, &ctx, &mut messages).await;
    let missing = if told.is_err() || heard.is_err() {
        vec!["notification".to_owned()]
    } else {
        vec![]
    };
    Ok(pb::GetConversationResponse {
        conversation: Some(render::conversation(conversation)),
        messages,
        sent: told.unwrap_or_default().into_iter().map(sent).collect(),
        missing,
    })
}

/// Writes what a machine heard beside the voices.
async fn write_in_words(
    service: &Service,
    ctx: &Ctx,
    messages: &mut [pb::ConversationMessage],
) -> Result<(), Fault> {
    let media = || messages.iter().flat_map(|message| &message.media);
    let ids = media()
        .filter(|medium| medium.state == "STORED")
        .map(|m| m.media_id.clone());
    let known = service.peers.media(ctx, ids.collect()).await?;
    for medium in messages.iter_mut().flat_map(|message| &mut message.media) {
        if let Some(known) = known.iter().find(|known| known.id == medium.media_id) {
            medium.transcript.clone_from(&known.transcript);
        }
    }
    Ok(())
}

/// The conversation with this id.
pub(super) async fn known(service: &Service, id: &str) -> Result<Conversation, Fault> {
    let found = find(service.door.db().pool(), id).await?;
    found.ok_or_else(|| Refusal::ConversationUnknown.into())
}

fn sent(told: notification::Told) -> pb::SentMessage {
    let state = told.state().as_str_name();
    pb::SentMessage {
        state: state.trim_start_matches("NOTIFICATION_STATE_").to_owned(),
        notification_id: told.notification_id,
        template: told.template,
        text: told.text,
        choices: told.choices,
        order_id: told.order_id,
        cause_id: told.cause_id,
        created_at: told.created_at,
    }
}
