use khaacho_proto::inventory::v1 as pb;
use khaacho_rpc::{Answer, open};
use tonic::{Request, Response};

use super::page::{self, Page};
use super::{Rpc, render};
use crate::domain::catalogue_index::{CatalogueIndex, Phrase};
use crate::store;
use crate::store::unmatched_phrases::PhraseRow;

pub(super) async fn list_unmatched_phrases(
    rpc: &Rpc,
    request: Request<pb::ListUnmatchedPhrasesRequest>,
) -> Answer<pb::ListUnmatchedPhrasesResponse> {
    let (_, body) = open(request)?;
    let page = Page::of(body.page_size, &body.page_token)?;
    let after = match page.after::<2>()? {
        Some([value, key]) => Some((page::part::<i64>(value)?, key)),
        None => None,
    };
    let now = rpc.door.clock().now();
    let mut rows = store::unmatched_phrases::page(rpc.db(), now, after, page.limit()).await?;
    let next_page_token = page.cut(&mut rows, |row| [row.lost_paisa.to_string(), row.key.clone()]);
    let index = rpc.catalogue.index().await?;
    Ok(Response::new(pb::ListUnmatchedPhrasesResponse {
        phrases: rows.into_iter().map(|row| summary(&index, row)).collect(),
        next_page_token,
    }))
}

fn summary(index: &CatalogueIndex, row: PhraseRow) -> pb::UnmatchedPhraseSummary {
    let found = index.matches(&Phrase {
        text: row.phrase.clone(),
        unit: None,
        quantity: None,
    });
    let near = found.candidates.iter().chain(&found.suggestions).take(5);
    let number = |number: i64| u32::try_from(number).unwrap_or(u32::MAX);
    pb::UnmatchedPhraseSummary {
        near_skus: near.map(|c| c.product.sku.to_string()).collect(),
        phrase: row.phrase,
        key: row.key,
        times: number(row.times),
        shops: number(row.shops),
        lost_paisa: row.lost_paisa,
        last_at: Some(render::timestamp(row.last_at)),
    }
}
