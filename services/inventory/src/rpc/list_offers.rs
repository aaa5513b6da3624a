use khaacho_fault::Fault;
use khaacho_ids::VendorId;
use khaacho_proto::inventory::v1 as pb;
use khaacho_rpc::{Answer, open};
use tonic::{Request, Response};

use super::page::{self, Page};
use super::{Rpc, parse, render};
use crate::domain::sku::Sku;
use crate::store::list_offers::{self as store, Wanted};

pub(super) async fn list_offers(
    rpc: &Rpc,
    request: Request<pb::ListOffersRequest>,
) -> Answer<pb::ListOffersResponse> {
    let (ctx, body) = open(request)?;
    let page = Page::of(body.page_size, &body.page_token)?;
    let all = body.vendor_id.trim().is_empty() && ctx.principal().own_vendor().is_none();
    let vendor = if all {
        None
    } else {
        Some(parse::vendor(rpc, &ctx, "vendor_id", &body.vendor_id).await?)
    };
    let sku = (!body.sku.trim().is_empty())
        .then(|| parse::sku("sku", &body.sku))
        .transpose()?;
    let after = after(&page)?;
    let wanted = Wanted {
        vendor,
        sku: sku.as_ref(),
        after: after.as_ref().map(|(vendor, sku)| (*vendor, sku)),
    };
    let mut rows = store::page(rpc.db(), &wanted, page.limit()).await?;
    let next_page_token = page.cut(&mut rows, |offer| {
        [offer.vendor_id.to_string(), offer.sku.to_string()]
    });
    let offers = rows.into_iter().map(render::offer).collect();
    Ok(Response::new(pb::ListOffersResponse {
        offers,
        next_page_token,
    }))
}

fn after(page: &Page) -> Result<Option<(VendorId, Sku)>, Fault> {
    let Some([vendor, sku]) = page.after::<2>()? else {
        return Ok(None);
    };
    Ok(Some((page::part(vendor)?, page::part(sku)?)))
}
