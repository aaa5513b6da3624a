//! Money that a shop paid.

use chrono::{DateTime, Utc};
use khaacho_ids::{AccountId, EntryId, PaymentId};
use khaacho_money::Paisa;
use serde::{Deserialize, Serialize};

/// How it was paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Method {
    /// Cash; the only one that needs no reference.
    Cash,
    /// Bank transfer.
    BankTransfer,
    /// eSewa, Khalti and the like.
    MobileMoney,
    /// Cheque.
    Cheque,
}

impl Method {
    /// All methods.
    pub const ALL: [Self; 4] = [Self::Cash, Self::BankTransfer, Self::MobileMoney, Self::Cheque];

    /// Name in the contract, without the enum's prefix; also the stored form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cash => "CASH",
            Self::BankTransfer => "BANK_TRANSFER",
            Self::MobileMoney => "MOBILE_MONEY",
            Self::Cheque => "CHEQUE",
        }
    }

    /// The method with this name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.as_str() == text)
    }

    /// For sentences.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Cash => "cash",
            Self::BankTransfer => "bank transfer",
            Self::MobileMoney => "mobile money",
            Self::Cheque => "cheque",
        }
    }
}

/// Part of a payment that paid an invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allocated {
    /// Invoice number.
    pub invoice_number: String,
    /// Amount.
    pub amount: Paisa,
}

/// A recorded payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// Id.
    pub payment_id: PaymentId,
    /// Account.
    pub account_id: AccountId,
    /// Amount.
    pub amount: Paisa,
    /// Method.
    pub method: Method,
    /// Reference of the bank, wallet or cheque; may be empty for cash.
    pub reference: String,
    /// When the money was received.
    pub received_at: DateTime<Utc>,
    /// Its journal entry.
    pub entry_id: EntryId,
    /// Who recorded it.
    pub recorded_by: String,
    /// What it paid so far, in the order in which it did.
    pub allocations: Vec<Allocated>,
}
