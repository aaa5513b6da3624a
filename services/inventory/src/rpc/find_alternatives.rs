use khaacho_fault::Fault;
use khaacho_proto::inventory::v1 as pb;
use khaacho_rpc::{Answer, open};
use tonic::{Request, Response};

use super::match_products::mentioned;
use super::{Rpc, parse};
use crate::store::match_products::terms;

/// Alternatives when the caller does not say.
const LIMIT_DEFAULT: u32 = 5;
/// Most alternatives.
const LIMIT_MAX: u32 = 10;

/// The index says what is of the same kind, the database what is there.
pub(super) async fn find_alternatives(
    rpc: &Rpc,
    request: Request<pb::FindAlternativesRequest>,
) -> Answer<pb::FindAlternativesResponse> {
    let (_, body) = open(request)?;
    let sku = parse::sku("sku", &body.sku)?;
    let limit = match body.limit {
        0 => LIMIT_DEFAULT,
        1..=LIMIT_MAX => body.limit,
        _ => return Err(Fault::invalid("limit", "must be 1 to 10, or 0 for 5").into()),
    };
    let index = rpc.catalogue.index().await?;
    let found = index.alternatives(&sku, body.quantity_milli.max(0));
    let skus: Vec<&str> = found.iter().map(|(product, _)| product.sku.as_str()).collect();
    let terms = terms(rpc.db(), &skus).await?;
    let mut alternatives = Vec::new();
    for (product, milli) in &found {
        let there = terms.get(&product.sku).map_or(0, |t| t.available_milli);
        if alternatives.len() == limit as usize || there <= 0 || there < milli.unwrap_or(0) {
            continue;
        }
        let Some(fact) = index.fact(&product.sku) else {
            continue;
        };
        alternatives.push(pb::Alternative {
            product: Some(mentioned(fact, &index, &terms)?),
            quantity_milli: milli.unwrap_or(0),
        });
    }
    Ok(Response::new(pb::FindAlternativesResponse { alternatives }))
}
