use khaacho_fault::Fault;
use khaacho_proto::order::v1 as pb;
use khaacho_rpc::Ctx;

use super::get_conversation::known;
use super::render;
use crate::domain::claim_conversation::ClaimConversation;
use crate::service::Service;

/// Parses, runs and renders `ClaimConversation`.
pub async fn run(
    service: &Service,
    ctx: Ctx,
    body: pb::ClaimConversationRequest,
) -> Result<pb::ClaimConversationResponse, Fault> {
    let ctx = ctx.requested(&body.request_id)?;
    let command = ClaimConversation {
        conversation_id: body.conversation.clone(),
        person: ctx.principal().subject.clone(),
        take_over: body.take_over,
    };
    khaacho_durable::run(&service.door, &ctx, command).await?;
    let conversation = known(service, &body.conversation).await?;
    Ok(pb::ClaimConversationResponse {
        conversation: Some(render::conversation(conversation)),
    })
}
