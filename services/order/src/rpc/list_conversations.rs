use khaacho_fault::Fault;
use khaacho_proto::order::v1 as pb;
use khaacho_rpc::Ctx;

use super::list_orders::{page_size, place, token};
use super::render;
use crate::service::Service;
use crate::store::conversations::waiting;

/// Conversations that wait for a person.
pub async fn run(
    service: &Service,
    _ctx: Ctx,
    body: pb::ListConversationsRequest,
) -> Result<pb::ListConversationsResponse, Fault> {
    let (after, limit) = (place(&body.page_token)?, page_size(body.page_size)?);
    let (found, next) = waiting(service.door.db().pool(), after, limit).await?;
    Ok(pb::ListConversationsResponse {
        conversations: found.into_iter().map(render::conversation).collect(),
        next_page_token: next.map(token).unwrap_or_default(),
    })
}
