use khaacho_fault::Fault;
use khaacho_proto::order::v1 as pb;
use khaacho_rpc::Ctx;

use super::{render, timestamp};
use crate::domain::Refusal;
use crate::service::Service;
use crate::store::conversations::{Conversation, Message, find, messages};

/// Reads a conversation with its newest messages.
pub async fn run(
    service: &Service,
    _ctx: Ctx,
    body: pb::GetConversationRequest,
) -> Result<pb::GetConversationResponse, Fault> {
    let conversation = known(service, &body.conversation).await?;
    let messages = messages(service.door.db().pool(), &conversation).await?;
    Ok(pb::GetConversationResponse {
        conversation: Some(render::conversation(conversation)),
        messages: messages.into_iter().map(message).collect(),
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
