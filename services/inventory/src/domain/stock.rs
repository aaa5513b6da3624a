//! Stock rows and their moves.

use khaacho_ids::VendorId;
use khaacho_money::Quantity;
use serde::{Deserialize, Serialize};

use super::sku::Sku;

/// Most stock of one product at one vendor: a thousand million sale units.
pub const STOCK_MAX: Quantity = Quantity::from_milli(1_000_000_000_000);

/// One row of stock. Rows are always locked in the order of vendor and product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StockRow {
    /// Vendor.
    pub vendor_id: VendorId,
    /// Product.
    pub sku: Sku,
    /// Stock on hand.
    pub on_hand: Quantity,
    /// Part of it that is promised.
    pub reserved: Quantity,
    /// Number of the row's last move; 0 before the first.
    pub seq: i64,
}

impl StockRow {
    /// What is not promised. The database keeps `0 <= reserved <= on_hand`.
    pub fn available(&self) -> Quantity {
        Quantity::from_milli(self.on_hand.milli().saturating_sub(self.reserved.milli()))
    }
}

/// What a move did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MoveKind {
    /// First stock of the row.
    Opening,
    /// Difference or count.
    Adjust,
    /// Promised to an order.
    Reserve,
    /// Given back.
    Release,
    /// Left the stock.
    Consume,
}

impl MoveKind {
    /// The word in tables and contracts.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Opening => "opening",
            Self::Adjust => "adjust",
            Self::Reserve => "reserve",
            Self::Release => "release",
            Self::Consume => "consume",
        }
    }
}
