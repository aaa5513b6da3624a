use khaacho_fault::Fault;
use khaacho_proto::notification::v1 as notification;
use khaacho_proto::order::v1 as pb;
use khaacho_rpc::Ctx;

use super::{render, timestamp};
use crate::domain::Refusal;
use crate::service::Service;
use crate::store::conversations::{Conversation, Message, find, messages};

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
    let (sent, missing) = match told {
        Ok(told) => (told.into_iter().map(sent).collect(), vec![]),
        Err(_) => (vec![], vec!["notification".to_owned()]),
    };
    Ok(pb::GetConversationResponse {
        conversation: Some(render::conversation(conversation)),
        messages: messages.into_iter().map(message).collect(),
        sent,
        missing,
    })
}

/// The conversation with this id.
pub(super) async fn known(service: &Service, id: &str) -> Result<Conversation, Fault> {
    let found = find(service.door.db().pool(), id).await?;
    found.ok_or_else(|| Refusal::ConversationUnknown.into())
}

fn message(message: Message) -> pb::ConversationMessage {
    pb::ConversationMessage {
        inbound_id: message.id,
        kind: message.kind,
        text: message.text,
        reply_id: message.reply_id,
        received_at: Some(timestamp(message.received_at)),
        outcome: message.outcome,
        outcome_ref: message.outcome_ref,
    }
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
