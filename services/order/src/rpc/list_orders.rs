use chrono::{DateTime, Utc};
use khaacho_fault::Fault;
use khaacho_ids::{AccountId, VendorId};
use khaacho_proto::order::v1 as pb;
use khaacho_rpc::Ctx;
use uuid::Uuid;

use super::receive_message::clean;
use super::render;
use super::render::{datetime, parse_status};
use crate::service::Service;
use crate::store::list_orders::{Filter, list};

/// Lists orders that the caller may see, newest first.
pub async fn run(
    service: &Service,
    ctx: Ctx,
    body: pb::ListOrdersRequest,
) -> Result<pb::ListOrdersResponse, Fault> {
    let principal = ctx.principal();
    let account_id = match principal.own_account() {
        Some(own) => Some(own.to_owned()),
        None => account_id(service, &ctx, clean(body.account_id.clone())).await?,
    };
    let vendor_id = match principal.own_vendor() {
        Some(own) => Some(own.to_owned()),
        None => vendor_id(service, &ctx, clean(body.vendor_id.clone())).await?,
    };
    let status = match body.status() {
        pb::OrderStatus::Unspecified => None,
        it => parse_status(it),
    };
    let filter = Filter {
        status,
        account_id,
        vendor_id,
        from: body.placed_from.and_then(datetime),
        to: body.placed_to.and_then(datetime),
        needs_operator: body.needs_operator,
        open: false,
        after: place(&body.page_token)?,
        limit: page_size(body.page_size)?,
    };
    let (orders, next) = list(service.door.db().pool(), &filter).await?;
    let next_page_token = next.map(token).unwrap_or_default();
    let orders = orders.iter().map(render::order).collect();
    Ok(pb::ListOrdersResponse {
        orders,
        next_page_token,
    })
}

/// The id of an account that may be named by its code. An unknown code is a mistake to be told, not an empty list.
async fn account_id(service: &Service, ctx: &Ctx, asked: String) -> Result<Option<String>, Fault> {
    if asked.is_empty() || asked.starts_with(AccountId::PREFIX) {
        return Ok(Some(asked).filter(|id| !id.is_empty()));
    }
    let (buyer, _) = service.peers.account(ctx, &asked).await?;
    Ok(Some(buyer.account_id))
}

/// The id of a vendor that may be named by its code.
async fn vendor_id(service: &Service, ctx: &Ctx, asked: String) -> Result<Option<String>, Fault> {
    if asked.is_empty() || asked.starts_with(VendorId::PREFIX) {
        return Ok(Some(asked).filter(|id| !id.is_empty()));
    }
    let vendor = service.peers.vendor(ctx, &asked).await?;
    Ok(Some(vendor.vendor_id))
}

/// Rows of a page: 20 when none is asked for, at most 100.
pub(super) fn page_size(asked: u32) -> Result<i64, Fault> {
    match asked {
        0 => Ok(20),
        1..=100 => Ok(i64::from(asked)),
        _ => Err(Fault::invalid("page_size", "must be 1 to 100")),
    }
}

/// The token of a place.
pub(super) fn token((at, id): (DateTime<Utc>, Uuid)) -> String {
    format!("{}.{}", at.timestamp_micros(), id.simple())
}

/// The place that a page token names: time in microseconds and id.
pub(super) fn place(token: &str) -> Result<Option<(DateTime<Utc>, Uuid)>, Fault> {
    if token.is_empty() {
        return Ok(None);
    }
    let read = || {
        let (at, id) = token.split_once('.')?;
        let at = DateTime::from_timestamp_micros(at.parse().ok()?).filter(|at| at.timestamp() >= 0)?;
        Some((at, id.parse().ok()?))
    };
    read()
        .map(Some)
        .ok_or_else(|| Fault::invalid("page_token", "is none of ours"))
}
