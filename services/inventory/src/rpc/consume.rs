use khaacho_durable as durable;
use khaacho_proto::inventory::v1 as pb;
use khaacho_rpc::{Answer, open};
use tonic::{Request, Response};

use super::{Rpc, parse, render};
use crate::domain::consume::Consume;
use crate::metrics;

pub(super) async fn consume(rpc: &Rpc, request: Request<pb::ConsumeRequest>) -> Answer<pb::ConsumeResponse> {
    let (ctx, body) = open(request)?;
    let attempt = parse::attempt(&body.order_id, body.attempt)?;
    let done = durable::run(&rpc.door, &ctx, Consume { attempt }).await?;
    metrics::reservation(if done.reply.fresh {
        metrics::CONSUMED
    } else {
        metrics::REPEATED
    });
    Ok(Response::new(pb::ConsumeResponse {
        reservation: Some(render::reservation(done.reply.reservation)),
    }))
}
