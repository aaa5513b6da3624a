//! Everything that the service says no to.

use khaacho_money::Quantity;

use super::sku::Sku;

/// A product of which too little is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Short {
    /// Product.
    pub sku: Sku,
    /// What was asked for, all lines together.
    pub asked: Quantity,
    /// What is not promised to anybody.
    pub available: Quantity,
}

/// Why a command is refused. Nothing has happened then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// No such product.
    ProductUnknown(Sku),
    /// The key is taken.
    ProductExists(Sku),
    /// No such vendor, or none that the caller may know.
    VendorUnknown,
    /// Code or phone belongs to another vendor.
    VendorExists {
        /// Which of the two: `code` or `phone`.
        field: &'static str,
    },
    /// The vendor does not offer the product.
    OfferUnknown(Sku),
    /// The quantity is not whole in the product's sale unit.
    FractionNotSold(Sku),
    /// Less is available than was asked for: every product that is short, at least one.
    StockShort(Vec<Short>),
    /// No such reservation.
    ReservationUnknown,
    /// The reservation was released before.
    ReservationReleased,
    /// The reservation was consumed before.
    ReservationConsumed,
    /// The attempt is known with other lines or another vendor.
    ReservationDiffers,
    /// The stock on hand cannot fall below what is promised.
    StockBelowReserved {
        /// What the stock on hand would become.
        wanted: Quantity,
        /// What is promised.
        reserved: Quantity,
    },
    /// The stock on hand would become larger than any stock can be.
    StockTooLarge,
    /// A reason is mandatory.
    ReasonMissing,
    /// No such alias.
    AliasUnknown,
}
