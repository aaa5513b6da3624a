use khaacho_proto::credit::v1 as pb;
use khaacho_rpc::{Answer, open};
use tonic::{Request, Response};

use super::{Rpc, render};
use crate::domain::Refusal;
use crate::store::get_account::current;
use khaacho_fault::Fault;

pub(super) async fn get_account(
    rpc: &Rpc,
    request: Request<pb::GetAccountRequest>,
) -> Answer<pb::GetAccountResponse> {
    let (ctx, body) = open(request)?;
    let profile = rpc.account(&ctx, "account", &body.account).await?;
    let standing = rpc
        .standings
        .ask(rpc.door.db().pool(), profile.account_id)
        .await?;
    let account = current(
        profile,
        standing.ok_or_else(|| Fault::from(Refusal::AccountUnknown))?,
    );
    Ok(Response::new(pb::GetAccountResponse {
        account: Some(render::account(account)),
    }))
}
