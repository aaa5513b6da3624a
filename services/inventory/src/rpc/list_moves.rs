use khaacho_proto::inventory::v1 as pb;
use khaacho_rpc::{Answer, open};
use tonic::{Request, Response};

use super::page::{self, Page};
use super::{Rpc, parse, render};
use crate::store;

pub(super) async fn list_moves(
    rpc: &Rpc,
    request: Request<pb::ListMovesRequest>,
) -> Answer<pb::ListMovesResponse> {
    let (ctx, body) = open(request)?;
    let page = Page::of(body.page_size, &body.page_token)?;
    let sku = parse::sku("sku", &body.sku)?;
    let vendor = parse::vendor(rpc, &ctx, "vendor_id", &body.vendor_id).await?;
    let before = match page.after::<1>()? {
        Some([sequence]) => page::part(sequence)?,
        None => i64::MAX,
    };
    let mut rows = store::list_moves::page(rpc.db(), vendor, &sku, before, page.limit()).await?;
    let next_page_token = page.cut(&mut rows, |row| [row.seq.to_string()]);
    let moves = rows.into_iter().map(render::stock_move).collect();
    Ok(Response::new(pb::ListMovesResponse {
        moves,
        next_page_token,
    }))
}
