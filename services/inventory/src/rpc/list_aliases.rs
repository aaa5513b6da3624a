use khaacho_ids::{AccountId, AliasId};
use khaacho_proto::inventory::v1 as pb;
use khaacho_rpc::{Answer, open};
use tonic::{Request, Response};

use super::page::{self, Page};
use super::{Rpc, parse, render};
use crate::domain::alias::ALL_SHOPS;
use crate::store;

pub(super) async fn list_aliases(
    rpc: &Rpc,
    request: Request<pb::ListAliasesRequest>,
) -> Answer<pb::ListAliasesResponse> {
    let (_, body) = open(request)?;
    let page = Page::of(body.page_size, &body.page_token)?;
    let after = match page.after::<1>()? {
        Some([id]) => Some(page::part::<AliasId>(id)?),
        None => None,
    };
    let account_id = match body.account_id.trim() {
        "" => None,
        "all" => Some(ALL_SHOPS.to_owned()),
        text => Some(parse::field::<AccountId>("account_id", text)?.to_string()),
    };
    let sku = match body.sku.trim() {
        "" => None,
        text => Some(parse::sku("sku", text)?),
    };
    let sku = sku.as_ref().map(|sku| sku.as_str());
    let mut rows =
        store::list_aliases::page(rpc.db(), after, account_id.as_deref(), sku, page.limit()).await?;
    let next_page_token = page.cut(&mut rows, |row| [AliasId::from(row.alias_id).to_string()]);
    Ok(Response::new(pb::ListAliasesResponse {
        aliases: rows.into_iter().map(render::alias).collect(),
        next_page_token,
    }))
}
