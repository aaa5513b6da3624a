use khaacho_fault::Fault;
use khaacho_proto::notification::v1 as notification;
use khaacho_proto::notification::v1::notification_service_client::NotificationServiceClient;
use khaacho_rpc::Ctx;

use super::{Peers, address};
use crate::domain::Contact;

impl Peers {
    /// What the other side of a conversation was told, newest first.
    pub async fn told(&self, ctx: &Ctx, to: &Contact, limit: u32) -> Result<Vec<notification::Told>, Fault> {
        let asked = notification::ListToldRequest {
            to: Some(address(to)),
            limit,
        };
        let told = NotificationServiceClient::new(self.notification.clone())
            .list_told(ctx.outgoing(asked))
            .await?;
        Ok(told.into_inner().messages)
    }
}
