use khaacho_durable::run;
use khaacho_proto::notification::v1 as pb;
use khaacho_rpc::{Answer, open};
use tonic::{Request, Response};

use super::{Rpc, notification_id, view};
use crate::domain::resend_notification::ResendNotification;

pub(super) async fn resend_notification(
    rpc: &Rpc,
    request: Request<pb::ResendNotificationRequest>,
) -> Answer<pb::ResendNotificationResponse> {
    let (ctx, body) = open(request)?;
    let ctx = ctx.requested(&body.request_id)?;
    let resend = ResendNotification {
        notification_id: notification_id(&body.notification, "notification")?,
    };
    let done = run(&rpc.door, &ctx, resend).await?;
    Ok(Response::new(pb::ResendNotificationResponse {
        notification: Some(view::notification(done.reply)),
    }))
}
