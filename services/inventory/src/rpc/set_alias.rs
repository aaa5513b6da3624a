use khaacho_durable as durable;
use khaacho_fault::Fault;
use khaacho_ids::AccountId;
use khaacho_proto::inventory::v1 as pb;
use khaacho_rpc::{Answer, open};
use tonic::{Request, Response};

use super::{Rpc, get_alias, parse};
use crate::domain::alias::{ALL_SHOPS, PHRASE_LENGTH_MAX, key_of};
use crate::domain::set_alias::SetAlias;

pub(super) async fn set_alias(
    rpc: &Rpc,
    request: Request<pb::SetAliasRequest>,
) -> Answer<pb::SetAliasResponse> {
    let (ctx, body) = open(request)?;
    let ctx = ctx.requested(&body.request_id)?;
    let sku = parse::sku("sku", &body.sku)?;
    let phrase = body.phrase.trim();
    let key = key_of(phrase);
    if key.is_empty() || phrase.chars().count() > PHRASE_LENGTH_MAX {
        return Err(Fault::invalid("phrase", "must be words of 1 to 200 characters").into());
    }
    let account_id = match body.account_id.trim() {
        "" => ALL_SHOPS.to_owned(),
        text => parse::field::<AccountId>("account_id", text)?.to_string(),
    };
    let command = SetAlias {
        account_id,
        phrase: phrase.to_owned(),
        key,
        sku,
    };
    let done = durable::run(&rpc.door, &ctx, command).await?;
    super::revoke_alias::refreshed(rpc).await;
    let alias = get_alias::found(rpc, done.reply).await?;
    Ok(Response::new(pb::SetAliasResponse { alias: Some(alias) }))
}
