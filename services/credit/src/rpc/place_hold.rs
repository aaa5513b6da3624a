use khaacho_durable::gather;
use khaacho_fault::Fault;
use khaacho_proto::credit::v1 as pb;
use khaacho_rpc::{Answer, open};
use tonic::{Request, Response};

use super::fields::Fields;
use super::{Rpc, render};
use crate::domain::place_hold::PlaceHold;
use crate::domain::{AMOUNT_MAX, Refusal};
use crate::measures;

pub(super) async fn place_hold(
    rpc: &Rpc,
    request: Request<pb::PlaceHoldRequest>,
) -> Answer<pb::PlaceHoldResponse> {
    let (ctx, body) = open(request)?;
    let command = parse(body)?;
    if !ctx.principal().owns_account(&command.account_id.to_string()) {
        return Err(Fault::from(Refusal::AccountUnknown).into());
    }
    let held = gather(&rpc.door, &ctx, command)
        .await
        .inspect_err(measures::refused)?
        .reply;
    measures::placed(held.fresh);
    let (hold, balance) = (render::hold(&held.hold), render::balance(&held.balance));
    Ok(Response::new(pb::PlaceHoldResponse {
        hold: Some(hold),
        balance: Some(balance),
    }))
}

fn parse(body: pb::PlaceHoldRequest) -> Result<PlaceHold, Fault> {
    let mut fields = Fields::default();
    let amount = fields.paisa("amount_paisa", body.amount_paisa, 1..=AMOUNT_MAX.paisa());
    let order_id = fields.id("order_id", &body.order_id);
    let account_id = fields.id("account_id", &body.account_id);
    let (Some(order_id), Some(account_id)) = (order_id, account_id) else {
        return Err(fields.fault());
    };
    fields.finish()?;
    Ok(PlaceHold {
        order_id,
        account_id,
        amount,
    })
}
