use khaacho_fault::Fault;
use khaacho_proto::credit::v1 as pb;
use khaacho_rpc::{Answer, open};
use tonic::{Request, Response};

use super::{Rpc, render};
use crate::domain::Refusal;
use crate::store::get_balance::balance;

pub(super) async fn get_balance(
    rpc: &Rpc,
    request: Request<pb::GetBalanceRequest>,
) -> Answer<pb::GetBalanceResponse> {
    let (ctx, body) = open(request)?;
    let account_id = rpc.account(&ctx, "account", &body.account).await?.account_id;
    let balance = balance(rpc.door.db().pool(), account_id).await?;
    let balance = balance.ok_or_else(|| Fault::from(Refusal::AccountUnknown))?;
    Ok(Response::new(pb::GetBalanceResponse {
        balance: Some(render::balance(&balance)),
    }))
}
