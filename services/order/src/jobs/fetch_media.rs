//! A medium of a message: fetched by the notification service, which has the providers' credentials.

use chrono::TimeDelta;
use khaacho_durable::{Finished, JobRun};
use khaacho_fault::{Fault, Kind};
use khaacho_proto::notification::v1::MediaState;

use super::MediaBody;
use crate::domain::settle_media::{SettleMedia, is_last_try, next_try};
use crate::service::Service;
use crate::store::settle_media::unsettled;

/// When all places for this kind of work are taken.
const PAUSE: TimeDelta = TimeDelta::seconds(2);

/// Has it fetched and writes down what became of it. A repetition meets the medium's own id there and its row here.
pub async fn run(service: &Service, job: &JobRun) -> Result<Finished, Fault> {
    let body: MediaBody = job.body()?;
    let pool = service.door.db().pool();
    let Some(asked) = unsettled(pool, &body.inbound_id, body.position).await? else {
        return job.finish().await;
    };
    let now = service.clock().now();
    // A slow provider must not keep messages waiting, which are handled in the same places.
    let Ok(_place) = service.fetches.try_acquire() else {
        return job.postpone(now + PAUSE).await;
    };
    let last_try = is_last_try(asked.received_at, now);
    let ctx = job.ctx().clone().caused_by(&body.inbound_id);
    let answer = service.peers.fetch_media(&ctx, &body, &asked, last_try).await;
    let (media_id, reason) = match answer {
        Ok(answer) => match answer.state() {
            MediaState::Stored => (Some(answer.media_id), None),
            MediaState::Refused => (Some(answer.media_id), Some(answer.reason)),
            MediaState::Later | MediaState::Unspecified => {
                let at = next_try(
                    asked.received_at,
                    service.clock().now(),
                    answer.retry_after_seconds,
                );
                return job.postpone(at).await;
            }
        },
        // What cannot even be asked for will never be fetched.
        Err(fault) if fault.kind() == Kind::Invalid => (None, Some(fault.reason().to_owned())),
        Err(fault) => return Err(fault),
    };
    let settle = SettleMedia {
        inbound_id: body.inbound_id,
        position: body.position,
        media_id,
        reason,
    };
    Ok(job.finish_with(settle).await?.0)
}
