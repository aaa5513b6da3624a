use khaacho_fault::Fault;
use khaacho_ids::AliasId;
use khaacho_proto::inventory::v1 as pb;
use khaacho_rpc::{Answer, open};
use tonic::{Request, Response};

use super::{Rpc, render};
use crate::domain::refusal::Refusal;
use crate::store;
use crate::store::list_aliases::EventRow;

pub(super) async fn get_alias(
    rpc: &Rpc,
    request: Request<pb::GetAliasRequest>,
) -> Answer<pb::GetAliasResponse> {
    let (_, body) = open(request)?;
    let id: AliasId = body
        .alias
        .trim()
        .parse()
        .map_err(|_| Fault::from(Refusal::AliasUnknown))?;
    let alias = found(rpc, id).await?;
    let events = store::list_aliases::events(rpc.db(), id).await?;
    let event = |row: EventRow| pb::AliasEvent {
        at: Some(render::timestamp(row.at)),
        kind: row.kind,
        actor: row.actor,
        reason: row.reason,
        cause_id: row.cause,
        trace_id: row.trace_id,
    };
    Ok(Response::new(pb::GetAliasResponse {
        alias: Some(alias),
        events: events.into_iter().map(event).collect(),
    }))
}

/// One alias as it stands.
pub(super) async fn found(rpc: &Rpc, id: AliasId) -> Result<pb::Alias, Fault> {
    let row = store::list_aliases::find(rpc.db(), id).await?;
    Ok(render::alias(row.ok_or(Refusal::AliasUnknown)?))
}
