use khaacho_durable::run;
use khaacho_fault::Fault;
use khaacho_proto::credit::v1 as pb;
use khaacho_rpc::{Answer, open};
use tonic::{Request, Response};

use super::fields::Fields;
use super::{Rpc, render};
use crate::domain::Refusal;
use crate::domain::release_hold::ReleaseHold;
use crate::measures;

pub(super) async fn release_hold(
    rpc: &Rpc,
    request: Request<pb::ReleaseHoldRequest>,
) -> Answer<pb::ReleaseHoldResponse> {
    let (ctx, body) = open(request)?;
    let command = parse(body)?;
    if !ctx.principal().owns_account(&command.account_id.to_string()) {
        return Err(Fault::from(Refusal::AccountUnknown).into());
    }
    let reason = command.reason.clone();
    let released = run(&rpc.door, &ctx, command).await?.reply;
    measures::released(released.fresh, &reason);
    Ok(Response::new(pb::ReleaseHoldResponse {
        hold: Some(render::hold(&released.hold)),
    }))
}

fn parse(body: pb::ReleaseHoldRequest) -> Result<ReleaseHold, Fault> {
    let mut fields = Fields::default();
    let reason = fields.text("reason", &body.reason, 0..=200);
    let order_id = fields.id("order_id", &body.order_id);
    let account_id = fields.id("account_id", &body.account_id);
    let (Some(order_id), Some(account_id)) = (order_id, account_id) else {
        return Err(fields.fault());
    };
    fields.finish()?;
    Ok(ReleaseHold {
        order_id,
        account_id,
        reason,
    })
}
