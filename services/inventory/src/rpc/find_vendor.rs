use khaacho_phone::Phone;
use khaacho_proto::inventory::v1 as pb;
use khaacho_rpc::{Answer, open};
use tonic::{Request, Response};

use super::{Rpc, get_vendor, parse, render};
use crate::store;

pub(super) async fn find_vendor(
    rpc: &Rpc,
    request: Request<pb::FindVendorRequest>,
) -> Answer<pb::FindVendorResponse> {
    let (_, body) = open(request)?;
    let phone: Phone = parse::field("phone", &body.phone)?;
    let load = || store::find_vendor::by_phone(rpc.db(), &phone);
    let found = rpc
        .vendors
        .get_or_load(&get_vendor::phone_key(phone.as_str()), load)
        .await?;
    Ok(Response::new(pb::FindVendorResponse {
        found: found.is_some(),
        vendor: found.map(render::vendor),
    }))
}
