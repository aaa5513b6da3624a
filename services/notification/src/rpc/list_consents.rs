use khaacho_fault::Fault;
use khaacho_proto::notification::v1 as pb;
use khaacho_rpc::{Answer, open};
use tonic::{Request, Response};

use super::{Rpc, timestamp};
use crate::domain::set_consent::Consent;
use crate::store::set_consent::opted_out;

/// Rows of a page when the caller does not say.
const SIZE_DEFAULT: u32 = 20;
/// Most rows of a page.
const SIZE_MAX: u32 = 100;

pub(super) async fn list_consents(
    rpc: &Rpc,
    request: Request<pb::ListConsentsRequest>,
) -> Answer<pb::ListConsentsResponse> {
    let (_ctx, body) = open(request)?;
    let size = match body.page_size {
        0 => SIZE_DEFAULT,
        size if size <= SIZE_MAX => size,
        _ => return Err(Fault::invalid("page_size", format!("must be at most {SIZE_MAX}")).into()),
    };
    let limit = i64::from(size) + 1;
    let mut found = opted_out(rpc.door.db().pool(), &body.page_token, limit).await?;
    let more = found.len() > size as usize;
    found.truncate(size as usize);
    let last = found.last().filter(|_| more);
    Ok(Response::new(pb::ListConsentsResponse {
        next_page_token: last.map(|last| last.who.clone()).unwrap_or_default(),
        consents: found.into_iter().map(consent).collect(),
    }))
}

/// What somebody said last, in the contract's words.
pub(super) fn consent(said: Consent) -> pb::Consent {
    pb::Consent {
        who: said.who,
        opted_out: said.opted_out,
        said_at: Some(timestamp(said.said_at)),
        noted_by: said.noted_by,
        cause_id: said.cause,
    }
}
