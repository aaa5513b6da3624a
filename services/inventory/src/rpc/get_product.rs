use khaacho_proto::inventory::v1 as pb;
use khaacho_rpc::{Answer, open};
use tonic::{Request, Response};

use super::{Rpc, parse, render};
use crate::domain::refusal::Refusal;
use crate::store;

pub(super) async fn get_product(
    rpc: &Rpc,
    request: Request<pb::GetProductRequest>,
) -> Answer<pb::GetProductResponse> {
    let (_, body) = open(request)?;
    let sku = parse::sku("sku", &body.sku)?;
    let load = || store::get_product::product(rpc.db(), &sku);
    let found = rpc.products.get_or_load(sku.as_str(), load).await?;
    let product = found
        .ok_or_else(|| Refusal::ProductUnknown(sku.clone()))
        .map_err(khaacho_fault::Fault::from)?;
    Ok(Response::new(pb::GetProductResponse {
        product: Some(render::product(product)),
    }))
}
