use khaacho_durable::run;
use khaacho_proto::credit::v1 as pb;
use khaacho_rpc::{Answer, open};
use tonic::{Request, Response};

use super::fields::Fields;
use super::{Rpc, render};
use crate::domain::AMOUNT_MAX;
use crate::domain::set_limit::SetLimit;

pub(super) async fn set_limit(
    rpc: &Rpc,
    request: Request<pb::SetLimitRequest>,
) -> Answer<pb::SetLimitResponse> {
    let (ctx, body) = open(request)?;
    let ctx = ctx.requested(&body.request_id)?;
    let mut fields = Fields::default();
    let limit = fields.paisa("limit_paisa", body.limit_paisa, 0..=AMOUNT_MAX.paisa());
    let reason = fields.text("reason", &body.reason, 0..=500);
    fields.finish()?;
    let account_id = rpc.account(&ctx, "account", &body.account).await?.account_id;
    let account = run(
        &rpc.door,
        &ctx,
        SetLimit {
            account_id,
            limit,
            reason,
        },
    )
    .await?
    .reply;
    rpc.parties.forget(&account.profile).await;
    Ok(Response::new(pb::SetLimitResponse {
        account: Some(render::account(account)),
    }))
}
