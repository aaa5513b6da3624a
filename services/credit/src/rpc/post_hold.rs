use khaacho_durable::run;
use khaacho_fault::Fault;
use khaacho_proto::credit::v1 as pb;
use khaacho_rpc::{Answer, open};
use tonic::{Request, Response};

use super::fields::Fields;
use super::{Rpc, render};
use crate::domain::AMOUNT_MAX;
use crate::domain::post_hold::PostHold;
use crate::measures;

pub(super) async fn post_hold(
    rpc: &Rpc,
    request: Request<pb::PostHoldRequest>,
) -> Answer<pb::PostHoldResponse> {
    let (ctx, body) = open(request)?;
    let command = parse(body)?;
    let debt = run(&rpc.door, &ctx, command).await?.reply;
    measures::posted(debt.fresh);
    Ok(Response::new(pb::PostHoldResponse {
        entry_id: debt.entry_id.to_string(),
        invoice_number: debt.invoice_number,
        due_at: Some(render::time(debt.due_at)),
        balance: Some(render::balance(&debt.balance)),
    }))
}

fn parse(body: pb::PostHoldRequest) -> Result<PostHold, Fault> {
    let mut fields = Fields::default();
    let most = AMOUNT_MAX.paisa();
    let order_number = fields.text("order_number", &body.order_number, 1..=32);
    let amount = fields.paisa("amount_paisa", body.amount_paisa, 1..=most);
    let vat = fields.paisa("vat_paisa", body.vat_paisa, 0..=most);
    let vendor = fields.paisa("vendor_paisa", body.vendor_paisa, 0..=most);
    let delivered_at = match body.delivered_at {
        Some(time) => fields.time("delivered_at", time),
        None => {
            fields.wrong("delivered_at", "is mandatory");
            None
        }
    };
    let order_id = fields.id("order_id", &body.order_id);
    let vendor_id = fields.id("vendor_id", &body.vendor_id);
    let (Some(order_id), Some(vendor_id), Some(delivered_at)) = (order_id, vendor_id, delivered_at) else {
        return Err(fields.fault());
    };
    fields.finish()?;
    Ok(PostHold {
        order_id,
        order_number,
        amount,
        vat,
        vendor_id,
        vendor,
        delivered_at,
    })
}
