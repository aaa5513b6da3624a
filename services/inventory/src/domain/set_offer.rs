//! Sets a vendor's price and terms of a product.

use chrono::{DateTime, Utc};
use khaacho_durable::Command;
use khaacho_ids::VendorId;
use serde::Serialize;

use super::offer::Terms;
use super::refusal::Refusal;
use super::sku::Sku;

/// The command.
#[derive(Debug, Clone, Serialize)]
pub struct SetOffer {
    /// Vendor.
    pub vendor_id: VendorId,
    /// Product.
    pub sku: Sku,
    /// Price and terms within their limits.
    pub terms: Terms,
}

/// What was seen.
#[derive(Debug, Clone, Copy)]
pub struct Snapshot {
    /// Whether the vendor exists.
    pub vendor_known: bool,
    /// Whether the product exists and is active.
    pub product_known: bool,
}

impl Command for SetOffer {
    const NAME: &'static str = "SetOffer";
    type Snapshot = Snapshot;
    type Decision = ();
    type Refusal = Refusal;

    fn decide(&self, seen: Snapshot, _now: DateTime<Utc>) -> Result<(), Refusal> {
        if !seen.vendor_known {
            return Err(Refusal::VendorUnknown);
        }
        if !seen.product_known {
            return Err(Refusal::ProductUnknown(self.sku.clone()));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::vendor::id_of;
    use khaacho_money::Paisa;

    #[test]
    fn an_offer_needs_a_vendor_and_a_product() {
        let terms = Terms {
            price: Paisa::new(100),
            lead_time_days: 0,
            minimum_quantity: 1,
            active: true,
        };
        let sku: Sku = "A-1".parse().expect("a sku");
        let command = SetOffer {
            vendor_id: id_of("V01"),
            sku: sku.clone(),
            terms,
        };
        let decide = |vendor_known, product_known| {
            command.decide(
                Snapshot {
                    vendor_known,
                    product_known,
                },
                DateTime::UNIX_EPOCH,
            )
        };
        assert_eq!(decide(true, true), Ok(()));
        assert_eq!(decide(false, true), Err(Refusal::VendorUnknown));
        assert_eq!(decide(true, false), Err(Refusal::ProductUnknown(sku)));
    }
}
