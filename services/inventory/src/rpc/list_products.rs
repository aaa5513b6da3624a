use khaacho_proto::inventory::v1 as pb;
use khaacho_rpc::{Answer, open};
use tonic::{Request, Response};

use super::page::Page;
use super::{Rpc, render};
use crate::store;

pub(super) async fn list_products(
    rpc: &Rpc,
    request: Request<pb::ListProductsRequest>,
) -> Answer<pb::ListProductsResponse> {
    let (_, body) = open(request)?;
    let page = Page::of(body.page_size, &body.page_token)?;
    let [after] = page.after::<1>()?.unwrap_or([""]);
    let mut rows = store::list_products::page(rpc.db(), body.category.trim(), after, page.limit()).await?;
    let next_page_token = page.cut(&mut rows, |product| [product.sku.to_string()]);
    let products = rows.into_iter().map(render::product).collect();
    Ok(Response::new(pb::ListProductsResponse {
        products,
        next_page_token,
    }))
}
