//! The contract's side: requests into commands, replies into messages.

mod enqueue;
mod explain_notifications;
mod fetch_media;
mod get_media;
mod get_notification;
mod list_consents;
mod list_media;
mod list_notifications;
mod list_simulator_messages;
mod list_templates;
mod list_told;
mod receive_status;
mod refusal;
mod resend_notification;
mod set_consent;
mod view;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use khaacho_durable::Door;
use khaacho_fault::Fault;
use khaacho_ids::NotificationId;
use khaacho_proto::common::v1 as common;
use khaacho_proto::notification::v1 as pb;
use khaacho_rpc::Answer;
use pb::consent_service_server::ConsentService;
use pb::delivery_status_service_server::DeliveryStatusService;
use pb::media_service_server::MediaService;
use pb::notification_service_server::NotificationService;
use pb::simulator_service_server::SimulatorService;
use pb::template_service_server::TemplateService;
use tonic::Request;

use crate::channels::media::Fetcher;
use crate::config::Config;
use crate::domain::Provider;

/// All gRPC services of this service.
#[derive(Clone)]
pub(crate) struct Rpc {
    door: Door,
    config: Arc<Config>,
    media: Arc<Fetcher>,
}

impl Rpc {
    pub(crate) fn new(door: Door, config: &Config) -> Self {
        Self {
            door,
            config: Arc::new(config.clone()),
            media: Arc::new(Fetcher::new(config)),
        }
    }
}

#[tonic::async_trait]
impl NotificationService for Rpc {
    async fn enqueue(&self, request: Request<pb::EnqueueRequest>) -> Answer<pb::EnqueueResponse> {
        enqueue::enqueue(self, request).await
    }

    async fn get_notification(
        &self,
        request: Request<pb::GetNotificationRequest>,
    ) -> Answer<pb::GetNotificationResponse> {
        get_notification::get_notification(self, request).await
    }

    async fn list_notifications(
        &self,
        request: Request<pb::ListNotificationsRequest>,
    ) -> Answer<pb::ListNotificationsResponse> {
        list_notifications::list_notifications(self, request).await
    }

    async fn resend_notification(
        &self,
        request: Request<pb::ResendNotificationRequest>,
    ) -> Answer<pb::ResendNotificationResponse> {
        resend_notification::resend_notification(self, request).await
    }

    async fn explain_notifications(
        &self,
        request: Request<pb::ExplainNotificationsRequest>,
    ) -> Answer<pb::ExplainNotificationsResponse> {
        explain_notifications::explain_notifications(self, request).await
    }

    async fn list_told(&self, request: Request<pb::ListToldRequest>) -> Answer<pb::ListToldResponse> {
        list_told::list_told(self, request).await
    }
}

#[tonic::async_trait]
impl DeliveryStatusService for Rpc {
    async fn receive_status(
        &self,
        request: Request<pb::ReceiveStatusRequest>,
    ) -> Answer<pb::ReceiveStatusResponse> {
        receive_status::receive_status(self, request).await
    }
}

#[tonic::async_trait]
impl ConsentService for Rpc {
    async fn set_consent(&self, request: Request<pb::SetConsentRequest>) -> Answer<pb::SetConsentResponse> {
        set_consent::set_consent(self, request).await
    }

    async fn list_consents(
        &self,
        request: Request<pb::ListConsentsRequest>,
    ) -> Answer<pb::ListConsentsResponse> {
        list_consents::list_consents(self, request).await
    }
}

#[tonic::async_trait]
impl MediaService for Rpc {
    async fn fetch_media(&self, request: Request<pb::FetchMediaRequest>) -> Answer<pb::FetchMediaResponse> {
        fetch_media::fetch_media(self, request).await
    }

    async fn list_media(&self, request: Request<pb::ListMediaRequest>) -> Answer<pb::ListMediaResponse> {
        list_media::list_media(self, request).await
    }

    async fn get_media(&self, request: Request<pb::GetMediaRequest>) -> Answer<pb::GetMediaResponse> {
        get_media::get_media(self, request).await
    }
}

#[tonic::async_trait]
impl TemplateService for Rpc {
    async fn list_templates(
        &self,
        request: Request<pb::ListTemplatesRequest>,
    ) -> Answer<pb::ListTemplatesResponse> {
        list_templates::list_templates(self, request).await
    }
}

#[tonic::async_trait]
impl SimulatorService for Rpc {
    async fn list_simulator_messages(
        &self,
        request: Request<pb::ListSimulatorMessagesRequest>,
    ) -> Answer<pb::ListSimulatorMessagesResponse> {
        list_simulator_messages::list_simulator_messages(self, request).await
    }
}

/// The provider with this number; `None` for unspecified.
fn provider(number: i32, field: &str) -> Result<Option<Provider>, Fault> {
    match common::Provider::try_from(number) {
        Ok(common::Provider::Unspecified) => Ok(None),
        Ok(common::Provider::Twilio) => Ok(Some(Provider::Twilio)),
        Ok(common::Provider::Meta) => Ok(Some(Provider::Meta)),
        Ok(common::Provider::Simulator) => Ok(Some(Provider::Simulator)),
        Err(_) => Err(Fault::invalid(field, "is not a provider")),
    }
}

fn notification_id(text: &str, field: &str) -> Result<NotificationId, Fault> {
    text.parse()
        .map_err(|_| Fault::invalid(field, "must be a notification id, ntf_…"))
}

fn timestamp(at: DateTime<Utc>) -> prost_types::Timestamp {
    prost_types::Timestamp {
        seconds: at.timestamp(),
        nanos: i32::try_from(at.timestamp_subsec_nanos()).unwrap_or_default(),
    }
}
