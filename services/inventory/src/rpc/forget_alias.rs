use khaacho_durable as durable;
use khaacho_ids::AccountId;
use khaacho_proto::inventory::v1 as pb;
use khaacho_rpc::{Answer, open};
use tonic::{Request, Response};

use super::{Rpc, parse};
use crate::domain::alias::key_of;
use crate::domain::forget_alias::ForgetAlias;

pub(super) async fn forget_alias(
    rpc: &Rpc,
    request: Request<pb::ForgetAliasRequest>,
) -> Answer<pb::ForgetAliasResponse> {
    let (ctx, body) = open(request)?;
    let ctx = ctx.requested(&body.request_id)?;
    let account_id: AccountId = parse::field("account_id", &body.account_id)?;
    let key = key_of(&body.phrase);
    let done = durable::run(&rpc.door, &ctx, ForgetAlias { account_id, key }).await?;
    let (sku, name) = done
        .reply
        .map_or_else(Default::default, |meant| (meant.sku.to_string(), meant.name));
    Ok(Response::new(pb::ForgetAliasResponse { sku, name }))
}
