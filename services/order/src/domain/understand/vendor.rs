//! What vendors write.

use super::{Named, named, reason, settled, words};
use crate::domain::Status;

/// What a vendor wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VendorIntent {
    /// Do this with the named order, or with the only one that waits for it.
    Do(VendorVerb, Option<String>),
    /// Apply the update that waits.
    Confirm,
    /// Drop the update that waits.
    Drop,
    /// Which orders there are.
    Orders,
    /// What can be written.
    Help,
    /// An order number that cannot be one.
    BadNumber(String),
    /// Nothing of the kind.
    Unclear,
}

/// What a vendor does with an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VendorVerb {
    /// Take it.
    Accept,
    /// Refuse it, with a reason that may be empty.
    Decline(String),
    /// It is being packed.
    Pack,
    /// It left.
    Dispatch,
    /// It is on its last leg.
    SendOut,
    /// It was handed over.
    Deliver,
}

impl VendorVerb {
    /// Where an order stands that waits for it.
    pub fn waits(&self) -> Status {
        match self {
            Self::Accept | Self::Decline(_) => Status::SentToVendor,
            Self::Pack => Status::Accepted,
            Self::Dispatch => Status::Packing,
            Self::SendOut => Status::Dispatched,
            Self::Deliver => Status::OutForDelivery,
        }
    }
}

/// Reads a message of a vendor.
pub fn vendor(text: &str) -> VendorIntent {
    let words = words(text);
    let Some(first) = words.first().map(String::as_str) else {
        return VendorIntent::Unclear;
    };
    let rest = &words[1..];
    let (number, after) = match named(rest) {
        Named::Order(number, after) => (Some(number), after),
        Named::Wrong(text) => return VendorIntent::BadNumber(text),
        Named::None => (None, rest.join(" ")),
    };
    let number = match number {
        // A word moves an order only alone or with its number: "deliver tomorrow" and "out of stock" move nothing.
        None if !after.is_empty()
            && !matches!(first, "decline" | "reject" | "orders" | "order" | "status") =>
        {
            return VendorIntent::Unclear;
        }
        number => number,
    };
    let exactly = after.clone();
    let verb = match first {
        "accept" | "yes" | "ok" | "okay" | "huncha" | "hunchha" => VendorVerb::Accept,
        "decline" | "reject" | "no" | "hudaina" if reason(text, &after) => VendorVerb::Decline(after),
        "pack" | "packing" | "packed" => VendorVerb::Pack,
        "dispatch" | "dispatched" | "sent" => VendorVerb::Dispatch,
        "out" => VendorVerb::SendOut,
        "deliver" | "delivered" => VendorVerb::Deliver,
        "confirm" if number.is_none() => return VendorIntent::Confirm,
        "cancel" if number.is_none() => return VendorIntent::Drop,
        "orders" | "order" | "status" => return VendorIntent::Orders,
        "help" | "menu" | "?" | "hi" | "hello" | "namaste" | "namaskar" => return VendorIntent::Help,
        _ => return VendorIntent::Unclear,
    };
    let exact = matches!(verb, VendorVerb::Decline(_)) || settled(text, &exactly);
    if exact {
        VendorIntent::Do(verb, number)
    } else {
        VendorIntent::Unclear
    }
}
