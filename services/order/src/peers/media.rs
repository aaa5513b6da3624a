use khaacho_fault::Fault;
use khaacho_proto::notification::v1 as notification;
use khaacho_proto::notification::v1::media_service_client::MediaServiceClient;
use khaacho_rpc::Ctx;

use super::Peers;
use crate::jobs::MediaBody;
use crate::store::settle_media::Unsettled;

impl Peers {
    /// Has a medium fetched; tells how that ended.
    pub async fn fetch_media(
        &self,
        ctx: &Ctx,
        which: &MediaBody,
        asked: &Unsettled,
        last_try: bool,
    ) -> Result<notification::FetchMediaResponse, Fault> {
        let medium = asked.medium.clone();
        let asked = notification::FetchMediaRequest {
            provider: asked.contact.provider,
            account: asked.contact.account.clone(),
            provider_message_id: asked.provider_message_id.clone(),
            index: u32::from(which.position),
            inbound_id: which.inbound_id.clone(),
            provider_media_id: medium.provider_media_id,
            url: medium.url,
            mime_type: medium.mime_type,
            sha256: medium.sha256,
            last_try,
        };
        let fetched = MediaServiceClient::new(self.notification.clone())
            .fetch_media(ctx.outgoing(asked))
            .await?;
        Ok(fetched.into_inner())
    }

    /// What is known of media, without their content.
    pub async fn media(&self, ctx: &Ctx, media_ids: Vec<String>) -> Result<Vec<notification::Media>, Fault> {
        if media_ids.is_empty() {
            return Ok(Vec::new());
        }
        let asked = notification::ListMediaRequest { media_ids };
        let found = MediaServiceClient::new(self.notification.clone())
            .list_media(ctx.outgoing(asked))
            .await?;
        Ok(found.into_inner().media)
    }
}
