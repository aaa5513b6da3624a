//! A vendor's price of a product.

use khaacho_ids::VendorId;
use khaacho_money::{Paisa, Quantity};
use serde::{Deserialize, Serialize};

use super::sku::Sku;

/// Most days until delivery.
pub const LEAD_TIME_DAYS_MAX: u32 = 60;
/// Largest least quantity, in sale units.
pub const MINIMUM_QUANTITY_MAX: u32 = 100_000;

/// What a vendor asks for a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// Price of a sale unit without VAT.
    pub price: Paisa,
    /// Days until it can be delivered.
    pub lead_time_days: u32,
    /// Least quantity in sale units.
    pub minimum_quantity: u32,
    /// Whether it is offered now.
    pub active: bool,
}

/// An offer with its stock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// Vendor.
    pub vendor_id: VendorId,
    /// Product.
    pub sku: Sku,
    /// Price and conditions.
    pub terms: Terms,
    /// Stock on hand.
    pub on_hand: Quantity,
    /// Part of it that is promised.
    pub reserved: Quantity,
    /// Grows by one with every change of the terms.
    pub version: i64,
}
