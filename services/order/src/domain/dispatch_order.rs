//! An order leaves the vendor.

use super::Status;
use super::vendor_step::{VendorStep, vendor_step};

vendor_step! {
    /// The order left the vendor.
    DispatchOrder: VendorStep {
        to: Status::Dispatched,
        note: "left the wholesaler",
        key: "dispatched",
        template: "order_dispatched",
    }
}
