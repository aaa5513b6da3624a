use khaacho_fault::Fault;
use khaacho_ids::VendorId;
use khaacho_proto::inventory::v1 as pb;
use khaacho_rpc::{Answer, open};
use tonic::{Request, Response};

use super::{Rpc, parse, render};
use crate::domain::refusal::Refusal;
use crate::domain::vendor::Vendor;
use crate::store;

pub(super) async fn get_vendor(
    rpc: &Rpc,
    request: Request<pb::GetVendorRequest>,
) -> Answer<pb::GetVendorResponse> {
    let (ctx, body) = open(request)?;
    let id = parse::vendor(rpc, &ctx, "vendor", &body.vendor).await?;
    let found = cached_by_id(rpc, id).await?;
    let vendor = found.ok_or(Refusal::VendorUnknown).map_err(Fault::from)?;
    Ok(Response::new(pb::GetVendorResponse {
        vendor: Some(render::vendor(vendor)),
    }))
}

async fn cached_by_id(rpc: &Rpc, id: VendorId) -> Result<Option<Vendor>, Fault> {
    rpc.vendors
        .get_or_load(&id_key(id), || store::get_vendor::by_id(rpc.db(), id))
        .await
}

/// The vendor with this code, in its one spelling.
pub(super) async fn cached_by_code(rpc: &Rpc, code: &str) -> Result<Option<Vendor>, Fault> {
    rpc.vendors
        .get_or_load(&code_key(code), || store::get_vendor::by_code(rpc.db(), code))
        .await
}

/// Forgets what was cached about a vendor, also that it did not exist.
pub(super) async fn forget(rpc: &Rpc, vendor: &Vendor) {
    for key in [
        id_key(vendor.vendor_id),
        code_key(&vendor.code),
        phone_key(vendor.phone.as_str()),
    ] {
        rpc.vendors.invalidate(&key).await;
    }
}

fn id_key(id: VendorId) -> String {
    format!("id:{id}")
}

fn code_key(code: &str) -> String {
    format!("code:{code}")
}

/// A hash of the phone: keys of caches are seen by more eyes than tables.
pub(super) fn phone_key(phone: &str) -> String {
    format!("phone:{}", VendorId::derive(&["phone", phone]).uuid().simple())
}
