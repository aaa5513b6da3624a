use khaacho_durable as durable;
use khaacho_fault::Fault;
use khaacho_proto::inventory::v1 as pb;
use khaacho_rpc::{Answer, open};
use tonic::{Request, Response};

use super::{Rpc, get_vendor, parse, render};
use crate::domain::set_vendor_language::SetVendorLanguage;

pub(super) async fn set_vendor_language(
    rpc: &Rpc,
    request: Request<pb::SetVendorLanguageRequest>,
) -> Answer<pb::SetVendorLanguageResponse> {
    let (ctx, body) = open(request)?;
    let ctx = ctx.requested(&body.request_id)?;
    let language = match parse::language(body.language) {
        Ok(Some(language)) => language,
        Ok(None) => return Err(Fault::invalid("language", "is mandatory").into()),
        Err(unknown) => return Err(Fault::invalid("language", unknown.to_string()).into()),
    };
    let vendor_id = parse::vendor(rpc, &ctx, "vendor", &body.vendor).await?;
    let command = SetVendorLanguage { vendor_id, language };
    let done = durable::run(&rpc.door, &ctx, command).await?;
    get_vendor::forget(rpc, &done.reply).await;
    Ok(Response::new(pb::SetVendorLanguageResponse {
        vendor: Some(render::vendor(done.reply)),
    }))
}
