use khaacho_durable::run;
use khaacho_proto::credit::v1 as pb;
use khaacho_rpc::{Answer, open};
use tonic::{Request, Response};

use super::fields::Fields;
use super::{Rpc, render};
use crate::domain::unblock_account::UnblockAccount;

pub(super) async fn unblock_account(
    rpc: &Rpc,
    request: Request<pb::UnblockAccountRequest>,
) -> Answer<pb::UnblockAccountResponse> {
    let (ctx, body) = open(request)?;
    let ctx = ctx.requested(&body.request_id)?;
    let mut fields = Fields::default();
    let reason = fields.text("reason", &body.reason, 0..=500);
    fields.finish()?;
    let account_id = rpc.account(&ctx, "account", &body.account).await?.account_id;
    let account = run(&rpc.door, &ctx, UnblockAccount { account_id, reason })
        .await?
        .reply;
    rpc.parties.forget(&account.profile).await;
    Ok(Response::new(pb::UnblockAccountResponse {
        account: Some(render::account(account)),
    }))
}
