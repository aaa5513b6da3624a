use khaacho_fault::Fault;
use khaacho_ids::AccountId;
use khaacho_proto::inventory::v1 as pb;
use khaacho_rpc::{Answer, open};
use tonic::{Request, Response};

use super::{Rpc, parse};
use crate::domain::alias::key_of;
use crate::store;

/// Most phrases of a request.
const PHRASES_MAX: usize = 50;

pub(super) async fn find_aliases(
    rpc: &Rpc,
    request: Request<pb::FindAliasesRequest>,
) -> Answer<pb::FindAliasesResponse> {
    let (_, body) = open(request)?;
    let account_id: AccountId = parse::field("account_id", &body.account_id)?;
    if !(1..=PHRASES_MAX).contains(&body.phrases.len()) {
        return Err(Fault::invalid("phrases", "must be 1 to 50").into());
    }
    let keys: Vec<String> = body.phrases.iter().map(|phrase| key_of(phrase)).collect();
    let found = store::find_aliases::find(rpc.db(), &account_id.to_string(), &keys).await?;
    let alias = |found: Option<_>| match found {
        Some((sku, own)) => pb::FoundAlias {
            sku: crate::domain::sku::Sku::to_string(&sku),
            own,
        },
        None => pb::FoundAlias::default(),
    };
    Ok(Response::new(pb::FindAliasesResponse {
        aliases: found.into_iter().map(alias).collect(),
    }))
}
