use khaacho_durable as durable;
use khaacho_fault::Fault;
use khaacho_ids::VendorId;
use khaacho_proto::inventory::v1 as pb;
use khaacho_rpc::{Answer, open};
use tonic::{Request, Response};

use super::{Rpc, parse, render};
use crate::domain::release::Release;
use crate::metrics;

/// Longest reason code in characters.
const REASON_LENGTH_MAX: usize = 60;

pub(super) async fn release(rpc: &Rpc, request: Request<pb::ReleaseRequest>) -> Answer<pb::ReleaseResponse> {
    let (ctx, body) = open(request)?;
    let done = durable::run(&rpc.door, &ctx, read(&body)?).await?;
    metrics::reservation(if done.reply.fresh {
        metrics::RELEASED
    } else {
        metrics::REPEATED
    });
    Ok(Response::new(pb::ReleaseResponse {
        reservation: Some(render::reservation(done.reply.reservation)),
    }))
}

fn read(given: &pb::ReleaseRequest) -> Result<Release, Fault> {
    let attempt = parse::attempt(&given.order_id, given.attempt)?;
    let vendor_id = match given.vendor_id.trim() {
        "" => None,
        text => Some(parse::field::<VendorId>("vendor_id", text)?),
    };
    let reason = given.reason.trim();
    if reason.chars().count() > REASON_LENGTH_MAX || reason.chars().any(char::is_control) {
        return Err(Fault::invalid(
            "reason",
            "must have at most 60 characters, no control characters",
        ));
    }
    Ok(Release {
        attempt,
        vendor_id,
        reason: reason.to_owned(),
    })
}
