//! An order is packed.

use super::Status;
use super::vendor_step::{VendorStep, vendor_step};

vendor_step! {
    /// The vendor packs the order.
    PackOrder: VendorStep {
        to: Status::Packing,
        note: "being packed",
        key: "packing",
        template: "order_packing",
    }
}
