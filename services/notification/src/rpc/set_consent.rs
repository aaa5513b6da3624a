use chrono::{DateTime, Utc};
use khaacho_durable as durable;
use khaacho_fault::Fault;
use khaacho_proto::notification::v1 as pb;
use khaacho_rpc::{Answer, open};
use tonic::{Request, Response};

use super::Rpc;
use super::enqueue::recipient;
use super::list_consents::consent;
use crate::domain::set_consent::SetConsent;

pub(super) async fn set_consent(
    rpc: &Rpc,
    request: Request<pb::SetConsentRequest>,
) -> Answer<pb::SetConsentResponse> {
    let (ctx, body) = open(request)?;
    let ctx = ctx.requested(&body.request_id)?;
    let who = recipient(&rpc.config, body.address.unwrap_or_default(), "address")?;
    if who.phone.is_none() && who.address.is_empty() && who.user_id.is_none() {
        return Err(Fault::invalid("address", "must say who").into());
    }
    let said_at = match body.said_at {
        None => None,
        Some(at) => Some(time(at).ok_or_else(|| Fault::invalid("said_at", "is no time"))?),
    };
    let command = SetConsent {
        who: who.who(),
        opted_out: body.opted_out,
        said_at,
    };
    let done = durable::run(&rpc.door, &ctx, command).await?;
    let to = if done.reply.opted_out { "out" } else { "in" };
    metrics::counter!("consents_total", "to" => to).increment(1);
    Ok(Response::new(pb::SetConsentResponse {
        consent: Some(consent(done.reply)),
    }))
}

fn time(at: prost_types::Timestamp) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(at.seconds, u32::try_from(at.nanos).ok()?)
}
