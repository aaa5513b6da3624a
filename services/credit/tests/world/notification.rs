//! A notification service that only listens.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use khaacho_fault::Fault;
use khaacho_proto::notification::v1 as notes;
use khaacho_proto::notification::v1::notification_service_server::NotificationService;
use tonic::{Request, Response, Status, async_trait};

/// Takes notices, or is away.
#[derive(Default)]
pub(crate) struct FakeNotification {
    /// What it was given.
    pub(crate) notices: Arc<Mutex<Vec<notes::Notice>>>,
    /// Whether it is away.
    pub(crate) down: Arc<AtomicBool>,
}

#[async_trait]
impl NotificationService for FakeNotification {
    async fn enqueue(
        &self,
        request: Request<notes::EnqueueRequest>,
    ) -> Result<Response<notes::EnqueueResponse>, Status> {
        if self.down.load(Ordering::SeqCst) {
            return Err(Fault::unavailable("away").into());
        }
        self.notices
            .lock()
            .expect("no test panics here")
            .extend(request.into_inner().notices);
        Ok(Response::new(notes::EnqueueResponse::default()))
    }

    async fn get_notification(
        &self,
        _: Request<notes::GetNotificationRequest>,
    ) -> Result<Response<notes::GetNotificationResponse>, Status> {
        Err(Status::unimplemented("not asked for"))
    }

    async fn list_notifications(
        &self,
        _: Request<notes::ListNotificationsRequest>,
    ) -> Result<Response<notes::ListNotificationsResponse>, Status> {
        Err(Status::unimplemented("not asked for"))
    }

    async fn resend_notification(
        &self,
        _: Request<notes::ResendNotificationRequest>,
    ) -> Result<Response<notes::ResendNotificationResponse>, Status> {
        Err(Status::unimplemented("not asked for"))
    }

    async fn explain_notifications(
        &self,
        _: Request<notes::ExplainNotificationsRequest>,
    ) -> Result<Response<notes::ExplainNotificationsResponse>, Status> {
        Err(Status::unimplemented("not asked for"))
    }

    async fn list_told(
        &self,
        _: Request<notes::ListToldRequest>,
    ) -> Result<Response<notes::ListToldResponse>, Status> {
        Err(Status::unimplemented("not asked for"))
    }
}
