use khaacho_fault::Fault;
use khaacho_proto::notification::v1 as pb;
use khaacho_rpc::{Answer, open};
use tonic::{Request, Response};

use super::Rpc;
use super::get_media::{media, media_id};
use crate::store::get_media::several;

/// Media of one request: twenty messages with ten each.
const IDS_MAX: usize = 200;

pub(super) async fn list_media(
    rpc: &Rpc,
    request: Request<pb::ListMediaRequest>,
) -> Answer<pb::ListMediaResponse> {
    let (_ctx, body) = open(request)?;
    if body.media_ids.is_empty() || body.media_ids.len() > IDS_MAX {
        return Err(Fault::invalid("media_ids", format!("must be 1 to {IDS_MAX}")).into());
    }
    let ids = body.media_ids.iter().enumerate();
    let ids: Vec<_> = ids
        .map(|(at, id)| media_id(id, &format!("media_ids[{at}]")))
        .collect::<Result<_, Fault>>()?;
    let found = several(rpc.door.db().pool(), &ids).await?;
    Ok(Response::new(pb::ListMediaResponse {
        media: found.into_iter().map(media).collect(),
    }))
}
