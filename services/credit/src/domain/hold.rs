//! Credit that is set aside for one order.

use khaacho_ids::{AccountId, HoldId, OrderId};
use khaacho_money::Paisa;
use serde::{Deserialize, Serialize};

/// Where a hold stands. It leaves `Pending` once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum HoldState {
    /// Counts against the limit.
    Pending,
    /// Became a debt.
    Posted,
    /// Given back, or refused in advance.
    Released,
}

impl HoldState {
    /// Text form as stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Posted => "POSTED",
            Self::Released => "RELEASED",
        }
    }

    /// The state with this text form.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Pending, Self::Posted, Self::Released]
            .into_iter()
            .find(|state| state.as_str() == text)
    }
}

/// A hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// Derived from the order.
    pub hold_id: HoldId,
    /// Account.
    pub account_id: AccountId,
    /// Order.
    pub order_id: OrderId,
    /// Held amount; 0 when it was released before it was placed.
    pub amount: Paisa,
    /// State.
    pub state: HoldState,
}

/// The one hold that an order can have.
pub fn hold_id(order_id: OrderId) -> HoldId {
    HoldId::derive(&["hold", &order_id.to_string()])
}
