//! Every way in which this service says no.

use khaacho_money::{Overflow, Paisa};

/// Why nothing was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// No such account, or not the caller's.
    AccountUnknown,
    /// The code or a phone belongs to another account.
    AccountExists {
        /// Field of the request that is taken: `code` or `phones`.
        field: &'static str,
    },
    /// A phone acts for as many accounts as it may.
    PhoneFull,
    /// The account may not order.
    AccountBlocked {
        /// Why.
        reason: String,
    },
    /// The order costs more than is available.
    CreditShort {
        /// What the order costs.
        amount: Paisa,
        /// What it may cost; may be negative.
        available: Paisa,
        /// Limit of the account.
        limit: Paisa,
    },
    /// No such hold, or not of this account.
    HoldUnknown,
    /// The hold was released before.
    HoldReleased,
    /// The hold was posted before.
    HoldPosted,
    /// The amounts of a posting do not fit together.
    BadAmounts(Wrong),
    /// The reference was recorded before for this method.
    PaymentReferenceUsed,
    /// A reason is mandatory.
    ReasonMissing,
    /// The order has a hold or a posting with other content.
    OtherContent,
    /// A date lies in the future.
    InFuture {
        /// Field of the request.
        field: &'static str,
    },
}

/// What is wrong about the amounts of a posting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    /// More than was held.
    AboveHold {
        /// What was held.
        held: Paisa,
    },
    /// The VAT is more than the whole.
    VatAboveAmount,
    /// Beyond 64 bits.
    TooLarge,
}

impl From<Overflow> for Refusal {
    fn from(_: Overflow) -> Self {
        Self::BadAmounts(Wrong::TooLarge)
    }
}

/// A reason that a person gave, trimmed; empty ones are refused.
pub fn given(reason: &str) -> Result<&str, Refusal> {
    match reason.trim() {
        "" => Err(Refusal::ReasonMissing),
        reason => Ok(reason),
    }
}
