//! Double entry: what moves between ledger accounts, debit positive, credit negative, every entry zero in sum.

use chrono::{DateTime, Utc};
use khaacho_ids::{AccountId, EntryId, OrderId, PaymentId, VendorId};
use khaacho_money::{Overflow, Paisa};
use serde::{Deserialize, Serialize};

use super::Method;

/// What an entry records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum EntryKind {
    /// A delivered order became a debt.
    Delivery,
    /// Money came in.
    Payment,
}

impl EntryKind {
    /// Text form as stored and as the contract shows it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Delivery => "delivery",
            Self::Payment => "payment",
        }
    }
}

/// One line of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// `receivable:acc_…`, `payable:ven_…`, `revenue`, `vat_payable`, `cash`, `bank`, `mobile_money`, `cheques`.
    pub ledger_account: String,
    /// Debit positive, credit negative, never zero.
    pub amount: Paisa,
}

/// A new entry. Its lines sum to zero; there are at least two of them and none is zero.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Derived from what it records, so that it is written once.
    pub entry_id: EntryId,
    /// What it records.
    pub kind: EntryKind,
    /// Shop whose debt it moves.
    pub account_id: AccountId,
    /// Order, if one caused it.
    pub order_id: Option<OrderId>,
    /// Payment, if one caused it.
    pub payment_id: Option<PaymentId>,
    /// When it counts.
    pub effective_at: DateTime<Utc>,
    /// Its lines.
    pub lines: Vec<Line>,
}

/// What a delivered order is worth to whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeliveryAmounts {
    /// What the shop owes.
    pub amount: Paisa,
    /// VAT inside it.
    pub vat: Paisa,
    /// What the vendor gets, without VAT. The rest is ours and may be negative.
    pub vendor: Paisa,
}

/// The shop's receivable in the ledger.
pub fn receivable(account_id: AccountId) -> String {
    format!("receivable:{account_id}")
}

/// The ledger account that money of this kind arrives in.
pub const fn till(method: Method) -> &'static str {
    match method {
        Method::Cash => "cash",
        Method::BankTransfer => "bank",
        Method::MobileMoney => "mobile_money",
        Method::Cheque => "cheques",
    }
}

/// Lines of a delivery: the shop owes the amount; the vendor, the tax office and we share it.
pub fn delivery_lines(
    account_id: AccountId,
    vendor_id: VendorId,
    amounts: DeliveryAmounts,
) -> Result<Vec<Line>, Overflow> {
    let DeliveryAmounts { amount, vat, vendor } = amounts;
    let revenue = amount.checked_sub(vat)?.checked_sub(vendor)?;
    balanced([
        (receivable(account_id), amount),
        (format!("payable:{vendor_id}"), vendor.checked_neg()?),
        ("vat_payable".to_owned(), vat.checked_neg()?),
        ("revenue".to_owned(), revenue.checked_neg()?),
    ])
}

/// Lines of a payment: money in, debt down.
pub fn payment_lines(account_id: AccountId, method: Method, amount: Paisa) -> Result<Vec<Line>, Overflow> {
    balanced([
        (till(method).to_owned(), amount),
        (receivable(account_id), amount.checked_neg()?),
    ])
}

/// Leaves zero lines out.
fn balanced<const N: usize>(lines: [(String, Paisa); N]) -> Result<Vec<Line>, Overflow> {
    let lines: Vec<Line> = lines
        .into_iter()
        .filter(|(_, amount)| !amount.is_zero())
        .map(|(ledger_account, amount)| Line {
            ledger_account,
            amount,
        })
        .collect();
    assert!(
        Paisa::sum(lines.iter().map(|line| line.amount))?.is_zero(),
        "both callers credit what they debit"
    );
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn account() -> AccountId {
        AccountId::derive(&["a"])
    }

    fn vendor() -> VendorId {
        VendorId::derive(&["v"])
    }

    fn delivery(amount: i64, vat: i64, vendor_part: i64) -> Vec<(String, i64)> {
        let amounts = DeliveryAmounts {
            amount: Paisa::new(amount),
            vat: Paisa::new(vat),
            vendor: Paisa::new(vendor_part),
        };
        let lines = delivery_lines(account(), vendor(), amounts).expect("small amounts");
        lines
            .into_iter()
            .map(|line| (line.ledger_account, line.amount.paisa()))
            .collect()
    }

    #[test]
    fn a_delivery_splits_the_debt_between_vendor_tax_and_us() {
        let expected = [
            (receivable(account()), 113_00),
            (format!("payable:{}", vendor()), -90_00),
            ("vat_payable".to_owned(), -13_00),
            ("revenue".to_owned(), -10_00),
        ];
        assert_eq!(delivery(113_00, 13_00, 90_00), expected);
    }

    #[test]
    fn a_loss_is_a_debit_of_revenue_and_zero_lines_are_left_out() {
        let expected = [
            (receivable(account()), 100_00),
            (format!("payable:{}", vendor()), -110_00),
            ("revenue".to_owned(), 10_00),
        ];
        assert_eq!(delivery(100_00, 0, 110_00), expected);
        assert_eq!(delivery(100_00, 0, 100_00).len(), 2);
    }

    #[test]
    fn each_method_has_its_till() {
        let lines = payment_lines(account(), Method::Cheque, Paisa::new(5)).expect("small");
        assert_eq!(lines[0].ledger_account, "cheques");
        assert_eq!((lines[0].amount.paisa(), lines[1].amount.paisa()), (5, -5));
    }

    proptest! {
        #[test]
        fn posting_lines_always_sum_to_zero(
            amount in 1..=1_000_000_000_000_i64,
            vat in 0..=1_000_000_000_000_i64,
            part in 0..=1_000_000_000_000_i64,
        ) {
            let lines = delivery(amount, vat, part);
            prop_assert!(lines.len() >= 2);
            prop_assert!(lines.iter().all(|(_, amount)| *amount != 0));
            prop_assert_eq!(lines.iter().map(|(_, amount)| amount).sum::<i64>(), 0);
        }

        #[test]
        fn payment_lines_always_sum_to_zero(amount in 1..=1_000_000_000_000_i64) {
            let lines = payment_lines(account(), Method::Cash, Paisa::new(amount)).expect("small");
            prop_assert_eq!(lines.iter().map(|line| line.amount.paisa()).sum::<i64>(), 0);
        }
    }
}
