use khaacho_proto::inventory::v1 as pb;
use khaacho_rpc::{Answer, open};
use tonic::{Request, Response};

use super::page::Page;
use super::{Rpc, render};
use crate::store;

pub(super) async fn list_vendors(
    rpc: &Rpc,
    request: Request<pb::ListVendorsRequest>,
) -> Answer<pb::ListVendorsResponse> {
    let (_, body) = open(request)?;
    let page = Page::of(body.page_size, &body.page_token)?;
    let [after] = page.after::<1>()?.unwrap_or([""]);
    let mut rows = store::list_vendors::page(rpc.db(), after, page.limit()).await?;
    let next_page_token = page.cut(&mut rows, |vendor| [vendor.code.clone()]);
    let vendors = rows.into_iter().map(render::vendor).collect();
    Ok(Response::new(pb::ListVendorsResponse {
        vendors,
        next_page_token,
    }))
}
