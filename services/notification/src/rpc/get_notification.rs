use khaacho_fault::Fault;
use khaacho_proto::notification::v1 as pb;
use khaacho_rpc::{Answer, open};
use tonic::{Request, Response};

use super::{Rpc, notification_id, view};
use crate::domain::Refusal;
use crate::domain::view::View;
use crate::store;

pub(super) async fn get_notification(
    rpc: &Rpc,
    request: Request<pb::GetNotificationRequest>,
) -> Answer<pb::GetNotificationResponse> {
    let (_ctx, body) = open(request)?;
    let id = notification_id(&body.notification, "notification")?;
    let pool = rpc.door.db().pool();
    let found = store::view::view(pool, id).await?;
    let found = found.ok_or_else(|| Fault::from(Refusal::NotificationUnknown))?;
    let attempts = store::view::attempts(pool, id).await?;
    Ok(Response::new(pb::GetNotificationResponse {
        notification: Some(view::notification(View { attempts, ..found })),
    }))
}
