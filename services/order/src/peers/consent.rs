use khaacho_fault::Fault;
use khaacho_proto::notification::v1 as notification;
use khaacho_proto::notification::v1::consent_service_client::ConsentServiceClient;
use khaacho_rpc::Ctx;

use super::{Peers, address};
use crate::jobs::ConsentBody;
use crate::rpc::timestamp;

impl Peers {
    /// Notes what somebody said of messages from us.
    pub async fn set_consent(&self, ctx: &Ctx, said: &ConsentBody) -> Result<(), Fault> {
        let asked = notification::SetConsentRequest {
            request_id: said.inbound_id.clone(),
            address: Some(address(&said.contact)),
            opted_out: said.opted_out,
            said_at: Some(timestamp(said.said_at)),
        };
        ConsentServiceClient::new(self.notification.clone())
            .set_consent(ctx.outgoing(asked))
            .await?;
        Ok(())
    }
}
