use khaacho_fault::Fault;
use khaacho_proto::order::v1 as pb;
use khaacho_rpc::Ctx;

use super::get_conversation::known;
use super::render;
use crate::domain::release_conversation::ReleaseConversation;
use crate::service::Service;

/// Parses, runs and renders `ReleaseConversation`.
pub async fn run(
    service: &Service,
    ctx: Ctx,
    body: pb::ReleaseConversationRequest,
) -> Result<pb::ReleaseConversationResponse, Fault> {
    let ctx = ctx.requested(&body.request_id)?;
    let command = ReleaseConversation {
        conversation_id: body.conversation.clone(),
        newest_message: body.newest_message,
    };
    khaacho_durable::run(&service.door, &ctx, command).await?;
    let conversation = known(service, &body.conversation).await?;
    Ok(pb::ReleaseConversationResponse {
        conversation: Some(render::conversation(conversation)),
    })
}
