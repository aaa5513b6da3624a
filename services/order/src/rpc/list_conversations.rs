use khaacho_fault::Fault;
use khaacho_proto::order::v1 as pb;
use khaacho_rpc::Ctx;

use super::list_orders::{page_size, place, token};
use super::render;
use crate::service::Service;
use crate::store::conversations::{newest, waiting};

/// Conversations that wait for a person.
pub async fn run(
    service: &Service,
    _ctx: Ctx,
    body: pb::ListConversationsRequest,
) -> Result<pb::ListConversationsResponse, Fault> {
    let (after, limit) = (place(&body.page_token)?, page_size(body.page_size)?);
    let (found, next) = waiting(service.door.db().pool(), after, limit).await?;
    let newest = newest(service.door.db().pool(), &found).await?;
    let shown = |(conversation, newest): (_, Option<_>)| pb::Conversation {
        newest_message: newest.map(render::message),
        ..render::conversation(conversation)
    };
    Ok(pb::ListConversationsResponse {
        conversations: found.into_iter().zip(newest).map(shown).collect(),
        next_page_token: next.map(token).unwrap_or_default(),
    })
}
