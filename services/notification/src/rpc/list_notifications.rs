use khaacho_fault::Fault;
use khaacho_proto::notification::v1 as pb;
use khaacho_rpc::{Answer, open};
use tonic::{Request, Response};

use super::{Rpc, view};
use crate::store;

const PAGE_DEFAULT: u32 = 20;
const PAGE_MAX: u32 = 100;

pub(super) async fn list_notifications(
    rpc: &Rpc,
    request: Request<pb::ListNotificationsRequest>,
) -> Answer<pb::ListNotificationsResponse> {
    let (_ctx, body) = open(request)?;
    let size = match body.page_size {
        0 => PAGE_DEFAULT,
        size if size <= PAGE_MAX => size,
        _ => return Err(Fault::invalid("page_size", format!("must be at most {PAGE_MAX}")).into()),
    };
    let below = match body.page_token.as_str() {
        "" => i64::MAX,
        token => token
            .parse()
            .map_err(|_| Fault::invalid("page_token", "is not one of ours"))?,
    };
    let state = view::filter(body.state).ok_or_else(|| Fault::invalid("state", "is not a state"))?;
    let order_id = Some(body.order_id.as_str())
        .filter(|id| !id.is_empty())
        .map(str::parse)
        .transpose();
    let order_id = order_id.map_err(|_| Fault::invalid("order_id", "must be an order id, ord_…"))?;
    let limit = i64::from(size) + 1;
    let mut found =
        store::list_notifications::page(rpc.door.db().pool(), below, limit, state, order_id).await?;
    let size = size as usize;
    let more = found.len() > size;
    found.truncate(size);
    let last = found.last().filter(|_| more);
    Ok(Response::new(pb::ListNotificationsResponse {
        next_page_token: last.map(|last| last.seq.to_string()).unwrap_or_default(),
        notifications: found.into_iter().map(view::notification).collect(),
    }))
}
