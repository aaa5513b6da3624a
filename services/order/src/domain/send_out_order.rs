//! An order is on its last leg.

use super::Status;
use super::vendor_step::{VendorStep, vendor_step};

vendor_step! {
    /// The order is on its last leg.
    SendOutOrder: VendorStep {
        to: Status::OutForDelivery,
        note: "out for delivery",
        key: "out",
        template: "order_out_for_delivery",
    }
}
