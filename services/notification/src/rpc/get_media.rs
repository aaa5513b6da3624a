use khaacho_fault::Fault;
use khaacho_ids::MediaId;
use khaacho_proto::notification::v1 as pb;
use khaacho_rpc::{Answer, open};
use tonic::{Request, Response};

use super::{Rpc, timestamp};
use crate::domain::Refusal;
use crate::domain::media::{MediaView, hex};
use crate::store::get_media::one;

pub(super) async fn get_media(
    rpc: &Rpc,
    request: Request<pb::GetMediaRequest>,
) -> Answer<pb::GetMediaResponse> {
    let (_ctx, body) = open(request)?;
    let found = one(rpc.door.db().pool(), media_id(&body.media, "media")?).await?;
    let found = found.ok_or_else(|| Fault::from(Refusal::MediaUnknown))?;
    Ok(Response::new(pb::GetMediaResponse {
        media: Some(media(found)),
    }))
}

pub(super) fn media_id(text: &str, field: &str) -> Result<MediaId, Fault> {
    text.parse()
        .map_err(|_| Fault::invalid(field, "must be a medium's id, med_…"))
}

/// A medium in the contract's words.
pub(super) fn media(view: MediaView) -> pb::Media {
    let state = match view.reason {
        None => pb::MediaState::Stored,
        Some(_) => pb::MediaState::Refused,
    };
    pb::Media {
        id: view.id.to_string(),
        inbound_id: view.inbound_id.to_string(),
        state: state.into(),
        reason: view.reason.unwrap_or_default(),
        content_type: view.mime,
        size: view.size,
        sha256: hex(&view.sha256),
        content: view.content,
        transcript: view.transcript,
        fetched_at: Some(timestamp(view.fetched_at)),
    }
}
