//! Messages of the contract as our nouns, and whose things a caller may touch.

use std::fmt;
use std::str::FromStr;

use khaacho_fault::Fault;
use khaacho_ids::{OrderId, VendorId};
use khaacho_proto::common::v1::Language as PbLanguage;
use khaacho_rpc::Ctx;

use super::Rpc;
use crate::domain::flaw::Flaws;
use crate::domain::refusal::Refusal;
use crate::domain::reservation::Attempt;
use crate::domain::sku::Sku;
use crate::domain::vendor::{Language, Vendor, code_of};

/// One field, or a fault that names it.
pub(super) fn field<T: FromStr>(name: &str, text: &str) -> Result<T, Fault>
where
    T::Err: std::fmt::Display,
{
    text.trim()
        .parse()
        .map_err(|error: T::Err| Fault::invalid(name, error.to_string()))
}

/// A product key. One that cannot exist is as unknown as one that does not.
pub(super) fn sku(name: &str, text: &str) -> Result<Sku, Fault> {
    field(name, text)
}

/// An attempt of an order.
pub(super) fn attempt(order_id: &str, number: u32) -> Result<Attempt, Fault> {
    let order_id: OrderId = field("order_id", order_id)?;
    if number == 0 || i32::try_from(number).is_err() {
        return Err(Fault::invalid("attempt", "must be 1 or more"));
    }
    Ok(Attempt { order_id, number })
}

/// A number of the contracts that no language has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NotALanguage;

impl fmt::Display for NotALanguage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("is not a language that we know")
    }
}

/// A language by its number in the contracts; `None` for none.
pub(super) fn language(value: i32) -> Result<Option<Language>, NotALanguage> {
    Ok(match PbLanguage::try_from(value) {
        Ok(PbLanguage::Unspecified) => None,
        Ok(PbLanguage::En) => Some(Language::En),
        Ok(PbLanguage::Ne) => Some(Language::Ne),
        Ok(PbLanguage::NeLatn) => Some(Language::NeLatn),
        Ok(PbLanguage::Hi) => Some(Language::Hi),
        Err(_) => return Err(NotALanguage),
    })
}

/// All flaws as one fault, or nothing.
pub(super) fn flawless(flaws: Flaws) -> Result<(), Fault> {
    let mut flaws = flaws.into_vec().into_iter();
    let Some(first) = flaws.next() else { return Ok(()) };
    let fault = Fault::invalid(first.field, first.message);
    Err(flaws.fold(fault, |fault, flaw| fault.field(flaw.field, flaw.message)))
}

/// The vendor that a request is about: its id or code, or the caller's own when the text is empty. A vendor
/// never learns whether another one exists.
pub(super) async fn vendor(rpc: &Rpc, ctx: &Ctx, name: &str, text: &str) -> Result<VendorId, Fault> {
    let text = match (text.trim(), ctx.principal().own_vendor()) {
        ("", Some(own)) => own,
        ("", None) => return Err(Fault::invalid(name, "must be the id or code of a vendor")),
        (text, _) => text,
    };
    let id = match text.parse::<VendorId>() {
        Ok(id) => id,
        Err(_) => by_code(rpc, text).await?.ok_or(Refusal::VendorUnknown)?.vendor_id,
    };
    if !ctx.principal().owns_vendor(&id.to_string()) {
        return Err(Refusal::VendorUnknown.into());
    }
    Ok(id)
}

async fn by_code(rpc: &Rpc, text: &str) -> Result<Option<Vendor>, Fault> {
    match code_of(text) {
        Some(code) => super::get_vendor::cached_by_code(rpc, &code).await,
        None => Ok(None),
    }
}
