use khaacho_durable as durable;
use khaacho_fault::Fault;
use khaacho_ids::AliasId;
use khaacho_proto::inventory::v1 as pb;
use khaacho_rpc::{Answer, open};
use tonic::{Request, Response};

use super::{Rpc, get_alias};
use crate::domain::refusal::Refusal;
use crate::domain::revoke_alias::RevokeAlias;

/// Longest reason in characters.
const REASON_LENGTH_MAX: usize = 200;

pub(super) async fn revoke_alias(
    rpc: &Rpc,
    request: Request<pb::RevokeAliasRequest>,
) -> Answer<pb::RevokeAliasResponse> {
    let (ctx, body) = open(request)?;
    let ctx = ctx.requested(&body.request_id)?;
    let alias_id: AliasId = body
        .alias
        .trim()
        .parse()
        .map_err(|_| Fault::from(Refusal::AliasUnknown))?;
    let reason = body.reason.trim();
    if reason.is_empty() {
        return Err(Fault::from(Refusal::ReasonMissing).into());
    }
    if reason.chars().count() > REASON_LENGTH_MAX {
        return Err(Fault::invalid("reason", "must have at most 200 characters").into());
    }
    let command = RevokeAlias {
        alias_id,
        reason: reason.to_owned(),
    };
    durable::run(&rpc.door, &ctx, command).await?;
    refreshed(rpc).await;
    let alias = get_alias::found(rpc, alias_id).await?;
    Ok(Response::new(pb::RevokeAliasResponse { alias: Some(alias) }))
}

/// The aliases are stored; if this fails the index finds them with its next look.
pub(super) async fn refreshed(rpc: &Rpc) {
    if let Err(fault) = rpc.catalogue.refresh().await {
        tracing::warn!(error = ?fault, "the catalogue in memory is old for a moment");
    }
}
