use khaacho_fault::Fault;
use khaacho_ids::ConversationId;
use khaacho_proto::order::v1 as pb;
use khaacho_rpc::Ctx;

use super::receive_message::clean;
use crate::domain::reply_to_conversation::{ReplyToConversation, TEXT_CHARS_MAX};
use crate::service::Service;

/// Parses, runs and renders `ReplyToConversation`.
pub async fn run(
    service: &Service,
    ctx: Ctx,
    body: pb::ReplyToConversationRequest,
) -> Result<pb::ReplyToConversationResponse, Fault> {
    let ctx = ctx.requested(&body.request_id)?;
    let text = clean(body.text).trim().to_owned();
    if !(1..=TEXT_CHARS_MAX).contains(&text.chars().count()) {
        return Err(Fault::invalid("text", "must have 1 to 4096 characters"));
    }
    // One key a request: two people may use the same request id.
    let key = ConversationId::derive(&["reply", &ctx.principal().subject, &body.request_id]);
    let command = ReplyToConversation {
        conversation_id: body.conversation,
        text,
        notice_key: format!("reply:{key}"),
    };
    let done = khaacho_durable::run(&service.door, &ctx, command).await?;
    Ok(pb::ReplyToConversationResponse {
        notice_key: done.reply,
    })
}
