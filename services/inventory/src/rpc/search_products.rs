use khaacho_fault::Fault;
use khaacho_proto::inventory::v1 as pb;
use khaacho_rpc::{Answer, open};
use tonic::{Request, Response};

use super::{Rpc, render};
use crate::store;

/// Longest query in characters.
const QUERY_LENGTH_MAX: usize = 80;
/// Results when the caller does not say.
const LIMIT_DEFAULT: u32 = 5;
/// Most results.
const LIMIT_MAX: u32 = 20;

/// The index finds the keys, the database has the products: what it withdrew a moment ago is not shown.
pub(super) async fn search_products(
    rpc: &Rpc,
    request: Request<pb::SearchProductsRequest>,
) -> Answer<pb::SearchProductsResponse> {
    let (_, body) = open(request)?;
    let query = body.query.trim();
    if !(1..=QUERY_LENGTH_MAX).contains(&query.chars().count()) {
        return Err(Fault::invalid("query", "must have 1 to 80 characters").into());
    }
    let limit = match body.limit {
        0 => LIMIT_DEFAULT,
        1..=LIMIT_MAX => body.limit,
        _ => return Err(Fault::invalid("limit", "must be 1 to 20, or 0 for 5").into()),
    };
    let found = rpc.catalogue.index().await?.search(query, limit as usize);
    let mut fresh =
        store::search_products::active_products(rpc.db().pool(), found.iter().map(|p| &p.sku)).await?;
    let products = found
        .iter()
        .filter_map(|p| fresh.remove(&p.sku))
        .map(render::product)
        .collect();
    Ok(Response::new(pb::SearchProductsResponse { products }))
}
